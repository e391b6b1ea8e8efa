namespace ModularMonolith.Client;

/// <summary>How long an answer asks to wait.</summary>
internal static class Waiting
{
    /// <summary>Reads <c>Retry-After</c> (RFC 9110, section 10.2.3), in seconds or as a date.</summary>
    public static TimeSpan? Asked(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
