using ModularMonolith.Platform.Http;
using Npgsql;

namespace ModularMonolith.Catalog.Imports;

/// <summary>One import at a time, over all hosts. The turn ends with the transaction, however that ends.</summary>
internal static class ImportTurn
{
    /// <summary>Waits a moment for the import that is running.</summary>
    /// <param name="transaction">The import's transaction.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>A task that ends when it is this import's turn.</returns>
    /// <exception cref="ProblemException">The other import goes on.</exception>
    public static async Task TakeAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand("set local lock_timeout = '3s'"),
                    new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtextextended(current_schema() || '.imports', 0))"),
                    new NpgsqlBatchCommand("set local lock_timeout = 0"),
                },
            };
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ProblemException(ImportProblems.Running, "Another import is running. Nothing of this one was imported; send it again when the other one has ended.", exception);
        }
    }
}
