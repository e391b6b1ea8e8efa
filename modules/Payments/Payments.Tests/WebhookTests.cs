using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Payments.Stripe;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Payments.Tests;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "whsec_test";

    private readonly ScriptedProvider _provider = new();
    private volatile bool _isConfirmed;
    private ModuleHost _host = null!;

    public async Task InitializeAsync()
    {
        _provider.Answer = (operation, _) => Task.FromResult(operation.Kind switch
        {
            OperationKind.Authorise => new NeedsAction("pi_" + operation.PaymentId, "https://bank.example"),
            OperationKind.Check when !_isConfirmed => new IsUndecided(operation.Intent!),
            _ => Decisions.Succeed(operation),
        });
        _host = await _provider.StartAsync(("payments:Provider", "stripe"), ("payments:Stripe:SecretKey", "sk_test"), ("payments:Stripe:WebhookSecret", Secret));
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_webhook_has_the_provider_asked_at_once_whatever_it_says()
    {
        var id = await WaitingAsync();
        _isConfirmed = true;

        // It says that the payment failed, which was so a while ago.
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_1", "payment_intent.payment_failed", id)));

        await _host.ToldAsync<PaymentAuthorised>(id);
    }

    [Fact]
    public async Task A_success_that_the_provider_does_not_confirm_changes_nothing()
    {
        var id = await WaitingAsync();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_2", "payment_intent.succeeded", id)));

        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Check, id) == 1));
        Assert.Empty(await _host.AllToldAsync<PaymentAuthorised>(id));
        await _host.WaitForAsync(id, "actionRequired");
    }

    [Fact]
    public async Task An_event_that_comes_again_is_passed_over()
    {
        var id = await WaitingAsync();
        await SendAsync(Event("evt_3", "payment_intent.requires_action", id));
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Check, id) == 1));
        await Eventually.TrueAsync(async () => await AttemptsAsync() == 1);
        var next = await NextAttemptAsync();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_3", "payment_intent.requires_action", id)));
        Assert.Equal(next, await NextAttemptAsync());

        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_4", "payment_intent.requires_action", id)));
        await Eventually.TrueAsync(async () => await AttemptsAsync() == 2);

        async Task<int> AttemptsAsync() => (await _host.ShowAsync(id))!.Value.GetProperty("pending")[0].GetProperty("attempts").GetInt32();
        async Task<string?> NextAttemptAsync() => (await _host.ShowAsync(id))!.Value.GetProperty("pending")[0].GetProperty("nextAttemptAt").GetString();
    }

    [Fact]
    public async Task Events_about_others_are_received_and_passed_over()
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync("""{"id":"evt_5","type":"payout.paid","data":{"object":{"id":"po_1","object":"payout"}}}"""));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_6", "payment_intent.succeeded", Guid.CreateVersion7())));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("another secret")]
    [InlineData("another body")]
    [InlineData("too old")]
    [InlineData("too new")]
    [InlineData("without time")]
    [InlineData("another version")]
    [InlineData("time changed")]
    [InlineData("cut short")]
    public async Task What_is_not_signed_as_it_must_be_is_refused(string attack)
    {
        var id = await WaitingAsync();
        _isConfirmed = true;
        var body = Event("evt_7", "payment_intent.succeeded", id);
        var now = _host.Time.GetUtcNow().ToUnixTimeSeconds();
        var good = Signature(Secret, now, body);
        var header = attack switch
        {
            "missing" => null,
            "empty" => string.Empty,
            "another secret" => Header(now, Signature("whsec_other", now, body)),
            "another body" => Header(now, Signature(Secret, now, body.Replace("evt_7", "evt_8", StringComparison.Ordinal))),
            "too old" => Header(now - 310, Signature(Secret, now - 310, body)),
            "too new" => Header(now + 310, Signature(Secret, now + 310, body)),
            "without time" => "v1=" + good,
            "another version" => $"t={now},v0={good}",
            "time changed" => Header(now + 1, good),
            _ => Header(now, good[..^2]),
        };

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(body, header));

        Assert.Equal(0, _provider.CountOf(OperationKind.Check, id));
    }

    [Fact]
    public async Task One_of_several_signatures_is_enough_while_a_secret_is_replaced()
    {
        var body = Event("evt_9", "payment_intent.succeeded", Guid.CreateVersion7());
        var now = _host.Time.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(body, $"t={now},v1={Signature("whsec_old", now, body)},v1={Signature(Secret, now, body)},v0=00"));
    }

    [Fact]
    public async Task A_body_without_end_is_refused() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(new string('x', 300 * 1024)));

    [Fact]
    public void A_signature_counts_for_its_own_bytes_only()
    {
        var body = Encoding.UTF8.GetBytes("""{"id":"evt"}""");
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var header = Header(now.ToUnixTimeSeconds(), Signature(Secret, now.ToUnixTimeSeconds(), Encoding.UTF8.GetString(body)));
        Assert.True(StripeSignature.Verify(header, body, Secret, TimeSpan.FromMinutes(5), now));

        for (var index = 0; index < body.Length; index++)
        {
            body[index] ^= 1;
            Assert.False(StripeSignature.Verify(header, body, Secret, TimeSpan.FromMinutes(5), now));
            body[index] ^= 1;
        }
    }

    private async Task<Guid> WaitingAsync()
    {
        var id = await _host.RequestAsync(100, PaymentsHost.Visa);
        await _host.ToldAsync<PaymentActionRequired>(id);
        return id;
    }

    private Task<HttpStatusCode> SendAsync(string body)
    {
        var now = _host.Time.GetUtcNow().ToUnixTimeSeconds();
        return SendAsync(body, Header(now, Signature(Secret, now, body)));
    }

    private async Task<HttpStatusCode> SendAsync(string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/webhooks/stripe") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        }

        using var response = await _host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static string Event(string id, string type, Guid paymentId) => JsonSerializer.Serialize(new
    {
        id,
        type,
        data = new { @object = new { id = "pi_" + paymentId, @object = "payment_intent", status = "requires_payment_method", metadata = new { payment_id = paymentId, operation_id = Guid.Empty } } },
    });

    private static string Header(long time, string signature) => string.Create(CultureInfo.InvariantCulture, $"t={time},v1={signature}");

    private static string Signature(string secret, long time, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}.{body}"))));
}
