using System.Globalization;
using Npgsql;

namespace ModularMonolith.Platform.Audit;

/// <summary>What of the log is asked for; null where everything will do.</summary>
internal sealed record AuditFilter(string? Subject, string? Module, string? Operation, string? Resource, string? Type, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>The place of an entry in the list, the newest first.</summary>
internal sealed record AuditPlace(DateTimeOffset At, long Position);

/// <summary>Searches the sealed entries.</summary>
internal sealed class AuditReader(AuditDatabase database)
{
    /// <summary>The entries that meet a filter, the newest first. Each filter alone has an index in the list's order.</summary>
    public async Task<List<StoredEntry>> ListAsync(AuditFilter filter, AuditPlace? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand();
        var ordered = filter.Resource is null ? "e" : "r";
        var conditions = new List<string>();
        Where(filter.Resource, "r.id = ");
        Where(filter.Type, "r.type = ");
        Where(filter.Subject, "e.subject = ");
        Where(filter.Module, "e.module = ");
        Where(filter.Operation, "e.operation = ");
        Where(filter.From?.ToUniversalTime(), $"{ordered}.recorded_at >= ");
        Where(filter.To?.ToUniversalTime(), $"{ordered}.recorded_at < ");
        if (filter is { Resource: not null, Type: null })
        {
            // What has changed as a document and as a stream is one entry all the same.
            conditions.Add("not exists (select from audit.resource other where other.position = r.position and other.type < r.type and other.id = r.id)");
        }

        if (after is not null)
        {
            conditions.Add($"({ordered}.recorded_at, {ordered}.position) < ({Parameter(after.At.ToUniversalTime())}, {Parameter(after.Position)})");
        }

        command.CommandText = $"""
            select {StoredEntry.Columns} from {(filter.Resource is null ? "audit.entry e" : "audit.resource r join audit.entry e on e.position = r.position")}
            {(conditions.Count == 0 ? string.Empty : "where " + string.Join(" and ", conditions))}
            order by {ordered}.recorded_at desc, {ordered}.position desc limit {Parameter(limit)}
            """;
        return await ReadAsync(command, cancellationToken);

        void Where(object? value, string condition)
        {
            if (value is not null)
            {
                conditions.Add(condition + Parameter(value));
            }
        }

        string Parameter(object value)
        {
            command.Parameters.AddWithValue(value);
            return "$" + command.Parameters.Count.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>One entry, with what its hash is computed from; null when there is none, or it is not sealed yet.</summary>
    public async Task<AuditRecordDetails?> ShowAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand($"select {StoredEntry.Columns} from audit.entry e where e.id = $1 order by e.position limit 1");
        command.Parameters.AddWithValue(id);
        if (await ReadAsync(command, cancellationToken) is not [var found])
        {
            return null;
        }

        await using var before = database.Source.CreateCommand("""
            select encode(coalesce((select hash from audit.entry where position = $1), case removed_position when $1 then removed_hash end, ''), 'hex') from audit.chain
            """);
        before.Parameters.AddWithValue(found.Position - 1);
        return new AuditRecordDetails(found.ToRecord(), (string)(await before.ExecuteScalarAsync(cancellationToken))!, AuditChain.Canonical(found));
    }

    private static async Task<List<StoredEntry>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<StoredEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(StoredEntry.Read(reader));
        }

        return entries;
    }
}
