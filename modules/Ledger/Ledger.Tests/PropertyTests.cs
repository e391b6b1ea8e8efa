using ModularMonolith.Ledger.Accounts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ledger.Tests;

/// <summary>Random histories of many orders, told in any order between them and partly twice, against a model that adds up by itself.</summary>
public sealed class PropertyTests(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    private static readonly string[] Currencies = ["EUR", "JPY", "KWD"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_all_balances_are_the_sums_of_what_was_told(int seed)
    {
        var random = new Random(seed);
        var before = await BalancesAsync(null);
        var entries = (long)(await ledger.ScalarAsync("select count(*) from ledger_entry"))!;
        // Years apart, so that the times of one seed tell nothing of another's.
        var start = new DateTimeOffset(2000 + (seed * 2), 1, 1, 0, 0, 0, TimeSpan.Zero);
        var story = Enumerable.Range(0, 25).SelectMany(_ => OrderStory(random, start)).ToList();
        var told = story.Concat(story.Where(happened => happened.IsRepeatable && random.Next(4) == 0)).ToArray();
        random.Shuffle(told);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async part =>
        {
            foreach (var happened in told.Where((_, index) => index % 4 == part))
            {
                await ledger.Host.PublishAsync(happened.Event);
            }
        }));

        await Eventually.Async(() => ledger.ScalarAsync("select count(*) from ledger_entry"), count => (long)count! == entries + story.Count);
        Assert.Equal(Sum(story), Difference(before, await BalancesAsync(null)));
        var moment = start + TimeSpan.FromHours(random.Next(24 * 400));
        Assert.Equal(Sum(story.Where(happened => happened.At <= moment)), Difference(await BalancesAsync(start.AddSeconds(-1)), await BalancesAsync(moment)));
        await ledger.AssertSoundAsync();
        Assert.Equal(0L, await ledger.ScalarAsync("select count(*) from log_dead_letter"));
    }

    private async Task<Dictionary<(string Account, string Currency), long>> BalancesAsync(DateTimeOffset? asOf) =>
        (await ledger.Host.SendAsync(new ListLedgerAccounts(asOf))).Items.ToDictionary(static item => (item.Account, item.Debit.Currency), static item => item.Debit.Amount - item.Credit.Amount);

    private static SortedDictionary<(string Account, string Currency), long> Sum(IEnumerable<Happened> story)
    {
        var sums = new SortedDictionary<(string, string), long>();
        foreach (var (account, amount) in story.SelectMany(static happened => happened.Moves))
        {
            sums[(account, amount.Currency)] = sums.GetValueOrDefault((account, amount.Currency)) + amount.Amount;
        }

        return Without0(sums);
    }

    private static SortedDictionary<(string Account, string Currency), long> Difference(
        Dictionary<(string Account, string Currency), long> before, Dictionary<(string Account, string Currency), long> after)
    {
        var differences = new SortedDictionary<(string, string), long>();
        foreach (var (account, amount) in after)
        {
            differences[account] = amount - before.GetValueOrDefault(account);
        }

        return Without0(differences);
    }

    private static SortedDictionary<(string Account, string Currency), long> Without0(SortedDictionary<(string Account, string Currency), long> sums)
    {
        foreach (var account in sums.Where(static sum => sum.Value == 0).Select(static sum => sum.Key).ToList())
        {
            sums.Remove(account);
        }

        return sums;
    }

    private static IEnumerable<Happened> OrderStory(Random random, DateTimeOffset start)
    {
        var order = Guid.NewGuid();
        var currency = Currencies[random.Next(Currencies.Length)];
        var at = start + TimeSpan.FromMinutes(random.Next(60 * 24 * 300));
        if (random.Next(4) == 0)
        {
            yield return GiftCard(Later());
        }

        for (var parcel = random.Next(1, 4); parcel > 0; parcel--)
        {
            var (items, shipping, tax) = (Amount(1), Amount(0), Amount(0));
            var total = items + shipping + tax;
            yield return new Happened(
                new OrderInvoiced(order, Guid.NewGuid(), items, shipping, tax, total, Later()), at,
                [("customer", total), ("revenue", Less(items)), ("shipping-revenue", Less(shipping)), ("tax-payable", Less(tax))]);
            yield return random.Next(5) == 0
                ? new Happened(new OrderPaidManually(order, total, Later()), at, [("bank", total), ("customer", Less(total))], IsRepeatable: false)
                : Capture(order, total, Later(), random);
            if (random.Next(3) == 0)
            {
                yield return new Happened(
                    new OrderCredited(order, Guid.NewGuid(), items, Money.Zero(currency), tax, items + tax, Later()), at, [("revenue", items), ("tax-payable", tax), ("customer", Less(items + tax))]);
                yield return Refund(order, items + tax, Later(), random);
            }
        }

        DateTimeOffset Later() => at += TimeSpan.FromMinutes(random.Next(60 * 24 * 10));

        Money Amount(int least) => new(random.Next(least, 100_000), currency);

        Happened GiftCard(DateTimeOffset when)
        {
            var amount = Amount(1);
            return random.Next(2) == 0
                ? new Happened(new GiftCardIssued(Guid.NewGuid(), amount, "goodwill", when), when, [("gift-card-expense", amount), ("gift-card-liability", Less(amount))])
                : new Happened(new GiftCardEnded(Guid.NewGuid(), amount, "expired", when), when, [("gift-card-liability", amount), ("breakage", Less(amount))]);
        }
    }

    private static Happened Capture(Guid order, Money total, DateTimeOffset at, Random random)
    {
        var (parts, moves) = Split(total, random);
        return new Happened(new PaymentCaptured(Guid.NewGuid(), order.ToString(), Guid.NewGuid(), total, parts, at), at, [.. moves, ("customer", Less(total))]);
    }

    private static Happened Refund(Guid order, Money total, DateTimeOffset at, Random random)
    {
        var (parts, moves) = Split(total, random);
        return new Happened(
            new PaymentRefunded(Guid.NewGuid(), order.ToString(), Guid.NewGuid(), total, parts, at), at, [.. moves.Select(static move => (move.Account, Less(move.Amount))), ("customer", total)]);
    }

    private static (IReadOnlyList<TenderPart> Parts, IReadOnlyList<(string Account, Money Amount)> Moves) Split(Money total, Random random)
    {
        var shares = total.Allocate([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (long)random.Next(1, 9))]).Where(static share => share.Amount > 0).ToList();
        var parts = shares.Select((share, index) => index == 0 && shares.Count > 1
            ? new TenderPart("gift-card", "gift-card", Guid.NewGuid().ToString(), share)
            : new TenderPart("card", "test", "ch_" + Guid.NewGuid().ToString("N"), share)).ToList();
        return (parts, [.. parts.Select(static part => (part.Kind == "card" ? "provider:test" : "gift-card-liability", part.Amount))]);
    }

    private static Money Less(Money amount) => new(-amount.Amount, amount.Currency);

    /// <summary>Something that happens, and what it adds to the debits of accounts; credits are below zero.</summary>
    private sealed record Happened(IIntegrationEvent Event, DateTimeOffset At, IReadOnlyList<(string Account, Money Amount)> Moves, bool IsRepeatable = true);
}
