using System.Data;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;
using Npgsql;

namespace ModularMonolith.Ledger.Accounts;

/// <summary>Adds up all entries again and compares them with all that is kept of them.</summary>
internal sealed record VerifyLedger : IQuery<LedgerVerification>;

/// <param name="VerifiedAt">When.</param>
/// <param name="IsSound">Whether everything agrees.</param>
/// <param name="Entries">How many entries were added up.</param>
/// <param name="Lines">How many lines.</param>
/// <param name="Differences">What does not agree, at most 100 of each kind; empty when all is well.</param>
/// <param name="Unsettled">Customers who have owed, or have been owed, for longer than they should: at most 100, the longest first. Nothing is wrong with the ledger then; somebody has to look at the order.</param>
internal sealed record LedgerVerification(
    DateTimeOffset VerifiedAt, bool IsSound, long Entries, long Lines, IReadOnlyList<LedgerDifference> Differences, IReadOnlyList<UnsettledOrder> Unsettled);

/// <param name="Problem">What is wrong.</param>
/// <param name="Subject">The entry, the order and account, or the day and account.</param>
internal sealed record LedgerDifference(string Problem, string Subject);

/// <param name="Reference">The order, or the gift card.</param>
/// <param name="Balance">What the customer owes; negative when it is owed to the customer.</param>
/// <param name="Since">Since when.</param>
internal sealed record UnsettledOrder(string Reference, Money Balance, DateTimeOffset Since);

internal sealed class VerifyLedgerEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/verification", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new VerifyLedger(), cancellationToken)))
        .RequirePermission("ledger:read")
        .WithName("VerifyLedger")
        .WithSummary("Adds up all entries again and reports what does not balance, what does not agree with the kept sums, and which orders are not settled.")
        .Produces<LedgerVerification>();
}

internal sealed class VerifyLedgerHandler(LedgerDatabase database, LedgerSettings settings, TimeProvider time) : IRequestHandler<VerifyLedger, LedgerVerification>
{
    // All lines are read, which takes seconds for some tens of millions.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private const string Counts = "select (select count(*) from ledger_entry), (select count(*) from ledger_line)";

    private const string Entries = """
        select 'the entry does not balance, or lines are missing', entry.id::text
        from ledger_entry entry
        left join (
            select entry_id, count(*) lines, sum(debit) debit, sum(credit) credit, min(currency) first, max(currency) last from ledger_line group by entry_id
        ) sums on sums.entry_id = entry.id
        where sums.entry_id is null or sums.debit <> sums.credit or sums.lines <> entry.line_count or sums.first <> entry.currency or sums.last <> entry.currency
        limit 100
        """;

    private const string Balances = """
        select 'the balance of the order is not the sum of its lines', coalesce(balance.reference, sums.reference) || ' ' || coalesce(balance.account, sums.account) || ' ' || coalesce(balance.currency, sums.currency)
        from ledger_balance balance
        full join (select reference, account, currency, sum(debit) debit, sum(credit) credit from ledger_line group by 1, 2, 3) sums
            on sums.reference = balance.reference and sums.account = balance.account and sums.currency = balance.currency
        where balance.debit is distinct from sums.debit or balance.credit is distinct from sums.credit
        limit 100
        """;

    private const string Days = """
        select 'the sum of the day is not the sum of its lines', coalesce(days.day, sums.day)::text || ' ' || coalesce(days.account, sums.account) || ' ' || coalesce(days.currency, sums.currency)
        from (select account, currency, day, sum(debit) debit, sum(credit) credit from ledger_day group by 1, 2, 3) days
        full join (select account, currency, (occurred_at at time zone 'UTC')::date as day, sum(debit) debit, sum(credit) credit from ledger_line group by 1, 2, 3) sums
            on sums.account = days.account and sums.currency = days.currency and sums.day = days.day
        where days.debit is distinct from sums.debit or days.credit is distinct from sums.credit
        limit 100
        """;

    private const string Open = """
        select reference, currency, debit - credit, changed_at from ledger_balance
        where account = 'customer' and debit <> credit and changed_at < $1 order by changed_at limit 100
        """;

    public async Task<LedgerVerification> Handle(VerifyLedger request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // One snapshot for all: what is booked meanwhile must not look like a difference.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var counts = await ReadAsync(transaction, Counts, [], static row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken);
        var differences = new List<LedgerDifference>();
        foreach (var question in new[] { Entries, Balances, Days })
        {
            differences.AddRange(await ReadAsync(transaction, question, [], static row => new LedgerDifference(row.GetString(0), row.GetString(1)), cancellationToken));
        }

        var open = await ReadAsync(
            transaction, Open, [now - settings.Settlement],
            static row => new UnsettledOrder(row.GetString(0), new Money(row.GetInt64(2), row.GetString(1)), row.GetFieldValue<DateTimeOffset>(3)), cancellationToken);
        return new LedgerVerification(now, differences.Count == 0, counts[0].Item1, counts[0].Item2, differences, open);
    }

    private static Task<List<T>> ReadAsync<T>(NpgsqlTransaction transaction, string sql, object[] values, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken) =>
        LedgerDatabase.QueryAsync(transaction, Deadline, sql, values, map, cancellationToken);
}
