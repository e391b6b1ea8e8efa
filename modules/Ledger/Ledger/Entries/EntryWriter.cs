using System.Text.Json;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books entries in the current unit of work, all of them with one statement. What was booked before stays as it is.</summary>
internal sealed class EntryWriter(IModuleSession<ILedgerStore> session)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="entries">Null stands for something that moved no money.</param>
    public void Book(IEnumerable<Entry?> entries)
    {
        // An event may have been told twice within one batch.
        var booked = entries.OfType<Entry>().DistinctBy(static entry => (entry.Id, entry.Fingerprint)).ToList();
        if (booked.Count == 0)
        {
            return;
        }

        session.Documents.QueueSqlCommand(EntryTables.Book, JsonSerializer.Serialize(booked, Json));
        foreach (var entry in booked)
        {
            session.RecordChange("ledger_entry", entry.Id.ToString(), "inserted");
        }
    }
}
