using System.Net;
using System.Net.Http.Json;

namespace ModularMonolith.PaymentSimulator.Tests;

public sealed class WireFormatTests : IAsyncLifetime
{
    private const string Authorise = "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true&capture_method=manual&metadata[order]=17";
    private const string Several = "&payment_method_options[card][request_multicapture]=if_available";

    private Simulator _simulator = null!;

    public async Task InitializeAsync() => _simulator = await Simulator.StartAsync();

    public Task DisposeAsync() => _simulator.DisposeAsync().AsTask();

    [Fact]
    public async Task An_authorised_intent_is_captured_once_and_refunded_at_most_as_much_as_was_taken()
    {
        var intent = await _simulator.DoAsync("/v1/payment_intents", Authorise);
        var id = (string)intent["id"]!;
        Assert.Equal(("requires_capture", 2_000, 0), ((string)intent["status"]!, (int)intent["amount_capturable"]!, (int)intent["amount_received"]!));
        Assert.StartsWith("pi_", id, StringComparison.Ordinal);

        var captured = await _simulator.DoAsync($"/v1/payment_intents/{id}/capture", "amount_to_capture=1500");
        Assert.Equal(("succeeded", 0, 1_500), ((string)captured["status"]!, (int)captured["amount_capturable"]!, (int)captured["amount_received"]!));
        var again = await _simulator.RefusedAsync(400, $"/v1/payment_intents/{id}/capture", "amount_to_capture=500");
        Assert.Equal(("invalid_request_error", "payment_intent_unexpected_state", id), ((string)again["type"]!, (string)again["code"]!, (string)again["payment_intent"]!["id"]!));

        var refund = await _simulator.DoAsync("/v1/refunds", $"payment_intent={id}&amount=400");
        Assert.Equal(("succeeded", 400, (string)captured["latest_charge"]!), ((string)refund["status"]!, (int)refund["amount"]!, (string)refund["charge"]!));
        Assert.Equal("amount_too_large", (string)(await _simulator.RefusedAsync(400, "/v1/refunds", $"payment_intent={id}&amount=1101"))["code"]!);
        await _simulator.DoAsync("/v1/refunds", $"payment_intent={id}");
        Assert.Equal("charge_already_refunded", (string)(await _simulator.RefusedAsync(400, "/v1/refunds", $"payment_intent={id}"))["code"]!);
        Assert.Equal([1_100, 400], (await _simulator.GetAsync($"/v1/refunds?payment_intent={id}"))["data"]!.AsArray().Select(static item => (int)item!["amount"]!));

        var row = Assert.Single(await _simulator.LedgerAsync("order"))!;
        Assert.Equal(("17", 1, 1_500, 1_500), ((string)row["reference"]!, (int)row["captures"]!, (int)row["captured"]!, (int)row["refunded"]!));
    }

    [Fact]
    public async Task An_intent_that_asked_for_it_is_captured_parcel_by_parcel_and_the_rest_given_back()
    {
        var id = (string)(await _simulator.DoAsync("/v1/payment_intents", Authorise + Several))["id"]!;

        var first = await _simulator.DoAsync($"/v1/payment_intents/{id}/capture", "amount_to_capture=700&final_capture=false");
        Assert.Equal(("requires_capture", 1_300, 700), ((string)first["status"]!, (int)first["amount_capturable"]!, (int)first["amount_received"]!));
        Assert.Equal("amount_too_large", (string)(await _simulator.RefusedAsync(400, $"/v1/payment_intents/{id}/capture", "amount_to_capture=1301"))["code"]!);
        var last = await _simulator.DoAsync($"/v1/payment_intents/{id}/capture", "amount_to_capture=600");

        Assert.Equal(("succeeded", 0, 1_300), ((string)last["status"]!, (int)last["amount_capturable"]!, (int)last["amount_received"]!));
        var report = (await _simulator.GetAsync("/v1/balance_transactions?limit=100"))["data"]!.AsArray();
        Assert.Equal([600, 700], report.Select(static item => (int)item!["amount"]!));
        Assert.All(report, item => Assert.Equal((string)last["latest_charge"]!, (string)item!["source"]!));
    }

    [Fact]
    public async Task An_intent_is_found_by_what_its_metadata_says()
    {
        var id = (string)(await _simulator.DoAsync("/v1/payment_intents", Authorise))["id"]!;
        await _simulator.DoAsync("/v1/payment_intents", Authorise.Replace("=17", "=18", StringComparison.Ordinal));

        var found = await _simulator.GetAsync("/v1/payment_intents/search?query=" + Uri.EscapeDataString("metadata['order']:'17'"));

        Assert.Equal(("search_result", id), ((string)found["object"]!, (string)Assert.Single(found["data"]!.AsArray())!["id"]!));
        Assert.Empty((await _simulator.GetAsync("/v1/payment_intents/search?query=" + Uri.EscapeDataString("metadata['order']:'19'")))["data"]!.AsArray());
        using var refused = await _simulator.Http.GetAsync("/v1/payment_intents/search?query=amount%3E1");
        Assert.Equal((HttpStatusCode.BadRequest, "query"), (refused.StatusCode, (string)(await Simulator.ReadAsync(refused))["error"]!["param"]!));
    }

    [Fact]
    public async Task An_intent_that_did_not_ask_is_captured_once_only()
    {
        var id = (string)(await _simulator.DoAsync("/v1/payment_intents", Authorise))["id"]!;

        var error = await _simulator.RefusedAsync(400, $"/v1/payment_intents/{id}/capture", "amount_to_capture=700&final_capture=false");

        Assert.Equal("final_capture", (string)error["param"]!);
        Assert.Equal(0, (int)(await _simulator.GetAsync("/v1/payment_intents/" + id))["amount_received"]!);
    }

    [Theory]
    [InlineData(true, "succeeded", 400)]
    [InlineData(false, "failed", 0)]
    public async Task A_refund_is_on_its_way_until_its_end_is_said(bool succeeds, string status, int refunded)
    {
        var id = (string)(await _simulator.DoAsync("/v1/payment_intents", Authorise.Replace("pm_card_visa", "pm_card_pendingRefund", StringComparison.Ordinal)))["id"]!;
        await _simulator.DoAsync($"/v1/payment_intents/{id}/capture", string.Empty);
        var pending = await _simulator.DoAsync("/v1/refunds", $"payment_intent={id}&amount=400&metadata[reference]=17");
        Assert.Equal("pending", (string)pending["status"]!);
        Assert.NotNull((string?)pending["balance_transaction"]);

        using var ended = await _simulator.Http.PostAsJsonAsync("/_simulator/refunds", new { reference = "17", succeeds });

        Assert.Equal(1, await ended.Content.ReadFromJsonAsync<int>());
        Assert.Equal(status, (string)(await _simulator.GetAsync("/v1/refunds/" + pending["id"]))["status"]!);
        var report = (await _simulator.GetAsync("/v1/balance_transactions?limit=100"))["data"]!.AsArray();
        Assert.Equal(-refunded, report.Where(item => (string)item!["source"]! == (string)pending["id"]!).Sum(static item => (int)item!["amount"]!));
    }

    [Fact]
    public async Task A_cancelled_intent_is_never_captured()
    {
        var id = (string)(await _simulator.DoAsync("/v1/payment_intents", Authorise))["id"]!;

        var cancelled = await _simulator.DoAsync($"/v1/payment_intents/{id}/cancel", "cancellation_reason=abandoned");

        Assert.Equal(("canceled", 0, "abandoned"), ((string)cancelled["status"]!, (int)cancelled["amount_capturable"]!, (string)cancelled["cancellation_reason"]!));
        await _simulator.RefusedAsync(400, $"/v1/payment_intents/{id}/capture", string.Empty);
        await _simulator.RefusedAsync(400, $"/v1/payment_intents/{id}/cancel", string.Empty);
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", null)]
    public async Task A_card_that_does_not_pay_is_a_402_with_the_intent(string method, string code, string? declineCode)
    {
        var error = await _simulator.RefusedAsync(402, "/v1/payment_intents", $"amount=100&currency=eur&payment_method={method}&confirm=true");

        Assert.Equal(("card_error", code, declineCode), ((string)error["type"]!, (string)error["code"]!, (string?)error["decline_code"]));
        Assert.Equal("requires_payment_method", (string)error["payment_intent"]!["status"]!);
        var paid = await _simulator.DoAsync($"/v1/payment_intents/{error["payment_intent"]!["id"]}/confirm", "payment_method=pm_card_visa");
        Assert.Equal("succeeded", (string)paid["status"]!);
    }

    [Fact]
    public async Task A_card_that_wants_the_customer_waits_for_the_page()
    {
        const string Form = "amount=100&currency=eur&payment_method=pm_card_authenticationRequired&confirm=true&capture_method=manual";
        var intent = await _simulator.DoAsync("/v1/payment_intents", Form + "&return_url=https%3A%2F%2Fshop.example%2Fback");
        Assert.Equal("requires_action", (string)intent["status"]!);
        var page = (string)intent["next_action"]!["redirect_to_url"]!["url"]!;
        Assert.Contains("<form", await _simulator.Http.GetStringAsync(page), StringComparison.Ordinal);

        using var back = await _simulator.PostAsync(page, "outcome=succeed");

        Assert.Equal((HttpStatusCode.SeeOther, "https://shop.example/back?payment_intent=" + intent["id"]), (back.StatusCode, back.Headers.Location!.ToString()));
        Assert.Equal("requires_capture", (string)(await _simulator.GetAsync("/v1/payment_intents/" + intent["id"]))["status"]!);
        using var twice = await _simulator.PostAsync(page, "outcome=fail");
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);

        var refused = await _simulator.DoAsync("/v1/payment_intents", Form);
        using var no = await _simulator.PostAsync((string)refused["next_action"]!["redirect_to_url"]!["url"]!, "outcome=fail");
        Assert.Equal("payment_intent_authentication_failure", (string)(await _simulator.GetAsync("/v1/payment_intents/" + refused["id"]))["last_payment_error"]!["code"]!);
        Assert.Equal("authentication_required", (string)(await _simulator.RefusedAsync(402, "/v1/payment_intents", Form + "&off_session=true"))["code"]!);
    }

    [Fact]
    public async Task The_report_is_read_page_by_page_newest_first_with_the_fees()
    {
        for (var index = 1; index <= 5; index++)
        {
            await _simulator.DoAsync("/v1/payment_intents", $"amount={index * 1000}&currency=eur&payment_method=pm_card_visa&confirm=true");
        }

        var amounts = new List<int>();
        string? after = null;
        bool hasMore;
        do
        {
            var page = await _simulator.GetAsync("/v1/balance_transactions?limit=2&created[gte]=1" + (after is null ? string.Empty : "&starting_after=" + after));
            amounts.AddRange(page["data"]!.AsArray().Select(static item => (int)item!["amount"]!));
            after = (string)page["data"]!.AsArray()[^1]!["id"]!;
            hasMore = (bool)page["has_more"]!;
        }
        while (hasMore);

        Assert.Equal([5_000, 4_000, 3_000, 2_000, 1_000], amounts);
        var last = (await _simulator.GetAsync("/v1/balance_transactions?limit=1"))["data"]!.AsArray()[0]!;
        Assert.Equal((100, 4_900, "charge"), ((int)last["fee"]!, (int)last["net"]!, (string)last["type"]!));
        Assert.Empty((await _simulator.GetAsync("/v1/balance_transactions?created[lt]=1"))["data"]!.AsArray());
    }

    [Theory]
    [InlineData("currency=eur&confirm=false", "amount")]
    [InlineData("amount=0&currency=eur", "amount")]
    [InlineData("amount=100000000&currency=eur", "amount")]
    [InlineData("amount=1005&currency=kwd", "amount")]
    [InlineData("amount=ten&currency=eur", "amount")]
    [InlineData("amount=100", "currency")]
    [InlineData("amount=100&currency=euro", "currency")]
    [InlineData("amount=100&currency=eur&capture_method=later", "capture_method")]
    [InlineData("amount=100&currency=eur&payment_method=pm_nobody", "payment_method")]
    [InlineData("amount=100&currency=eur&colour=red", "colour")]
    public async Task Bad_parameters_are_refused_by_their_names(string form, string parameter)
    {
        var error = await _simulator.RefusedAsync(400, "/v1/payment_intents", form);

        Assert.Equal(("invalid_request_error", parameter), ((string)error["type"]!, (string)error["param"]!));
    }

    [Fact]
    public async Task Nobody_is_let_in_without_the_key()
    {
        _simulator.Http.DefaultRequestHeaders.Authorization = null;

        using var response = await _simulator.Http.GetAsync("/v1/payment_intents/pi_1");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_request_error", (string)(await Simulator.ReadAsync(response))["error"]!["type"]!);
    }

    [Fact]
    public async Task What_does_not_exist_is_404_and_every_answer_has_a_request_id()
    {
        using var response = await _simulator.Http.GetAsync("/v1/payment_intents/pi_1");

        Assert.Equal((HttpStatusCode.NotFound, "resource_missing"), (response.StatusCode, (string)(await Simulator.ReadAsync(response))["error"]!["code"]!));
        Assert.StartsWith("req_", response.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
        using var elsewhere = await _simulator.Http.GetAsync("/v1/customers");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5000")]
    [InlineData("http://*:5000")]
    [InlineData("http://127.0.0.1:0;http://192.0.2.1:80")]
    public void It_does_not_listen_where_others_reach_it(string addresses) => Assert.NotEmpty(SimulatorApplication.AddressesOutside(["--urls", addresses]));
}
