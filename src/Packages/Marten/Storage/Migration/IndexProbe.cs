using Npgsql;

namespace Marten.Storage.Migration;

/// <summary>
/// Tells whether a CREATE INDEX statement would make the index that exists. PostgreSQL prints definitions in a form of its own,
/// so the statement is run on an empty temporary copy of the table and both printed forms are compared.
/// </summary>
internal static class IndexProbe
{
    private const string Copy = "mt_index_probe";

    public static async Task<bool> IsSameAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IndexComparison index, CancellationToken token)
    {
        await transaction.SaveAsync(Copy, token);
        try
        {
            var script = index.Script.Replace($" ON {index.Table} USING ", $" ON pg_temp.{Copy} USING ", StringComparison.Ordinal);
            await using var build = new NpgsqlCommand($"create temp table {Copy} (like {index.Table}); {script}", connection, transaction);
            await build.ExecuteNonQueryAsync(token);
            await using var read = new NpgsqlCommand($"select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'pg_temp.{Copy}'::regclass", connection, transaction);
            var printed = (string?)await read.ExecuteScalarAsync(token) ?? string.Empty;
            await transaction.RollbackAsync(Copy, token);
            return Comparable(printed) == Comparable(index.Existing);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // Without the right to make temporary tables the existing index is taken as it is.
            await transaction.RollbackAsync(Copy, token);
            return true;
        }
    }

    private static string Comparable(string definition)
    {
        var start = definition.IndexOf(" USING ", StringComparison.Ordinal);
        return definition.StartsWith("CREATE UNIQUE", StringComparison.Ordinal) + definition[Math.Max(start, 0)..];
    }
}
