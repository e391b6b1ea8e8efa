using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Platform.Http;

internal sealed record RespondsAsyncMetadata;

/// <summary>What a client would like, in the header <c>Prefer</c> (RFC 7240). A preference that is not known is ignored, as the standard wants it.</summary>
public static class Preferences
{
    /// <summary>The request header.</summary>
    public const string Header = "Prefer";

    /// <summary>The response header that names the preferences which were followed.</summary>
    public const string Applied = "Preference-Applied";

    private const string RespondAsyncToken = "respond-async";

    /// <summary>
    /// Describes that the operation answers <c>Prefer: respond-async</c> with 202 and the address of a resource that says how far it is. The endpoint asks <see cref="RespondAsync"/>.
    /// </summary>
    /// <typeparam name="T">The resource.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder MayRespondAsync<T>(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new RespondsAsyncMetadata()).Produces<T>(StatusCodes.Status202Accepted);

    /// <summary>Whether the client does not want to wait (RFC 7240, section 4.1). The answer then says that it was asked, and when to look again.</summary>
    /// <param name="http">The request.</param>
    /// <returns>True when the answer is to be 202.</returns>
    public static bool RespondAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!http.Request.Headers.GetCommaSeparatedValues(Header).Any(static preference => preference.Split(';')[0].Trim().Equals(RespondAsyncToken, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        // At the end, because a failure on the way takes all headers back.
        http.Response.OnStarting(static state =>
        {
            var response = ((HttpContext)state).Response;
            if (response.StatusCode == StatusCodes.Status202Accepted)
            {
                response.Headers[Applied] = RespondAsyncToken;
                response.Headers.RetryAfter = "1";
            }

            return Task.CompletedTask;
        }, http);
        return true;
    }
}
