using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Platform.Http;

internal sealed record RespondsAsyncMetadata;

internal sealed record WaitsMetadata;

/// <summary>What a client would like, in the header <c>Prefer</c> (RFC 7240). A preference that is not known is ignored, as the standard wants it.</summary>
public static class Preferences
{
    /// <summary>The request header.</summary>
    public const string Header = "Prefer";

    /// <summary>The response header that names the preferences which were followed.</summary>
    public const string Applied = "Preference-Applied";

    /// <summary>The longest that a request waits, in seconds: shorter than proxies usually do.</summary>
    public const int LongestWait = 30;

    private const string RespondAsyncToken = "respond-async";
    private const string WaitToken = "wait";

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

    /// <summary>Describes that the operation answers <c>Prefer: wait</c> when the outcome of what it has begun is known. The endpoint asks <see cref="Wait"/>.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder MayWait(this RouteHandlerBuilder builder) => builder.WithMetadata(new WaitsMetadata());

    /// <summary>
    /// How long the client is ready to wait for the outcome (RFC 7240, section 4.3). The answer then says for how long was waited at most; one that is longer than
    /// <see cref="LongestWait"/> is shortened to it. What is no number of seconds is ignored, as any preference that is not understood.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <returns>0 to <see cref="LongestWait"/> seconds; null when the client does not ask for it.</returns>
    public static TimeSpan? Wait(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (Value(http, WaitToken) is not { } value
            || !long.TryParse(value.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
        {
            return null;
        }

        var seconds = (int)Math.Min(asked, LongestWait);
        http.Response.OnStarting(static state =>
        {
            var (response, seconds) = ((HttpResponse, int))state;
            if (response.StatusCode < StatusCodes.Status300MultipleChoices)
            {
                response.Headers.Append(Applied, string.Create(CultureInfo.InvariantCulture, $"{WaitToken}={seconds}"));
            }

            return Task.CompletedTask;
        }, (http.Response, seconds));
        return TimeSpan.FromSeconds(seconds);
    }

    // The first of several counts (RFC 7240, section 2).
    private static string? Value(HttpContext http, string name)
    {
        foreach (var preference in http.Request.Headers.GetCommaSeparatedValues(Header))
        {
            var pair = preference.Split(';')[0].Split('=', 2);
            if (pair[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return pair.Length == 2 ? pair[1].Trim() : string.Empty;
            }
        }

        return null;
    }
}
