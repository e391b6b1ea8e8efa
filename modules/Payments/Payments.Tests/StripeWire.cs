using System.Collections.Specialized;
using System.Net;
using System.Text;
using System.Web;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Stripe;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Tests;

/// <summary>Stripe's end of the wire: answers in order, and keeps what was asked.</summary>
internal sealed class StripeWire : HttpMessageHandler
{
    private readonly Queue<Func<HttpResponseMessage>> _answers = new();

    public List<(HttpRequestMessage Request, NameValueCollection Form)> Requests { get; } = [];

    public static ProviderOperation Operation(OperationKind kind, Money? amount = null) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), kind, 0, "pm_1", "order", amount ?? new Money(100, "EUR"), kind == OperationKind.Authorise ? null : "pi_1", true, DateTimeOffset.UtcNow, 0);

    public static string Header(HttpRequestMessage request, string name) => request.Headers.GetValues(name).Single();

    /// <summary>The adapter at the other end.</summary>
    public StripeProvider Provider()
    {
        var settings = new StripeSettings(new Uri("https://stripe.example"), "sk_test", null, TimeSpan.FromMinutes(5), "2024-06-20", null);
        return new StripeProvider(new StripeClient(new HttpClient(this), settings, NullLogger<StripeClient>.Instance), settings, TimeProvider.System);
    }

    public void Answers(int status, string body, bool isReplayed = false) => _answers.Enqueue(() =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (isReplayed)
        {
            response.Headers.Add("Idempotent-Replayed", "true");
        }

        return response;
    });

    public void Throws(Exception exception) => _answers.Enqueue(() => throw exception);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request, HttpUtility.ParseQueryString(request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken))));
        return _answers.Dequeue()();
    }
}
