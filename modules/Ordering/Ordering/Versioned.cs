using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering;

/// <summary>A view together with the number from which its entity tag is made.</summary>
internal sealed record Versioned<T>(T View, long Version)
{
    /// <summary>The view with its ETag, or 304 when the client has it already.</summary>
    public IResult Answer(HttpContext http)
    {
        EntityTags.Write(http, Version);
        return EntityTags.ClientHas(http, Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(View);
    }
}
