using System.Text;
using Marten.Internal;
using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>A statement whose only column is JSON.</summary>
/// <param name="Session">The session that runs it.</param>
/// <param name="StorageTypes">The types whose tables it needs.</param>
/// <param name="Command">Makes the command.</param>
internal sealed record JsonRows(QuerySession Session, IReadOnlyCollection<Type> StorageTypes, Func<NpgsqlCommand> Command);

/// <summary>Copies results as the database has them: JSON, without deserializing.</summary>
internal static class JsonStreaming
{
    private static readonly byte[] Open = "["u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Close = "]"u8.ToArray();
    private static readonly byte[] Null = "null"u8.ToArray();

    public static async Task<int> ArrayAsync(IQueryable queryable, Stream destination, CancellationToken token)
    {
        return await ArrayAsync(Rows(queryable, null), destination, token);
    }

    /// <summary>Writes the results of a statement whose only column is JSON as an array, and returns their number.</summary>
    public static async Task<int> ArrayAsync(JsonRows rows, Stream destination, CancellationToken token)
    {
        await destination.WriteAsync(Open, token);
        var count = 0;
        await foreach (var reader in RowsAsync(rows, token))
        {
            if (count++ > 0)
                await destination.WriteAsync(Comma, token);
            await CopyAsync(reader, destination, token);
        }

        await destination.WriteAsync(Close, token);
        return count;
    }

    /// <summary>Writes one page as an object that also tells which page it is and how many there are, and returns the number of its items.</summary>
    public static async Task<int> PageAsync(IQueryable queryable, Stream destination, int pageNumber, int pageSize, CancellationToken token)
    {
        var query = QueryRunner.Translated(queryable);
        var statement = Statement.JsonPage(Statement.Parse(query));
        var count = 0;
        await foreach (var reader in RowsAsync(new JsonRows(query.Session, statement.Model.StorageTypes, statement.ToCommand), token))
        {
            if (count++ == 0)
            {
                // Columns are read in order from a stream, so the first item waits in memory for the total behind it.
                using var first = new MemoryStream();
                await CopyAsync(reader, first, token);
                await destination.WriteAsync(Head(pageNumber, pageSize, reader.GetInt64(1)), token);
                first.Position = 0;
                await first.CopyToAsync(destination, token);
                continue;
            }

            await destination.WriteAsync(Comma, token);
            await CopyAsync(reader, destination, token);
        }

        if (count == 0)
        {
            var all = await QueryRunner.CountAllAsync(query, token);
            await destination.WriteAsync(Head(pageNumber, pageSize, all), token);
        }

        await destination.WriteAsync("]}"u8.ToArray(), token);
        return count;
    }

    public static Task<string> ArrayAsync(IQueryable queryable, CancellationToken token) => ArrayAsync(Rows(queryable, null), token);

    public static async Task<string> ArrayAsync(JsonRows rows, CancellationToken token)
    {
        using var buffer = new MemoryStream();
        await ArrayAsync(rows, buffer, token);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Writes one result and returns whether there was one.</summary>
    public static Task<bool> OneAsync(IQueryable queryable, Stream destination, bool single, bool required, CancellationToken token) =>
        OneAsync(Rows(queryable, single ? 2 : 1), destination, required, token);

    /// <summary>Writes the result of a statement that reads at most one row, or two to see that there are more, and returns whether there was one.</summary>
    public static async Task<bool> OneAsync(JsonRows rows, Stream destination, bool required, CancellationToken token)
    {
        // Buffered, so that nothing is written when the result turns out not to be the only one.
        using var buffer = new MemoryStream();
        var count = 0;
        await foreach (var reader in RowsAsync(rows, token))
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

    private static byte[] Head(int pageNumber, int pageSize, long total)
    {
        var pages = (total + pageSize - 1) / pageSize;
        return Encoding.UTF8.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{{\"pageNumber\":{pageNumber},\"pageSize\":{pageSize},\"totalItemCount\":{total},\"pageCount\":{pages},\"hasNextPage\":{Truth(pageNumber < pages)},\"hasPreviousPage\":{Truth(pageNumber > 1)},\"items\":["));
    }

    private static string Truth(bool value) => value ? "true" : "false";

    private static JsonRows Rows(IQueryable queryable, int? atMost)
    {
        var query = QueryRunner.Translated(queryable);
        var statement = Statement.Json(Statement.Parse(query), atMost);
        return new JsonRows(query.Session, statement.Model.StorageTypes, statement.ToCommand);
    }

    private static async IAsyncEnumerable<NpgsqlDataReader> RowsAsync(JsonRows rows, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        foreach (var type in rows.StorageTypes)
            await rows.Session.EnsureStorageAsync(type, token);
        await using var command = rows.Command();
        await using var reader = (NpgsqlDataReader)await rows.Session.ExecuteReaderAsync(command, token);
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
