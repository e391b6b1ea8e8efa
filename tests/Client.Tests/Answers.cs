using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ModularMonolith.Client.Tests;

/// <summary>Stands in place of the network: gives prepared answers, one after the other, and remembers what was sent.</summary>
internal sealed class Answers(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    public List<Sent> Requests { get; } = [];

    public static Func<HttpResponseMessage> Json(HttpStatusCode status, string body, string type = "application/json") => () =>
        new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };

    public static Func<HttpResponseMessage> Busy(HttpStatusCode status, RetryConditionHeaderValue? retryAfter) => () =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent("""{ "type": "/problems/busy", "title": "Busy." }""", Encoding.UTF8, "application/problem+json") };
        response.Headers.RetryAfter = retryAfter;
        return response;
    };

    public static Func<HttpResponseMessage> Lost() => static () => throw new HttpRequestException("The line was cut.");

    /// <summary>A client that repeats requests.</summary>
    public CommerceClient Repeating(TimeSpan? deadline = null) => new(new HttpClient(new RetryHandler { InnerHandler = this, Deadline = deadline ?? TimeSpan.FromSeconds(30) }) { BaseAddress = new Uri("http://shop.test") });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(new Sent(
            $"{request.Method} {request.RequestUri!.PathAndQuery}",
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            request.Headers.Authorization?.ToString(),
            request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken)));
        return answers[Math.Min(Requests.Count, answers.Length) - 1]();
    }
}

internal sealed record Sent(string Line, string? Key, string? Authorization, string? Body);
