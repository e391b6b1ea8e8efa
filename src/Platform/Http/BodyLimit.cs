using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ModularMonolith.Platform.Http;

/// <summary>Refuses a body that announces itself as too large (RFC 9110, 15.5.14) or as packed, before any of it is read.</summary>
internal static class BodyLimit
{
    /// <summary>Adds the check behind routing, which knows the operation's own limit.</summary>
    public static void Use(IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.Request.Headers.ContentEncoding is { Count: > 0 } coding && !coding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            // Nothing is unpacked, so that nothing small becomes large. RFC 9110, section 15.5.16: the answer says what is taken.
            http.Response.OnStarting(static response =>
            {
                ((HttpResponse)response).Headers.AcceptEncoding = "identity";
                return Task.CompletedTask;
            }, http.Response);
            throw new ProblemException(ProblemTypes.UnsupportedMediaType, "Send the body as it is, without a Content-Encoding.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false, MaxRequestBodySize: { } limit } size || !(http.Request.ContentLength > limit))
        {
            return next(http);
        }

        // Without a limit the server reads for some seconds past the answer what the client is still sending. Many clients look for an
        // answer only after they have sent everything, and would find the connection closed.
        size.MaxRequestBodySize = null;
        throw new ProblemException(ProblemTypes.ContentTooLarge, $"The body has {http.Request.ContentLength} bytes, and this operation accepts {limit}. Send less at once.");
    });
}
