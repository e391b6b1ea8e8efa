using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

public sealed class PaymentFlowTests(PaymentsHost payments) : IClassFixture<PaymentsHost>
{
    private ModuleHost Host => payments.Host;

    [Fact]
    public async Task A_card_is_authorised_captured_in_parts_and_refunded()
    {
        var id = await Host.AuthorisedAsync(1_000);
        var first = await Host.CaptureAsync(id, 300);
        await Host.ToldAsync<PaymentCaptured>(id);
        await Host.WaitForAsync(id, "partiallyCaptured");
        await Host.CaptureAsync(id, 700, isFinal: true);
        var captured = await Host.ToldAsync<PaymentCaptured>(id, 2);
        await Host.WaitForAsync(id, "captured");
        await Host.RefundAsync(id, 250);
        var refunded = await Host.ToldAsync<PaymentRefunded>(id);
        await Host.WaitForAsync(id, "partiallyRefunded");
        await Host.RefundAsync(id, 750);
        await Host.ToldAsync<PaymentRefunded>(id, 2);
        await Host.WaitForAsync(id, "refunded");

        Assert.Equal(first, (await Host.AllToldAsync<PaymentCaptured>(id))[0].CaptureId);
        Assert.Equal(("test", Eur(700)), (Assert.Single(captured.Parts).Provider, captured.Parts[0].Amount));
        Assert.Equal(Eur(250), Assert.Single(refunded.Parts).Amount);
        var report = (await Host.SendAsync(new GetProviderTransactions(Host.Time.GetUtcNow().AddHours(-1), Host.Time.GetUtcNow().AddHours(1)))).Transactions;
        Assert.Equal(700, Assert.Single(report, movement => movement.ProviderReference == captured.Parts[0].ProviderReference).Amount.Amount);
        Assert.Equal(-250, Assert.Single(report, movement => movement.ProviderReference == refunded.Parts[0].ProviderReference).Amount.Amount);
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "card-declined")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient-funds")]
    [InlineData("something else", "unknown-payment-method")]
    public async Task A_card_that_is_declined_declines_the_payment(string token, string code)
    {
        var id = await Host.RequestAsync(500, token);

        Assert.Equal(code, (await Host.ToldAsync<PaymentDeclined>(id)).Code);
        await Host.WaitForAsync(id, "declined");
        var capture = await Host.CaptureAsync(id, 500);
        Assert.Equal((capture, "not-authorised"), (await Host.ToldAsync<CaptureFailed>(id) is var failed ? failed.CaptureId : default, failed.Code));
    }

    [Fact]
    public async Task A_customer_confirms_a_payment_at_the_bank()
    {
        var id = await Host.RequestAsync(500, "pm_card_authenticationRequired");
        var required = await Host.ToldAsync<PaymentActionRequired>(id);
        await Host.WaitForAsync(id, "actionRequired");

        Assert.Contains("<form", await Host.Client.GetStringAsync(required.ActionUrl), StringComparison.Ordinal);
        (await Host.Client.PostAsync(required.ActionUrl + "/confirm", null)).EnsureSuccessStatusCode();

        await Host.ToldAsync<PaymentAuthorised>(id);
    }

    [Fact]
    public async Task A_customer_who_does_not_confirm_pays_nothing()
    {
        var id = await Host.RequestAsync(500, "pm_card_authenticationRequired");
        var required = await Host.ToldAsync<PaymentActionRequired>(id);

        (await Host.Client.PostAsync(required.ActionUrl + "/refuse", null)).EnsureSuccessStatusCode();

        Assert.Equal("authentication-failed", (await Host.ToldAsync<PaymentDeclined>(id)).Code);
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_nothing_is_done_twice()
    {
        var id = await Host.RequestAsync(500, "pm_card_timeoutAfterSuccess");

        await Host.ToldAsync<PaymentAuthorised>(id);

        Assert.Single((await Host.ShowAsync(id))!.Value.GetProperty("tenders")[0].GetProperty("providerReferences").EnumerateArray());
    }

    [Fact]
    public async Task What_is_told_twice_is_done_once()
    {
        var id = Guid.CreateVersion7();
        var request = new PaymentRequested(id, "order", Eur(900), [new PaymentTender("card", PaymentsHost.Visa)], Host.Time.GetUtcNow().AddHours(1));
        await Task.WhenAll(Host.PublishAsync(request), Host.PublishAsync(request), Host.PublishAsync(request));
        await Host.ToldAsync<PaymentAuthorised>(id);
        var capture = new CaptureRequested(id, Guid.CreateVersion7(), Eur(400), false);
        await Task.WhenAll(Host.PublishAsync(capture), Host.PublishAsync(capture));
        await Host.ToldAsync<PaymentCaptured>(id);
        var refund = new RefundRequested(id, Guid.CreateVersion7(), Eur(100), "Came back");
        await Task.WhenAll(Host.PublishAsync(refund), Host.PublishAsync(refund));
        await Host.ToldAsync<PaymentRefunded>(id);
        var last = await Host.CaptureAsync(id, 500, isFinal: true);
        await Eventually.Async(() => Host.AllToldAsync<PaymentCaptured>(id), told => told.Any(captured => captured.CaptureId == last));

        var shown = (await Host.ShowAsync(id))!.Value;
        Assert.Equal((900, 100), (shown.GetProperty("captured").GetProperty("amount").GetInt64(), shown.GetProperty("refunded").GetProperty("amount").GetInt64()));
        await Host.ToldAsync<PaymentAuthorised>(id);
        await Host.ToldAsync<PaymentCaptured>(id, 2);
        await Host.ToldAsync<PaymentRefunded>(id);
    }

    [Fact]
    public async Task More_than_what_is_there_is_neither_captured_nor_refunded()
    {
        var id = await Host.AuthorisedAsync(500);
        await Host.CaptureAsync(id, 501);
        Assert.Equal("exceeds-authorisation", (await Host.ToldAsync<CaptureFailed>(id)).Code);
        await Host.CaptureAsync(id, 200);
        await Host.ToldAsync<PaymentCaptured>(id);
        await Host.CaptureAsync(id, 301);
        Assert.Equal("exceeds-authorisation", (await Host.ToldAsync<CaptureFailed>(id, 2)).Code);
        await Host.RefundAsync(id, 201);
        Assert.Equal("exceeds-captured", (await Host.ToldAsync<RefundFailed>(id)).Code);
    }

    [Fact]
    public async Task A_final_capture_gives_the_rest_back()
    {
        var id = await Host.AuthorisedAsync(500);
        await Host.CaptureAsync(id, 200, isFinal: true);
        await Host.ToldAsync<PaymentCaptured>(id);
        await Host.CaptureAsync(id, 1);

        Assert.Equal("closed", (await Host.ToldAsync<CaptureFailed>(id)).Code);
        await Host.WaitForAsync(id, "captured");
        Assert.Empty((await Host.ShowAsync(id))!.Value.GetProperty("pending").EnumerateArray());
    }

    [Fact]
    public async Task A_card_that_can_be_captured_once_is_charged_anew_for_the_second_parcel()
    {
        var id = await Host.AuthorisedAsync(500, new PaymentTender("card", "pm_card_singleCapture"));
        await Host.CaptureAsync(id, 200);
        await Host.ToldAsync<PaymentCaptured>(id);
        await Host.CaptureAsync(id, 300, isFinal: true);
        await Host.ToldAsync<PaymentCaptured>(id, 2);
        await Host.RefundAsync(id, 500);
        var refunded = await Host.ToldAsync<PaymentRefunded>(id);

        Assert.Equal([Eur(200), Eur(300)], refunded.Parts.Select(static part => part.Amount));
        Assert.Equal(2, (await Host.ShowAsync(id))!.Value.GetProperty("tenders")[0].GetProperty("providerReferences").GetArrayLength());
    }

    [Fact]
    public async Task A_refused_capture_takes_nothing()
    {
        var id = await Host.AuthorisedAsync(500, new PaymentTender("card", "pm_card_captureFail"));
        await Host.CaptureAsync(id, 500, isFinal: true);

        Assert.Equal("capture-refused", (await Host.ToldAsync<CaptureFailed>(id)).Code);
        await Host.WaitForAsync(id, "authorised");
    }

    [Fact]
    public async Task A_void_gives_back_what_is_authorised()
    {
        var id = await Host.AuthorisedAsync(500);
        await Host.PublishAsync(new VoidRequested(id, "Cancelled"));

        await Host.ToldAsync<PaymentVoided>(id);
        await Host.WaitForAsync(id, "voided");
        await Host.CaptureAsync(id, 1);
        Assert.Equal("closed", (await Host.ToldAsync<CaptureFailed>(id)).Code);
    }

    [Fact]
    public async Task A_payment_that_waits_for_its_customer_can_be_voided()
    {
        var id = await Host.RequestAsync(500, "pm_card_authenticationRequired");
        var required = await Host.ToldAsync<PaymentActionRequired>(id);
        await Host.PublishAsync(new VoidRequested(id, "Cancelled"));
        await Host.ToldAsync<PaymentVoided>(id);

        await Host.Client.PostAsync(required.ActionUrl + "/confirm", null);

        await Host.WaitForAsync(id, "voided");
        Assert.Empty(await Host.AllToldAsync<PaymentAuthorised>(id));
    }

    [Fact]
    public async Task Requests_about_a_payment_that_does_not_exist_are_answered()
    {
        var id = Guid.CreateVersion7();
        await Host.CaptureAsync(id, 1);
        await Host.RefundAsync(id, 1);
        await Host.PublishAsync(new VoidRequested(id, "Cancelled"));

        Assert.Equal("unknown-payment", (await Host.ToldAsync<CaptureFailed>(id)).Code);
        Assert.Equal("unknown-payment", (await Host.ToldAsync<RefundFailed>(id)).Code);
        await Host.ToldAsync<PaymentVoided>(id);
    }

    [Fact]
    public async Task Lists_are_newest_first_by_status_and_each_payment_tells_what_has_happened()
    {
        var ids = new List<Guid>();
        for (var index = 0; index < 3; index++)
        {
            ids.Add(await Host.RequestAsync(500, "pm_card_chargeDeclined"));
            await Host.ToldAsync<PaymentDeclined>(ids[^1]);
        }

        var first = await Host.Client.GetFromJsonAsync<JsonElement>("/api/payments/payments?status=declined&limit=2");
        var second = await Host.Client.GetFromJsonAsync<JsonElement>("/api/payments/payments?status=declined&limit=2&cursor=" + Uri.EscapeDataString(first.GetProperty("next").GetString()!));
        var listed = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).ToList();

        Assert.Equal(listed.Select(static item => item.GetProperty("id").GetGuid()).OrderDescending(), listed.Select(static item => item.GetProperty("id").GetGuid()));
        Assert.Equal(ids.AsEnumerable().Reverse(), listed.Select(static item => item.GetProperty("id").GetGuid()).Where(ids.Contains));
        Assert.All(listed, static item => Assert.Equal("declined", item.GetProperty("status").GetString()));
        Assert.Equal(
            ["payment_opened", "operation_started", "tender_declined", "authorisation_refused"],
            (await Host.ShowAsync(ids[0]))!.Value.GetProperty("events").EnumerateArray().Select(static entry => entry.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await Host.Client.GetAsync("/api/payments/payments/" + Guid.CreateVersion7())).StatusCode);
    }
}
