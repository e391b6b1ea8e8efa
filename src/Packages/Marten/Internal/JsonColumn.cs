using System.Buffers;
using Npgsql;

namespace Marten.Internal;

/// <summary>
/// Reads JSON columns as UTF-8. A jsonb value on the wire begins with a format number, which JSON text never begins with; json has none.
/// </summary>
internal static class JsonColumn
{
    private const byte FormatNumber = 1;

    /// <summary>Parses a column of the current row from pooled memory, without a string between.</summary>
    public static TResult Parse<TState, TResult>(NpgsqlDataReader reader, int index, TState state, Func<ReadOnlySpan<byte>, TState, TResult> parse)
    {
        using var column = reader.GetStream(index);
        var length = (int)column.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        try
        {
            column.ReadExactly(buffer, 0, length);
            var skipped = length > 0 && buffer[0] == FormatNumber ? 1 : 0;
            return parse(buffer.AsSpan(skipped, length - skipped), state);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Writes a column of the current row to a stream.</summary>
    public static async Task CopyToAsync(NpgsqlDataReader reader, int index, Stream destination, CancellationToken token)
    {
        await using var column = await reader.GetStreamAsync(index, token);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(column.Length, 1, 81_920));
        try
        {
            var isFirst = true;
            int count;
            while ((count = await column.ReadAsync(buffer, token)) > 0)
            {
                var skipped = isFirst && buffer[0] == FormatNumber ? 1 : 0;
                isFirst = false;
                await destination.WriteAsync(buffer.AsMemory(skipped, count - skipped), token);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
