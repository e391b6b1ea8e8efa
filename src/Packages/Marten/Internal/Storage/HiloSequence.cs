using Npgsql;
using Weasel.Core.Sequences;

namespace Marten.Internal.Storage;

/// <summary>
/// Hands out integer identities from blocks that the database reserves (the "hi/lo" algorithm): one request for a block of,
/// by default, a thousand identities. Identities that a process does not use are lost.
/// </summary>
internal sealed class HiloSequence(StoreOptions options, NpgsqlDataSource dataSource, string entityName, HiloSettings settings)
{
    private readonly Lock gate = new();
    private long block = -1;
    private long used = long.MaxValue;

    public long Next()
    {
        lock (gate)
        {
            if (used >= settings.MaxLo)
            {
                block = ReserveBlock();
                used = 0;
            }

            used++;
            return (block * settings.MaxLo) + used;
        }
    }

    /// <summary>Makes identities below a number unused: for documents that came from elsewhere with identities of their own.</summary>
    public async Task SetFloorAsync(long floor, CancellationToken token)
    {
        var table = Identifiers.Qualify(options.DatabaseSchemaName, "mt_hilo");
        await using var command = dataSource.CreateCommand(
            $"insert into {table} as h (entity_name, hi_value) values ($1, $2) on conflict (entity_name) do update set hi_value = greatest(h.hi_value, excluded.hi_value)");
        command.Parameters.Add(SqlBuilder.CreateParameter(entityName, NpgsqlTypes.NpgsqlDbType.Varchar));
        command.Parameters.Add(SqlBuilder.CreateParameter(floor / settings.MaxLo, NpgsqlTypes.NpgsqlDbType.Bigint));
        await command.ExecuteNonQueryAsync(token);
        lock (gate)
            used = long.MaxValue;
    }

    // Store() is synchronous in the published API and must leave the identity on the document, so this one request blocks.
    private long ReserveBlock()
    {
        // Blocks belong to the process, not to the caller's transaction.
        using var outside = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeOption.Suppress, System.Transactions.TransactionScopeAsyncFlowOption.Enabled);
        using var command = dataSource.CreateCommand($"select {Identifiers.Qualify(options.DatabaseSchemaName, "mt_get_next_hi")}($1)");
        command.CommandTimeout = options.CommandTimeout;
        command.Parameters.Add(SqlBuilder.CreateParameter(entityName, NpgsqlTypes.NpgsqlDbType.Varchar));
        for (var attempt = 0; attempt < settings.MaxAdvanceToNextHiAttempts; attempt++)
        {
            // A function made by the original package answers -1 when another session was faster.
            if (Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) is >= 0 and var reserved)
                return reserved;
        }

        throw new Exceptions.MartenException($"No block of identities for '{entityName}' could be reserved in {settings.MaxAdvanceToNextHiAttempts} attempts. Try again later.");
    }
}
