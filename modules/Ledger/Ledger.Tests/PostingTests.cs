using ModularMonolith.Ledger.Entries;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using static ModularMonolith.Ledger.Tests.LedgerHost;

namespace ModularMonolith.Ledger.Tests;

/// <summary>Which accounts an event moves, held against the table in docs/modules/ledger.md.</summary>
public sealed class PostingTests
{
    private static readonly Guid Order = Guid.Parse("0199a4b0-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenderPart Card = new("card", "stripe", "ch_1", Eur(700));
    private static readonly TenderPart GiftCard = new("gift-card", "gift-card", "0199a4b0-0000-7000-8000-000000000009", Eur(300));

    private static readonly TenderPart Outside = new("outside", "outside", "transfer 7", Eur(700));

    private static readonly Dictionary<string, Entry?> Samples = new(StringComparer.Ordinal)
    {
        ["ordering.order-invoiced"] = Postings.Of(new OrderInvoiced(Order, Guid.NewGuid(), Eur(700), Eur(100), Eur(200), Eur(1_000), At)),
        ["ordering.order-credited"] = Postings.Of(new OrderCredited(Order, Guid.NewGuid(), Eur(700), Eur(100), Eur(200), Eur(1_000), At)),
        ["ordering.order-paid-manually"] = Postings.Of(new OrderPaidManually(Order, Eur(1_000), At), Guid.NewGuid()),
        ["ordering.order-refunded-manually"] = Postings.Of(new OrderRefundedManually(Order, Guid.NewGuid(), Eur(1_000), At)),
        ["payments.payment-captured"] = Postings.Of(new PaymentCaptured(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Eur(1_000), [GiftCard, Card], At)),
        ["payments.payment-refunded"] = Postings.Of(new PaymentRefunded(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Eur(1_000), [Card, GiftCard], At)),
        ["payments.refund-sent"] = Postings.Of(new RefundSent(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Card, At)),
        ["payments.payment-refunded (sent before)"] = Postings.Of(new PaymentRefunded(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Eur(700), [Card with { WasSent = true }], At)),
        ["payments.refund-returned"] = Postings.Of(new RefundReturned(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Card, At)),
        ["payments.refund-returned (sent before)"] = Postings.Of(new RefundReturned(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Card with { WasSent = true }, At)),
        ["payments.surplus-taken"] = Postings.Of(new SurplusTaken(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Card, At)),
        ["payments.surplus-returned"] = Postings.Of(new SurplusReturned(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Card, At)),
        ["payments.payment-refunded (outside)"] = Postings.Of(new PaymentRefunded(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Eur(700), [Outside], At)),
        ["payments.surplus-returned (outside)"] = Postings.Of(new SurplusReturned(Guid.NewGuid(), Order.ToString(), Guid.NewGuid(), Outside, At)),
        ["payments.gift-card-issued (sold)"] = Postings.Of(new GiftCardIssued(Order, Eur(1_000), "sold", At)),
        ["payments.gift-card-issued (goodwill)"] = Postings.Of(new GiftCardIssued(Order, Eur(1_000), "goodwill", At)),
        ["payments.gift-card-issued (refund)"] = Postings.Of(new GiftCardIssued(Order, Eur(1_000), "refund", At)),
        ["payments.gift-card-ended"] = Postings.Of(new GiftCardEnded(Order, Eur(1_000), "expired", At)),
        ["a provider's fee"] = Postings.FeeOf("stripe", new ProviderTransaction("txn_1", "ch_1", "capture", Eur(1_000), Eur(40), At), null),
        ["a provider's payout"] = Postings.PayoutOf("stripe", new ProviderTransaction("txn_2", "po_1", "payout", Eur(-1_000), Eur(0), At)),
    };

    [Fact]
    public void Every_event_moves_the_accounts_of_the_table()
    {
        var documented = File.ReadLines(Path.Combine(Repository(), "docs", "modules", "ledger.md"))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length == 5 && Samples.ContainsKey(cells[1].Replace("`", string.Empty, StringComparison.Ordinal)))
            .ToDictionary(static cells => cells[1].Replace("`", string.Empty, StringComparison.Ordinal), static cells => (Debit: Accounts(cells[2]), Credit: Accounts(cells[3])), StringComparer.Ordinal);

        Assert.Equal(Samples.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(Samples, sample =>
        {
            var lines = sample.Value!.Lines;
            Assert.Equal(documented[sample.Key].Debit, lines.Where(static line => line.Debit > 0).Select(static line => Documented(line.Account)).Order(StringComparer.Ordinal));
            Assert.Equal(documented[sample.Key].Credit, lines.Where(static line => line.Credit > 0).Select(static line => Documented(line.Account)).Order(StringComparer.Ordinal));
            Assert.Equal(lines.Sum(static line => line.Debit), lines.Sum(static line => line.Credit));
        });
    }

    [Fact]
    public void Movements_of_a_provider_keep_its_reference_and_those_of_gift_cards_have_none()
    {
        var lines = Samples["payments.payment-captured"]!.Lines;

        Assert.Equal([("gift-card-liability", null), ("provider:stripe", "ch_1"), ("customer", null)], lines.Select(static line => (line.Account, line.ProviderReference)));
    }

    [Fact]
    public void What_moves_no_money_is_no_entry() => Assert.Null(Postings.Of(new GiftCardEnded(Order, Eur(0), "expired", At)));

    [Fact]
    public void What_is_below_zero_stands_on_the_other_side()
    {
        var entry = Postings.Of(new OrderInvoiced(Order, Guid.NewGuid(), Eur(-100), Eur(300), Eur(0), Eur(200), At))!;

        Assert.Equal([("customer", 200L, 0L), ("revenue", 100L, 0L), ("shipping-revenue", 0L, 300L)], entry.Lines.Select(static line => (line.Account, line.Debit, line.Credit)));
    }

    [Fact]
    public void What_does_not_add_up_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Postings.Of(new OrderInvoiced(Order, Guid.NewGuid(), Eur(700), Eur(100), Eur(200), Eur(1_001), At)));

    [Fact]
    public void Two_currencies_are_refused() =>
        Assert.Throws<InvalidOperationException>(() => Postings.Of(new OrderInvoiced(Order, Guid.NewGuid(), Eur(700), new Money(100, "USD"), Eur(200), Eur(1_000), At)));

    [Fact]
    public void A_reason_that_nobody_has_thought_of_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Postings.Of(new GiftCardIssued(Order, Eur(1), "lottery", At)));

    [Fact]
    public void The_id_follows_from_what_is_booked()
    {
        var id = Guid.NewGuid();

        Assert.Equal(Entry.IdOf("order-invoiced", id.ToString()), Entry.IdOf("order-invoiced", id.ToString()));
        Assert.NotEqual(Entry.IdOf("order-invoiced", id.ToString()), Entry.IdOf("order-credited", id.ToString()));
        Assert.Equal(8, Entry.IdOf("order-invoiced", id.ToString()).Version);
    }

    [Fact]
    public void An_order_is_the_same_order_however_its_id_is_written()
    {
        var entry = Postings.Of(new PaymentCaptured(Guid.NewGuid(), Order.ToString("N").ToUpperInvariant(), Guid.NewGuid(), Eur(700), [Card], At))!;

        Assert.Equal(Order.ToString(), entry.Reference);
    }

    private static string Documented(string account) => account.StartsWith("provider:", StringComparison.Ordinal) ? "provider:…" : account;

    private static IEnumerable<string> Accounts(string cell) => cell.Split(',', StringSplitOptions.TrimEntries).Select(static account => account.Trim('`')).Order(StringComparer.Ordinal);

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ModularMonolith.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
