using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ledger.Entries;

/// <summary>An entry as the API shows it.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Kind">What happened: <c>order-invoiced</c>, <c>payment-captured</c> …</param>
/// <param name="Reference">What the money belongs to: an order's id, a gift card's, or a provider's account.</param>
/// <param name="Source">The invoice, credit, capture, refund, gift card, message or provider's movement that it books.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="BookedAt">When it was booked.</param>
/// <param name="Lines">Its lines; debits and credits are equal.</param>
internal sealed record EntryView(Guid Id, string Kind, string Reference, string Source, DateTimeOffset OccurredAt, DateTimeOffset BookedAt, IReadOnlyList<EntryLineView> Lines)
{
    private const string Columns = "entry.id, entry.kind, entry.reference, entry.source, entry.occurred_at, entry.booked_at, entry.currency";

    /// <summary>Reads entries with their lines.</summary>
    /// <param name="database">The database.</param>
    /// <param name="condition">What follows <c>from ledger_entry entry</c>, with a limit.</param>
    /// <param name="values">Its parameters.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<List<EntryView>> ReadAsync(LedgerDatabase database, string condition, object[] values, CancellationToken cancellationToken)
    {
        var entries = await database.QueryAsync(
            $"select {Columns} from ledger_entry entry {condition}",
            values,
            static row => (Id: row.GetGuid(0), Kind: row.GetString(1), Reference: row.GetString(2), Source: row.GetString(3), OccurredAt: row.GetFieldValue<DateTimeOffset>(4), BookedAt: row.GetFieldValue<DateTimeOffset>(5), Currency: row.GetString(6)),
            cancellationToken);
        if (entries.Count == 0)
        {
            return [];
        }

        var lines = (await database.QueryAsync(
            "select entry_id, account, currency, debit, credit, provider_reference from ledger_line where entry_id = any($1) order by entry_id, line",
            [entries.Select(static entry => entry.Id).ToArray()],
            static row => (Entry: row.GetGuid(0), Line: new EntryLineView(
                row.GetString(1), row.GetInt64(3) > 0 ? "debit" : "credit", new Money(Math.Max(row.GetInt64(3), row.GetInt64(4)), row.GetString(2)), row.IsDBNull(5) ? null : row.GetString(5))),
            cancellationToken)).ToLookup(static pair => pair.Entry, static pair => pair.Line);
        return [.. entries.Select(entry => new EntryView(entry.Id, entry.Kind, entry.Reference, entry.Source, entry.OccurredAt, entry.BookedAt, [.. lines[entry.Id]]))];
    }
}

/// <param name="Account">The account.</param>
/// <param name="Side"><c>debit</c> or <c>credit</c>.</param>
/// <param name="Amount">More than nothing.</param>
/// <param name="ProviderReference">Under which the provider's report lists it.</param>
internal sealed record EntryLineView(string Account, string Side, Money Amount, string? ProviderReference);
