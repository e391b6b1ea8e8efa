using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Payments.Stripe;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Tests;

/// <summary>The adapter against scripted answers; against a process that behaves like Stripe it is tested end to end.</summary>
public sealed class StripeProviderTests
{
    private readonly StripeWire _wire = new();
    private readonly StripeProvider _provider;

    public StripeProviderTests() => _provider = _wire.Provider();

    [Fact]
    public async Task An_authorisation_is_sent_as_Stripe_reads_it()
    {
        _wire.Answers(200, """{"id":"pi_1","status":"requires_capture","currency":"eur","latest_charge":{"id":"ch_1","payment_method_details":{"card":{"capture_before":1800000000,"multicapture":{"status":"available"}}}}}""");
        var operation = StripeWire.Operation(OperationKind.Authorise, new Money(1_234, "EUR"));

        var outcome = Assert.IsType<WasAuthorised>(await _provider.AuthoriseAsync(operation, default));

        Assert.Equal(new WasAuthorised("pi_1", DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), true), outcome);
        var (request, form) = _wire.Requests.Single();
        Assert.Equal(("POST", "https://stripe.example/v1/payment_intents"), (request.Method.Method, request.RequestUri!.ToString()));
        Assert.Equal(("Bearer sk_test", operation.Id.ToString(), "2024-06-20"), (request.Headers.Authorization!.ToString(), StripeWire.Header(request, "Idempotency-Key"), StripeWire.Header(request, "Stripe-Version")));
        Assert.Equal(
            ("1234", "eur", "pm_1", "manual", "true", "if_available", operation.PaymentId.ToString(), operation.Id.ToString()),
            (form["amount"], form["currency"], form["payment_method"], form["capture_method"], form["confirm"], form["payment_method_options[card][request_multicapture]"], form["metadata[payment_id]"],
                form["metadata[operation_id]"]));
    }

    [Theory]
    [InlineData(500, "JPY", "500")]
    [InlineData(500, "ISK", "50000")]
    [InlineData(500, "MGA", "5")]
    [InlineData(1_230, "KWD", "1230")]
    [InlineData(1_230, "EUR", "1230")]
    public async Task Amounts_are_counted_as_Stripe_counts_them(long amount, string currency, string sent)
    {
        _wire.Answers(200, """{"id":"pi_1","status":"requires_capture"}""");

        await _provider.AuthoriseAsync(StripeWire.Operation(OperationKind.Authorise, new Money(amount, currency)), default);

        Assert.Equal(sent, _wire.Requests.Single().Form["amount"]);
        Assert.Equal(new Money(amount, currency), StripeAmounts.Read(long.Parse(sent, System.Globalization.CultureInfo.InvariantCulture), currency));
    }

    [Theory]
    [InlineData(1_234, "KWD")]
    [InlineData(150, "MGA")]
    public async Task What_Stripe_cannot_move_is_refused_without_asking(long amount, string currency)
    {
        Assert.Equal("impossible-amount", Assert.IsType<WasRefused>(await _provider.AuthoriseAsync(StripeWire.Operation(OperationKind.Authorise, new Money(amount, currency)), default)).Code);

        Assert.Empty(_wire.Requests);
    }

    [Theory]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","payment_intent":{"id":"pi_1"}}}""", "WasRefused insufficient-funds pi_1")]
    [InlineData(402, """{"error":{"type":"card_error","code":"card_declined","decline_code":"stolen_card"}}""", "WasRefused card-declined ")]
    [InlineData(402, """{"error":{"type":"card_error","code":"expired_card"}}""", "WasRefused card-expired ")]
    [InlineData(400, """{"error":{"type":"invalid_request_error"}}""", "WasRefused provider-refused ")]
    [InlineData(400, """{"error":{"type":"idempotency_error"}}""", "WasRefused provider-refused ")]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", "WasNotDone")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","code":"rate_limit"}}""", "WasNotDone")]
    [InlineData(409, """{"error":{"type":"idempotency_error"}}""", "IsUnknown")]
    [InlineData(500, """{"error":{"type":"api_error"}}""", "IsUnknown")]
    [InlineData(502, "<html>Bad gateway</html>", "IsUnknown")]
    [InlineData(200, "<html>Sign in to the network</html>", "IsUnknown")]
    [InlineData(200, """{"id":"pi_1","status":"processing"}""", "IsUndecided")]
    [InlineData(200, """{"id":"pi_1","status":"requires_action","next_action":{"redirect_to_url":{"url":"https://bank.example"}}}""", "NeedsAction")]
    [InlineData(200, """{"id":"pi_1","status":"requires_action"}""", "WasRefused authentication-required pi_1")]
    [InlineData(200, """{"id":"pi_1","status":"requires_payment_method","last_payment_error":{"code":"card_declined"}}""", "WasRefused card-declined pi_1")]
    public async Task Every_answer_is_told_apart_by_what_it_means_for_the_money(int status, string body, string expected)
    {
        _wire.Answers(status, body);

        var outcome = await _provider.AuthoriseAsync(StripeWire.Operation(OperationKind.Authorise), default);

        Assert.Equal(expected, outcome is WasRefused refused ? $"WasRefused {refused.Code} {refused.Intent}" : outcome.GetType().Name);
    }

    [Fact]
    public async Task What_could_not_be_sent_was_not_done_and_what_was_cut_off_nobody_knows()
    {
        _wire.Throws(new HttpRequestException(HttpRequestError.ConnectionError));
        Assert.IsType<WasNotDone>(await _provider.CaptureAsync(StripeWire.Operation(OperationKind.Capture), default));
        _wire.Throws(new HttpRequestException(HttpRequestError.ResponseEnded));
        Assert.IsType<IsUnknown>(await _provider.CaptureAsync(StripeWire.Operation(OperationKind.Capture), default));
    }

    [Fact]
    public async Task A_capture_says_whether_more_will_follow_and_answers_the_charge()
    {
        _wire.Answers(200, """{"id":"pi_1","status":"requires_capture","latest_charge":{"id":"ch_1"}}""");
        _wire.Answers(200, """{"id":"pi_1","status":"succeeded","latest_charge":"ch_1"}""");

        Assert.Equal(new WasCaptured("pi_1", "ch_1"), await _provider.CaptureAsync(StripeWire.Operation(OperationKind.Capture) with { IsFinal = false }, default));
        Assert.Equal(new WasCaptured("pi_1", "ch_1"), await _provider.CaptureAsync(StripeWire.Operation(OperationKind.Capture), default));

        Assert.Equal(("false", "100"), (_wire.Requests[0].Form["final_capture"], _wire.Requests[0].Form["amount_to_capture"]));
        Assert.Null(_wire.Requests[1].Form["final_capture"]);
        Assert.Equal("/v1/payment_intents/pi_1/capture", _wire.Requests[0].Request.RequestUri!.AbsolutePath);
    }

    [Theory]
    [InlineData("succeeded", 100, "WasCaptured")]
    [InlineData("succeeded", 99, "WasRefused")]
    [InlineData("canceled", 0, "WasRefused")]
    public async Task A_capture_that_meets_an_unexpected_state_is_looked_up(string status, long received, string expected)
    {
        _wire.Answers(400, """{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state"}}""");
        _wire.Answers(200, $$"""{"id":"pi_1","status":"{{status}}","amount_received":{{received}},"latest_charge":"ch_1"}""");

        Assert.Equal(expected, (await _provider.CaptureAsync(StripeWire.Operation(OperationKind.Capture), default)).GetType().Name);
    }

    [Fact]
    public async Task What_was_taken_although_it_is_not_wanted_is_told_with_its_amount()
    {
        _wire.Answers(400, """{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state","payment_intent":{"id":"pi_1","status":"succeeded","amount_received":300,"latest_charge":"ch_1"}}}""");

        // 100 of it were captured on purpose.
        Assert.Equal(new WasTaken("ch_1", 200), await _provider.CancelAsync(StripeWire.Operation(OperationKind.Cancel), default));

        Assert.Single(_wire.Requests);
    }

    [Fact]
    public async Task What_was_captured_on_purpose_is_no_surplus()
    {
        _wire.Answers(400, """{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state","payment_intent":{"id":"pi_1","status":"succeeded","amount_received":100}}}""");

        Assert.IsType<WasCancelled>(await _provider.CancelAsync(StripeWire.Operation(OperationKind.Cancel), default));
    }

    [Fact]
    public async Task A_refund_is_refused_when_the_bank_does_not_take_it()
    {
        _wire.Answers(200, """{"id":"re_2","status":"failed"}""");

        Assert.IsType<WasRefused>(await _provider.RefundAsync(StripeWire.Operation(OperationKind.Refund), default));
    }

    [Theory]
    [InlineData("""{"id":"re_1","status":"pending","balance_transaction":"txn_1"}""", true)]
    [InlineData("""{"id":"re_1","status":"pending","balance_transaction":{"id":"txn_1"}}""", true)]
    [InlineData("""{"id":"re_1","status":"pending","balance_transaction":null}""", false)]
    [InlineData("""{"id":"re_1","status":"requires_action"}""", false)]
    public async Task A_refund_that_is_pending_is_not_done(string body, bool hasLeft)
    {
        _wire.Answers(200, body);

        Assert.Equal(new IsOnItsWay("re_1", hasLeft), await _provider.RefundAsync(StripeWire.Operation(OperationKind.Refund), default));
    }

    [Theory]
    [InlineData(200, """{"id":"re_1","status":"pending"}""", "IsUndecided")]
    [InlineData(200, """{"id":"re_1","status":"succeeded"}""", "WasRefunded")]
    [InlineData(200, """{"id":"re_1","status":"failed"}""", "WasRefused")]
    [InlineData(200, """{"id":"re_1","status":"canceled"}""", "WasRefused")]
    [InlineData(404, """{"error":{"type":"invalid_request_error","code":"resource_missing"}}""", "IsUnknown")]
    [InlineData(500, "{}", "IsUnknown")]
    [InlineData(429, "{}", "WasNotDone")]
    public async Task What_becomes_of_a_pending_refund_is_asked(int status, string body, string expected)
    {
        _wire.Answers(status, body);

        Assert.Equal(expected, (await _provider.RetrieveRefundAsync(StripeWire.Operation(OperationKind.Check) with { Refund = "re_1" }, default)).GetType().Name);
        Assert.Equal("/v1/refunds/re_1", _wire.Requests.Single().Request.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task The_report_comes_page_by_page()
    {
        _wire.Answers(200, """
            {"data":[{"id":"txn_1","type":"charge","source":"ch_1","amount":1000,"fee":40,"currency":"eur","created":1700000000},
                     {"id":"txn_2","type":"refund","source":"re_1","amount":-300,"fee":0,"currency":"eur","created":1700000001}],"has_more":true}
            """);

        var page = await _provider.ReportAsync(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), DateTimeOffset.FromUnixTimeSeconds(1_700_000_100), "txn_0", default);

        Assert.Equal(("stripe", "txn_2"), (page.Provider, page.Next));
        Assert.Equal([("ch_1", "capture", 1_000L, 40L), ("re_1", "refund", -300L, 0L)], page.Transactions.Select(static item => (item.ProviderReference, item.Kind, item.Amount.Amount, item.Fee.Amount)));
        Assert.Contains("created%5Bgte%5D=1700000000&created%5Blt%5D=1700000100&limit=100&starting_after=txn_0", _wire.Requests[0].Request.RequestUri!.Query, StringComparison.Ordinal);
    }
}
