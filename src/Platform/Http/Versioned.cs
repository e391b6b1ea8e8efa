using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Platform.Http;

/// <summary>A view together with the number from which its entity tag is made.</summary>
/// <typeparam name="T">The view.</typeparam>
/// <param name="View">What is shown.</param>
/// <param name="Version">Rises with each change of what is shown.</param>
public sealed record Versioned<T>(T View, long Version)
{
    /// <summary>Answers a reading: the view with its entity tag, or 304 when the client has it already (RFC 9110, section 13.1.2).</summary>
    /// <param name="http">The request.</param>
    /// <returns>200 or 304.</returns>
    public IResult Answer(HttpContext http)
    {
        EntityTags.Write(http, Version);
        return EntityTags.ClientHas(http, Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(View);
    }

    /// <summary>Answers a change: the view with its new entity tag.</summary>
    /// <param name="http">The request.</param>
    /// <returns>200.</returns>
    public IResult Changed(HttpContext http)
    {
        EntityTags.Write(http, Version);
        return Results.Ok(View);
    }

    /// <summary>Answers a creation: the view with its entity tag and its address.</summary>
    /// <param name="http">The request.</param>
    /// <param name="address">The path of what was made.</param>
    /// <returns>201.</returns>
    public IResult Created(HttpContext http, string address)
    {
        EntityTags.Write(http, Version);
        return Results.Created(address, View);
    }
}
