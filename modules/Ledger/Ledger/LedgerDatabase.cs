using Npgsql;

namespace ModularMonolith.Ledger;

/// <summary>The module's own connection pool, for the sums that the database adds up. Writing goes through the unit of work.</summary>
internal sealed class LedgerDatabase(NpgsqlDataSource source)
{
    /// <summary>Tables are named without schema: the search path is the module's.</summary>
    public NpgsqlDataSource Source => source;

    /// <summary>Reads rows.</summary>
    /// <param name="sql">A query that bounds its answer.</param>
    /// <param name="values">Its parameters, in order.</param>
    /// <param name="map">Makes a row into what is wanted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<List<T>> QueryAsync<T>(string sql, object[] values, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        return await ReadAsync(command, values, map, cancellationToken);
    }

    /// <summary>The same, in a transaction that somebody has begun.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        NpgsqlTransaction transaction, TimeSpan deadline, string sql, object[] values, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = (int)deadline.TotalSeconds };
        return await ReadAsync(command, values, map, cancellationToken);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, object[] values, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(map(reader));
        }

        return rows;
    }
}
