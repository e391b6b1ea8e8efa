using System.Text;
using Marten.Internal;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>Copies results as the database has them: JSON, without deserializing.</summary>
internal static class JsonStreaming
{
    private static readonly byte[] Open = "["u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Close = "]"u8.ToArray();
    private static readonly byte[] Null = "null"u8.ToArray();

    public static async Task<int> ArrayAsync(IQueryable queryable, Stream destination, CancellationToken token)
    {
        var query = QueryRunner.Translated(queryable);
        await destination.WriteAsync(Open, token);
        var count = 0;
        await foreach (var reader in RowsAsync(query, null, token))
        {
            if (count++ > 0)
                await destination.WriteAsync(Comma, token);
            await CopyAsync(reader, destination, token);
        }

        await destination.WriteAsync(Close, token);
        return count;
    }

    public static async Task<string> ArrayAsync(IQueryable queryable, CancellationToken token)
    {
        using var buffer = new MemoryStream();
        await ArrayAsync(queryable, buffer, token);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Writes one result and returns whether there was one.</summary>
    public static async Task<bool> OneAsync(IQueryable queryable, Stream destination, bool single, bool required, CancellationToken token)
    {
        // Buffered, so that nothing is written when the result turns out not to be the only one.
        using var buffer = new MemoryStream();
        var count = 0;
        await foreach (var reader in RowsAsync(QueryRunner.Translated(queryable), single ? 2 : 1, token))
        {
            if (count++ > 0)
                throw new InvalidOperationException("Sequence contains more than one element");
            await CopyAsync(reader, buffer, token);
        }

        if (count == 0)
            return required ? throw new InvalidOperationException("Sequence contains no elements") : false;
        buffer.Position = 0;
        await buffer.CopyToAsync(destination, token);
        return true;
    }

    public static async Task<string?> OneAsync(IQueryable queryable, bool single, bool required, CancellationToken token)
    {
        using var buffer = new MemoryStream();
        return await OneAsync(queryable, buffer, single, required, token) ? Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) : null;
    }

    private static async IAsyncEnumerable<NpgsqlDataReader> RowsAsync(ITranslatedQuery query, int? atMost, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        var statement = Statement.Json(Statement.Parse(query), atMost);
        await QueryRunner.EnsureAsync(query, statement, token);
        await using var command = statement.ToCommand();
        await using var reader = (NpgsqlDataReader)await query.Session.ExecuteReaderAsync(command, token);
        while (await reader.ReadAsync(token))
            yield return reader;
    }

    private static async Task CopyAsync(NpgsqlDataReader reader, Stream destination, CancellationToken token)
    {
        if (await reader.IsDBNullAsync(0, token))
        {
            await destination.WriteAsync(Null, token);
            return;
        }

        await JsonColumn.CopyToAsync(reader, 0, destination, token);
    }
}
