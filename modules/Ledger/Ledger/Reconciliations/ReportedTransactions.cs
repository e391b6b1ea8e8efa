using System.Text.Json;
using Marten;
using ModularMonolith.Ledger.Entries;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ledger.Reconciliations;

/// <summary>What was compared.</summary>
/// <param name="Totals">Both sides in each currency, without what is undecided.</param>
/// <param name="Differences">The first 100 differences.</param>
/// <param name="DifferenceCount">All of them.</param>
/// <param name="DriftingCurrencies">The currencies with a difference.</param>
/// <param name="Undecided">Captures and refunds that moved too close to an end of the time.</param>
internal sealed record Comparison(IReadOnlyList<ReconciledTotal> Totals, IReadOnlyList<Difference> Differences, int DifferenceCount, IReadOnlyList<string> DriftingCurrencies, int Undecided);

/// <summary>The provider's report while a reconciliation reads it.</summary>
internal static class ReportedTransactions
{
    public const string Script = """
        create table if not exists reported_transaction (
            reconciliation_id uuid not null,
            id text not null,
            provider_reference text not null,
            kind text not null,
            currency text not null,
            amount bigint not null,
            created_at timestamptz not null,
            primary key (reconciliation_id, id)
        );
        """;

    private const int MostDifferences = 100;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // A capture or refund may consist of several movements, as one that is taken in parts does; so both sides are added up by its reference. One that moves within the slack of an end
    // of the time, on either side, may be in one of the two only because the clocks differ.
    private const string Compared = """
        with sides as (
            select provider_reference, currency, amount, created_at as at, 1 as reported, 0 as recorded
            from reported_transaction where reconciliation_id = $1 and kind <> 'payout'
            union all
            select provider_reference, currency, debit - credit, occurred_at, 0, 1
            from ledger_line
            where account = $2 and provider_reference is not null and occurred_at >= $3::timestamptz - $5::interval and occurred_at < $4::timestamptz + $5::interval
        ),
        pairs as (
            select provider_reference, currency,
                coalesce(sum(amount) filter (where recorded = 1), 0)::bigint as recorded, count(*) filter (where recorded = 1) as recorded_times,
                coalesce(sum(amount) filter (where reported = 1), 0)::bigint as reported, count(*) filter (where reported = 1) as reported_times,
                bool_or(at < $3 or at >= $4 or abs(extract(epoch from at - $3::timestamptz)) < extract(epoch from $5::interval) or abs(extract(epoch from at - $4::timestamptz)) < extract(epoch from $5::interval)) as undecided
            from sides
            where at >= $3::timestamptz - $5::interval and at < $4::timestamptz + $5::interval
            group by provider_reference, currency
        )
        """;

    private const string Totals = Compared + """
        select currency,
            coalesce(sum(recorded) filter (where not undecided), 0)::bigint, coalesce(sum(reported) filter (where not undecided), 0)::bigint,
            count(*) filter (where not undecided and (recorded <> reported or recorded_times = 0 or reported_times = 0)), count(*) filter (where undecided)
        from pairs group by currency order by currency limit 200
        """;

    private const string Different = Compared + """
        select provider_reference, currency, recorded, recorded_times, reported, reported_times
        from pairs where not undecided and (recorded <> reported or recorded_times = 0 or reported_times = 0)
        order by provider_reference, currency limit $6
        """;

    public static void Keep(IDocumentSession session, Guid reconciliationId, IReadOnlyList<ProviderTransaction> transactions) => session.QueueSqlCommand(
        """
        insert into reported_transaction (reconciliation_id, id, provider_reference, kind, currency, amount, created_at)
        select ?, id, reference, kind, currency, amount, at from jsonb_to_recordset(?::jsonb) as row(id text, reference text, kind text, currency text, amount bigint, at timestamptz)
        on conflict do nothing
        """,
        reconciliationId,
        JsonSerializer.Serialize(transactions.Select(static moved => new { moved.Id, Reference = moved.ProviderReference, moved.Kind, moved.Amount.Currency, moved.Amount.Amount, At = moved.CreatedAt }), Json));

    public static void Forget(IDocumentSession session, Guid reconciliationId) => session.QueueSqlCommand("delete from reported_transaction where reconciliation_id = ?", reconciliationId);

    /// <summary>The orders that movements belong to, as far as the ledger has booked them.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> OrdersAsync(LedgerDatabase database, IEnumerable<string> providerReferences, CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            "select distinct on (provider_reference) provider_reference, reference from ledger_line where provider_reference = any($1) order by provider_reference, occurred_at",
            [providerReferences.Distinct(StringComparer.Ordinal).ToArray()],
            static row => (Movement: row.GetString(0), Order: row.GetString(1)),
            cancellationToken)).ToDictionary(static pair => pair.Movement, static pair => pair.Order, StringComparer.Ordinal);

    public static async Task<Comparison> CompareAsync(LedgerDatabase database, Reconciliation reconciliation, TimeSpan slack, CancellationToken cancellationToken)
    {
        object[] values = [reconciliation.Id, Account.Provider(reconciliation.Provider!), reconciliation.From, reconciliation.To, slack];
        var totals = await database.QueryAsync(
            Totals, values,
            static row => (Total: new ReconciledTotal(new Money(row.GetInt64(1), row.GetString(0)), new Money(row.GetInt64(2), row.GetString(0))), Different: row.GetInt64(3), Undecided: row.GetInt64(4)),
            cancellationToken);
        var count = totals.Sum(static total => total.Different);
        var differences = count == 0 ? [] : await database.QueryAsync(
            Different, [.. values, MostDifferences],
            static row => DifferenceOf(row.GetString(0), row.GetString(1), (row.GetInt64(2), row.GetInt64(3)), (row.GetInt64(4), row.GetInt64(5))),
            cancellationToken);
        return new Comparison(
            [.. totals.Select(static total => total.Total)], differences, (int)count,
            [.. totals.Where(static total => total.Different > 0).Select(static total => total.Total.Recorded.Currency)], (int)totals.Sum(static total => total.Undecided));
    }

    private static Difference DifferenceOf(string reference, string currency, (long Amount, long Times) recorded, (long Amount, long Times) reported)
    {
        var kind = (recorded.Times, reported.Times) switch
        {
            (0, _) => DifferenceKind.MissingInLedger,
            (_, 0) => DifferenceKind.MissingAtProvider,
            _ when reported.Times > recorded.Times && Math.Abs(reported.Amount) > Math.Abs(recorded.Amount) => DifferenceKind.DuplicateAtProvider,
            _ => DifferenceKind.DifferentAmount,
        };
        return new Difference(
            kind, reference, recorded.Times == 0 ? null : new Money(recorded.Amount, currency), reported.Times == 0 ? null : new Money(reported.Amount, currency));
    }
}
