using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

/// <summary>Each on a host of its own, because the clock is set forward.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public async Task A_payment_whose_customer_never_confirms_expires()
    {
        await using var host = await PaymentsHost.StartAsync();
        var id = await host.RequestAsync(500, "pm_card_authenticationRequired");
        await host.ToldAsync<PaymentActionRequired>(id);

        host.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal("expired", (await host.ToldAsync<PaymentDeclined>(id)).Code);
        await Eventually.TrueAsync(async () => (await host.ShowAsync(id))!.Value.GetProperty("pending").GetArrayLength() == 0);
    }

    [Fact]
    public async Task An_authorised_payment_does_not_expire()
    {
        await using var host = await PaymentsHost.StartAsync();
        var authorised = await host.AuthorisedAsync(500);
        var waiting = await host.RequestAsync(500, "pm_card_authenticationRequired");
        await host.ToldAsync<PaymentActionRequired>(waiting);

        host.Time.Advance(TimeSpan.FromHours(2));

        await host.ToldAsync<PaymentDeclined>(waiting);
        Assert.Empty(await host.AllToldAsync<PaymentDeclined>(authorised));
        await host.CaptureAsync(authorised, 500);
        await host.ToldAsync<PaymentCaptured>(authorised);
    }

    [Fact]
    public async Task A_gift_card_ends_by_the_clock_when_no_payment_holds_it_and_a_refund_makes_it_good_again()
    {
        await using var host = await PaymentsHost.StartAsync();
        var (card, code) = await host.GiftCardAsync(500, host.Time.GetUtcNow().AddDays(1));
        var id = await host.AuthorisedAsync(200, new PaymentTender("gift-card", card.ToString()));

        host.Time.Advance(TimeSpan.FromDays(1.1));

        Assert.Null(await host.SendAsync(new FindGiftCard(code)));
        var late = await host.RequestAsync(100, new PaymentTender("gift-card", card.ToString()));
        Assert.Equal("gift-card-ended", (await host.ToldAsync<PaymentDeclined>(late)).Code);
        await host.CaptureAsync(id, 200, isFinal: true);
        await host.ToldAsync<PaymentCaptured>(id);
        host.Time.Advance(TimeSpan.FromHours(2));
        var ended = await Eventually.Async(() => host.PublishedAsync<GiftCardEnded>(), static told => told.Count > 0);
        Assert.Equal((Eur(300), "expired"), (Assert.Single(ended).Remaining, ended[0].Reason));

        await host.RefundAsync(id, 50);
        await host.ToldAsync<PaymentRefunded>(id);
        Assert.Equal(Eur(50), (await host.SendAsync(new FindGiftCard(code)))!.Available);
    }
}
