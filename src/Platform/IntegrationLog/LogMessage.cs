using System.Text;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>A row of the log.</summary>
internal sealed record LogMessage(
    long Position, Guid Id, string Producer, string Name, int Version, string Key, string Payload, string Headers, DateTimeOffset OccurredAt)
{
    /// <summary>Which of a subscription's lanes handles a key. It must never change: each lane has a cursor of its own.</summary>
    /// <remarks>FNV-1a with 32 bits (Fowler, Noll, Vo) over the key in UTF-8; string.GetHashCode differs from process to process.</remarks>
    public static int LaneOf(string key, int lanes)
    {
        var hash = 2166136261u;
        Span<byte> buffer = stackalloc byte[800];
        var length = Encoding.UTF8.GetBytes(key, buffer);
        foreach (var octet in buffer[..length])
        {
            hash = (hash ^ octet) * 16777619u;
        }

        return (int)(hash % (uint)lanes);
    }
}

internal static class MessageRow
{
    public const string Columns = "position, id, producer, name, version, key, payload::text, headers::text, occurred_at";

    public static LogMessage Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetString(5),
        reader.GetString(6), reader.GetString(7), reader.GetFieldValue<DateTimeOffset>(8));
}
