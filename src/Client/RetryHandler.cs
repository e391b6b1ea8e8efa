using System.Net;

namespace ModularMonolith.Client;

/// <summary>
/// Sends a request again that was refused for the moment (429, 503) or lost on the way, if that cannot have a second effect: reads, PUT and DELETE, and whatever carries an
/// <c>Idempotency-Key</c>, which stays the same. It waits as long as <c>Retry-After</c> says, else longer each time and by chance, so that clients do not come back all at once.
/// </summary>
/// <param name="time">The clock; the system's when null.</param>
public sealed class RetryHandler(TimeProvider? time = null) : DelegatingHandler
{
    private const string Key = "Idempotency-Key";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>How often a request is sent at most, 1 or more.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>How long all attempts and pauses may take. When a pause would last longer, the refusal is the answer.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            Exception? lost = null;
            try
            {
                response = await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException exception)
            {
                lost = exception;
            }

            var isOver = attempt >= Attempts || !MayRepeat(request, isLost: response is null);
            var pause = Pause(response, attempt);
            if (isOver || (response is not null && !IsForTheMoment(response)) || _time.GetElapsedTime(began) + pause > Deadline)
            {
                return response ?? throw new HttpRequestException($"The request was lost on the way, {attempt} times.", lost);
            }

            response?.Dispose();
            await Task.Delay(pause, _time, cancellationToken);
        }
    }

    private static bool IsForTheMoment(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    // A change guarded by If-Match that was lost may have been made; sent again, it would be told that somebody else has made one.
    private static bool MayRepeat(HttpRequestMessage request, bool isLost) =>
        request.Content is null or ByteArrayContent
        && (request.Headers.Contains(Key)
            || request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
            || ((request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete) && !(isLost && request.Headers.IfMatch.Count > 0)));

    private TimeSpan Pause(HttpResponseMessage? response, int attempt) => response is not null && Waiting.Asked(response, _time) is { } asked
        ? asked
        : FirstPause * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble());
}
