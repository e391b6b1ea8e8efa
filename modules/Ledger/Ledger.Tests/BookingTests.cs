using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;
using Npgsql;
using static ModularMonolith.Ledger.Tests.LedgerHost;

namespace ModularMonolith.Ledger.Tests;

public sealed class BookingTests(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    private const string Lines = """
        insert into ledger_line (entry_id, line, account, reference, currency, debit, credit, occurred_at)
        select $1::uuid, n, case n when 1 then 'bank' else 'customer' end, 'x', 'EUR', case n when 1 then $2::bigint else 0 end, case n when 1 then 0 else 100 end, '2026-01-01Z' from generate_series(1, 2) n
        """;

    private DateTimeOffset Now => ledger.Host.Time.GetUtcNow();

    [Fact]
    public async Task An_order_that_is_paid_shipped_and_refunded_is_settled()
    {
        var order = Guid.NewGuid();
        await ledger.PublishAsync(
            new OrderInvoiced(order, Guid.NewGuid(), Eur(8_000), Eur(500), Eur(1_615), Eur(10_115), Now),
            new PaymentCaptured(Guid.NewGuid(), order.ToString(), Guid.NewGuid(), Eur(10_115), [new TenderPart("gift-card", "gift-card", "g", Eur(115)), new TenderPart("card", "test", "ch_" + order, Eur(10_000))], Now),
            new OrderCredited(order, Guid.NewGuid(), Eur(4_000), Eur(0), Eur(760), Eur(4_760), Now),
            new PaymentRefunded(Guid.NewGuid(), order.ToString(), Guid.NewGuid(), Eur(4_760), [new TenderPart("card", "test", "re_" + order, Eur(4_760))], Now));
        await ledger.BookedAsync(order.ToString(), 4);

        var balances = await ledger.GetAsync("orders/" + order);

        Assert.True(balances.GetProperty("isSettled").GetBoolean());
        Assert.Equal(
            [("customer", 0), ("gift-card-liability", -115), ("provider:test", 5_240), ("revenue", 4_000), ("shipping-revenue", 500), ("tax-payable", 855)],
            balances.GetProperty("accounts").EnumerateArray().Select(static account => (account.GetProperty("account").GetString()!, account.GetProperty("balance").GetProperty("amount").GetInt32())));
        await ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task What_is_told_twice_is_booked_once()
    {
        var order = Guid.NewGuid();
        var captured = new PaymentCaptured(Guid.NewGuid(), order.ToString(), Guid.NewGuid(), Eur(700), [new TenderPart("card", "test", "ch_" + order, Eur(700))], Now);
        // Of the same payment, so that it comes when the others have been handled.
        var last = captured with { CaptureId = Guid.NewGuid(), Amount = Eur(1), Parts = [new TenderPart("card", "test", "ch_" + order, Eur(1))] };
        var manual = Guid.NewGuid();
        await ledger.PublishAsync(new OrderPaidManually(manual, Eur(100), Now), new OrderPaidManually(manual, Eur(250), Now), captured, captured, captured, last);

        await ledger.BookedAsync(manual.ToString(), 2);
        await ledger.BookedAsync(order.ToString(), 2);
        Assert.Equal(701L, await ledger.ScalarAsync("select debit from ledger_balance where reference = $1 and account = 'provider:test'", order.ToString()));
        Assert.Equal(350L, await ledger.ScalarAsync("select debit from ledger_balance where reference = $1 and account = 'bank'", manual.ToString()));
    }

    [Fact]
    public async Task An_id_that_comes_back_with_another_amount_is_kept_for_an_operator_and_not_booked()
    {
        var (order, capture) = (Guid.NewGuid(), Guid.NewGuid());
        await ledger.PublishAsync(new PaymentCaptured(Guid.NewGuid(), order.ToString(), capture, Eur(700), [new TenderPart("card", "test", "ch_1" + order, Eur(700))], Now));
        await ledger.BookedAsync(order.ToString(), 1);

        await ledger.PublishAsync(new PaymentCaptured(Guid.NewGuid(), order.ToString(), capture, Eur(701), [new TenderPart("card", "test", "ch_1" + order, Eur(701))], Now));

        await Eventually.Async(
            async () => (string?)await ledger.ScalarAsync("select error from log_dead_letter where subscription = 'book-captures' order by position desc limit 1"),
            static error => error?.Contains("was booked before with other lines", StringComparison.Ordinal) == true);
        Assert.Equal(700L, await ledger.ScalarAsync("select debit from ledger_balance where reference = $1 and account = 'provider:test'", order.ToString()));
    }

    [Theory]
    [InlineData(101, "23514")]
    [InlineData(99, "23514")]
    public async Task The_database_refuses_an_entry_that_does_not_balance(int debit, string state)
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => BookByHandAsync(Guid.NewGuid(), debit));

        Assert.Equal(state, refused.SqlState);
    }

    [Fact]
    public async Task The_database_refuses_to_change_to_remove_and_to_lengthen_an_entry()
    {
        var id = Guid.NewGuid();
        await BookByHandAsync(id, 100);

        foreach (var change in new[]
        {
            "update ledger_line set debit = debit + 1 where entry_id = $1", "delete from ledger_line where entry_id = $1", "update ledger_entry set reference = 'y' where id = $1",
            "delete from ledger_entry where id = $1",
        })
        {
            Assert.Equal("23001", (await Assert.ThrowsAsync<PostgresException>(() => ledger.ScalarAsync(change, id))).SqlState);
        }

        Assert.Equal("23001", (await Assert.ThrowsAsync<PostgresException>(() => ledger.ScalarAsync("truncate ledger_line, ledger_entry"))).SqlState);
        var longer = Lines.Replace("$1::uuid, n,", "$1::uuid, n + 2,", StringComparison.Ordinal);
        Assert.Equal("23514", (await Assert.ThrowsAsync<PostgresException>(() => ledger.ScalarAsync(longer, id, 100))).SqlState);
    }

    [Fact]
    public async Task An_unbalanced_event_is_kept_for_an_operator()
    {
        await ledger.PublishAsync(new OrderInvoiced(Guid.NewGuid(), Guid.NewGuid(), Eur(7), Eur(1), Eur(2), Eur(11), Now));

        await Eventually.Async(
            async () => (string?)await ledger.ScalarAsync("select error from log_dead_letter where subscription = 'book-invoices' order by position desc limit 1"),
            static error => error?.Contains("does not add up", StringComparison.Ordinal) == true);
    }

    private async Task BookByHandAsync(Guid id, int debit) => await ledger.ScalarAsync(
        "with entry as (insert into ledger_entry (id, kind, reference, source, currency, line_count, fingerprint, occurred_at) values ($1, 'order-paid-manually', 'x', $1::text, 'EUR', 2, 'f', '2026-01-01Z')) " + Lines,
        id, debit);
}
