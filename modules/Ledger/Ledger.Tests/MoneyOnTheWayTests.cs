using ModularMonolith.Payments.Contracts;
using static ModularMonolith.Ledger.Tests.LedgerHost;

namespace ModularMonolith.Ledger.Tests;

/// <summary>Refunds that take their time, and money that is given back without anybody asking for it: the provider's report has it, so the ledger has it.</summary>
public sealed class MoneyOnTheWayTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly LedgerHost _ledger = new();

    public Task InitializeAsync() => _ledger.InitializeAsync();

    public Task DisposeAsync() => _ledger.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refund_that_takes_its_time_is_balanced_before_and_after_its_end(bool arrives)
    {
        var (order, refund) = (Guid.NewGuid(), Guid.NewGuid());
        var part = new TenderPart("card", "test", "re_" + refund, Eur(300));
        _ledger.Provider.Captured(await _ledger.PaidAsync(order, 1_000, Noon), 1_000, Noon);
        _ledger.Provider.Refunded(part.ProviderReference, 300, Noon.AddMinutes(1));
        var sent = new RefundSent(Guid.NewGuid(), order.ToString(), refund, part, Noon.AddMinutes(1));
        await _ledger.PublishAsync(sent, sent);
        await _ledger.BookedAsync(order.ToString(), 3);
        Assert.Equal("balanced", await ReconcileAsync());
        Assert.Equal((300, 0), (await BalanceAsync(order, "refunds-in-transit"), await BalanceAsync(order, "customer")));

        if (arrives)
        {
            await _ledger.PublishAsync(new PaymentRefunded(sent.PaymentId, order.ToString(), refund, Eur(300), [part with { WasSent = true }], Noon.AddDays(3)));
        }
        else
        {
            _ledger.Provider.Returned(part.ProviderReference, 300, Noon.AddDays(3));
            await _ledger.PublishAsync(new RefundReturned(sent.PaymentId, order.ToString(), refund, part with { WasSent = true }, Noon.AddDays(3)));
        }

        await _ledger.BookedAsync(order.ToString(), 4);
        Assert.Equal("balanced", await ReconcileAsync());
        Assert.Equal((0, arrives ? 300 : 0, arrives ? 700 : 1_000), (await BalanceAsync(order, "refunds-in-transit"), await BalanceAsync(order, "customer"), await BalanceAsync(order, "provider:test")));
        await _ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task A_refund_that_comes_back_after_it_had_arrived_is_owed_again()
    {
        var (order, refund) = (Guid.NewGuid(), Guid.NewGuid());
        var part = new TenderPart("card", "test", "re_" + refund, Eur(300));
        _ledger.Provider.Captured(await _ledger.PaidAsync(order, 1_000, Noon), 1_000, Noon);
        _ledger.Provider.Refunded(part.ProviderReference, 300, Noon.AddMinutes(1));
        _ledger.Provider.Returned(part.ProviderReference, 300, Noon.AddDays(3));
        await _ledger.PublishAsync(
            new PaymentRefunded(refund, order.ToString(), refund, Eur(300), [part], Noon.AddMinutes(1)), new RefundReturned(refund, order.ToString(), refund, part, Noon.AddDays(3)));
        await _ledger.BookedAsync(order.ToString(), 4);

        Assert.Equal("balanced", await ReconcileAsync());
        Assert.Equal((0, 1_000), (await BalanceAsync(order, "customer"), await BalanceAsync(order, "provider:test")));
    }

    [Fact]
    public async Task What_was_taken_without_a_capture_is_owed_until_it_is_given_back()
    {
        var (order, surplus) = (Guid.NewGuid(), Guid.NewGuid());
        _ledger.Provider.Captured("ch_" + surplus, 400, Noon, fee: 7);
        var taken = new SurplusTaken(Guid.NewGuid(), order.ToString(), surplus, new TenderPart("card", "test", "ch_" + surplus, Eur(400)), Noon);
        await _ledger.PublishAsync(taken, taken);
        await _ledger.BookedAsync(order.ToString(), 1);
        Assert.Equal("balanced", await ReconcileAsync());
        Assert.Equal((-400, 393), (await BalanceAsync(order, "customer"), await BalanceAsync(order, "provider:test")));

        _ledger.Provider.Refunded("re_" + surplus, 400, Noon.AddMinutes(1));
        await _ledger.PublishAsync(new SurplusReturned(taken.PaymentId, order.ToString(), surplus, new TenderPart("card", "test", "re_" + surplus, Eur(400)), Noon.AddMinutes(1)));
        await _ledger.BookedAsync(order.ToString(), 3);

        Assert.Equal("balanced", await ReconcileAsync());
        Assert.Equal(0, await BalanceAsync(order, "customer"));
        await _ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task What_the_staff_gave_back_outside_of_the_provider_is_no_difference_to_its_report()
    {
        var (order, first, second, refund) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var (given, outside) = (new TenderPart("card", "test", "re_" + first, Eur(400)), new TenderPart("outside", "outside", "transfer 7", Eur(400)));
        _ledger.Provider.Captured(await _ledger.PaidAsync(order, 1_000, Noon), 1_000, Noon);
        _ledger.Provider.Captured("ch_" + first, 400, Noon);
        _ledger.Provider.Refunded(given.ProviderReference, 400, Noon.AddMinutes(1));
        _ledger.Provider.Returned(given.ProviderReference, 400, Noon.AddDays(3));

        // A surplus is given back, comes back, and is transferred by the staff; so is a part of a refund that the card does not take.
        var settled = new SurplusReturned(Guid.NewGuid(), order.ToString(), second, outside, Noon.AddDays(4));
        var refunded = new PaymentRefunded(Guid.NewGuid(), order.ToString(), refund, Eur(300), [outside with { Amount = Eur(300) }], Noon.AddDays(4));
        await _ledger.PublishAsync(
            new SurplusTaken(settled.PaymentId, order.ToString(), first, new TenderPart("card", "test", "ch_" + first, Eur(400)), Noon),
            new SurplusReturned(settled.PaymentId, order.ToString(), first, given, Noon.AddMinutes(1)),
            new RefundReturned(settled.PaymentId, order.ToString(), first, given, Noon.AddDays(3)), settled, settled, refunded);
        await _ledger.BookedAsync(order.ToString(), 7);

        Assert.Equal("balanced", await ReconcileAsync());
        Assert.Equal((-700, 1_400, 300), (await BalanceAsync(order, "settled-outside"), await BalanceAsync(order, "provider:test"), await BalanceAsync(order, "customer")));
        await _ledger.AssertSoundAsync();
    }

    private async Task<string> ReconcileAsync() => (await _ledger.ReconcileAsync(Noon.AddDays(-1), Noon.AddDays(6))).GetProperty("status").GetString()!;

    private async Task<int> BalanceAsync(Guid order, string account) => (await _ledger.GetAsync("orders/" + order)).GetProperty("accounts").EnumerateArray()
        .Where(found => found.GetProperty("account").GetString() == account).Sum(static found => found.GetProperty("balance").GetProperty("amount").GetInt32());
}
