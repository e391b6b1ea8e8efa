using System.Data.Common;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Marten.Internal.Sessions;

/// <summary>Statements of the caller with results of several types.</summary>
internal sealed class AdvancedSql(QuerySession session) : IAdvancedSql
{
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, CancellationToken token, params object[] parameters) => QueryAsync<T>('?', sql, token, parameters);

    public Task<IReadOnlyList<T>> QueryAsync<T>(char placeholder, string sql, CancellationToken token, params object[] parameters) => ListAsync(One<T>(sql), placeholder, sql, parameters, token);

    public Task<IReadOnlyList<(T1, T2)>> QueryAsync<T1, T2>(string sql, CancellationToken token, params object[] parameters) => QueryAsync<T1, T2>('?', sql, token, parameters);

    public Task<IReadOnlyList<(T1, T2)>> QueryAsync<T1, T2>(char placeholder, string sql, CancellationToken token, params object[] parameters) => ListAsync(Two<T1, T2>(sql), placeholder, sql, parameters, token);

    public Task<IReadOnlyList<(T1, T2, T3)>> QueryAsync<T1, T2, T3>(string sql, CancellationToken token, params object[] parameters) => QueryAsync<T1, T2, T3>('?', sql, token, parameters);

    public Task<IReadOnlyList<(T1, T2, T3)>> QueryAsync<T1, T2, T3>(char placeholder, string sql, CancellationToken token, params object[] parameters) => ListAsync(Three<T1, T2, T3>(sql), placeholder, sql, parameters, token);

    public IAsyncEnumerable<T> StreamAsync<T>(string sql, CancellationToken token, params object[] parameters) => StreamAsync<T>('?', sql, token, parameters);

    public IAsyncEnumerable<T> StreamAsync<T>(char placeholder, string sql, CancellationToken token, params object[] parameters) => RowsAsync(One<T>(sql), placeholder, sql, parameters, token);

    public IAsyncEnumerable<(T1, T2)> StreamAsync<T1, T2>(string sql, CancellationToken token, params object[] parameters) => StreamAsync<T1, T2>('?', sql, token, parameters);

    public IAsyncEnumerable<(T1, T2)> StreamAsync<T1, T2>(char placeholder, string sql, CancellationToken token, params object[] parameters) => RowsAsync(Two<T1, T2>(sql), placeholder, sql, parameters, token);

    public IAsyncEnumerable<(T1, T2, T3)> StreamAsync<T1, T2, T3>(string sql, CancellationToken token, params object[] parameters) => StreamAsync<T1, T2, T3>('?', sql, token, parameters);

    public IAsyncEnumerable<(T1, T2, T3)> StreamAsync<T1, T2, T3>(char placeholder, string sql, CancellationToken token, params object[] parameters) => RowsAsync(Three<T1, T2, T3>(sql), placeholder, sql, parameters, token);

    private static T Nested<T>(SqlResult<T> result, NpgsqlDataReader reader, int column)
    {
        DbDataReader row;
        try
        {
            row = reader.GetData(column);
        }
        catch (InvalidCastException exception)
        {
            throw new InvalidOperationException($"Column {column + 1} of the statement is of type {reader.GetDataTypeName(column)}. With several results for each row, put the columns of each into row(…).", exception);
        }

        using (row)
            return row.Read() ? result.Read(row) : default!;
    }

    private Rows<T> One<T>(string sql)
    {
        var result = new SqlResult<T>(session, sql);
        return new Rows<T>([result.StorageType], result.Read);
    }

    private Rows<(T1, T2)> Two<T1, T2>(string sql)
    {
        var (first, second) = (new SqlResult<T1>(session, sql), new SqlResult<T2>(session, sql));
        return new Rows<(T1, T2)>([first.StorageType, second.StorageType], reader => (Nested(first, reader, 0), Nested(second, reader, 1)));
    }

    private Rows<(T1, T2, T3)> Three<T1, T2, T3>(string sql)
    {
        var (first, second, third) = (new SqlResult<T1>(session, sql), new SqlResult<T2>(session, sql), new SqlResult<T3>(session, sql));
        return new Rows<(T1, T2, T3)>([first.StorageType, second.StorageType, third.StorageType], reader => (Nested(first, reader, 0), Nested(second, reader, 1), Nested(third, reader, 2)));
    }

    private async Task<NpgsqlCommand> PrepareAsync<T>(Rows<T> rows, char placeholder, string sql, object[] parameters, CancellationToken token)
    {
        foreach (var type in rows.StorageTypes.OfType<Type>().Distinct())
            await session.EnsureStorageAsync(type, token);
        return new SqlBuilder().AppendWithPlaceholders(sql, placeholder, parameters).ToCommand();
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(Rows<T> rows, char placeholder, string sql, object[] parameters, CancellationToken token)
    {
        await using var command = await PrepareAsync(rows, placeholder, sql, parameters, token);
        return await session.ReadAsync(command, async (reader, stop) =>
        {
            var results = new List<T>();
            while (await reader.ReadAsync(stop))
                results.Add(rows.Read(reader));
            return results;
        }, token);
    }

    private async IAsyncEnumerable<T> RowsAsync<T>(Rows<T> rows, char placeholder, string sql, object[] parameters, [EnumeratorCancellation] CancellationToken token)
    {
        await using var command = await PrepareAsync(rows, placeholder, sql, parameters, token);
        await using var reader = (NpgsqlDataReader)await session.ExecuteReaderAsync(command, token);
        while (await reader.ReadAsync(token))
            yield return rows.Read(reader);
    }

    private sealed record Rows<T>(Type?[] StorageTypes, Func<NpgsqlDataReader, T> Read);
}
