using Marten;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Pricing.Redemptions;

internal enum RedemptionStatus
{
    /// <summary>Held for an order until its time is over.</summary>
    Reserved,

    /// <summary>An order has used it.</summary>
    Consumed,

    /// <summary>The order was given up.</summary>
    Returned,
}

/// <summary>One reservation with what it holds of each counter.</summary>
internal sealed record StoredRedemption(Guid Id, RedemptionStatus Status, string[] Keys, long[] Amounts, DateTimeOffset ExpiresAt, Guid? QuoteId = null)
{
    /// <summary>Whether asking for it again may be answered as before.</summary>
    public bool IsAliveAt(DateTimeOffset now) => Status == RedemptionStatus.Consumed || (Status == RedemptionStatus.Reserved && ExpiresAt > now);

    public bool Holds(IReadOnlyList<(string Key, long Amount)> counted) =>
        Keys.SequenceEqual(counted.Select(static part => part.Key), StringComparer.Ordinal) && Amounts.SequenceEqual(counted.Select(static part => part.Amount));
}

/// <summary>Reads and writes reservations in a session's transaction.</summary>
internal static class RedemptionRows
{
    public static string NameOf(RedemptionStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>Finds a reservation without locking it.</summary>
    public static async Task<StoredRedemption?> FindAsync(IQuerySession session, Guid id, CancellationToken cancellationToken) =>
        (await ReadAsync(session, RedemptionTables.Find, [id], cancellationToken)).GetValueOrDefault(id);

    /// <summary>Locks reservations, all in one order. The session has a transaction.</summary>
    public static Task<Dictionary<Guid, StoredRedemption>> LockAsync(IQuerySession session, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        ReadAsync(session, RedemptionTables.Lock, ids, cancellationToken);

    /// <summary>Queues a new reservation.</summary>
    public static void Insert(IDocumentSession session, StoredRedemption redemption, string? reference, DateTimeOffset now) => session.QueueSqlCommand(
        RedemptionTables.Insert, redemption.Id, NameOf(redemption.Status), redemption.Keys, redemption.Amounts, reference ?? string.Empty, redemption.QuoteId ?? Guid.Empty,
        redemption.ExpiresAt, redemption.Status != RedemptionStatus.Reserved, now);

    /// <summary>Queues the end of reservations.</summary>
    public static void Settle(IDocumentSession session, IReadOnlyCollection<(Guid Id, string Reference)> settled, RedemptionStatus status, DateTimeOffset now)
    {
        if (settled.Count > 0)
        {
            session.QueueSqlCommand(
                RedemptionTables.Settle, NameOf(status), now, settled.Select(static one => one.Id).ToArray(), settled.Select(static one => one.Reference).ToArray());
        }
    }

    /// <summary>Queues that counters are changed, each once and in the order of the keys.</summary>
    public static void Count(IDocumentSession session, string statement, IReadOnlyCollection<(string Key, long Amount)> amounts)
    {
        if (amounts.Count > 0)
        {
            session.QueueSqlCommand(statement, amounts.Select(static part => part.Key).ToArray(), amounts.Select(static part => part.Amount).ToArray());
        }
    }

    private static async Task<Dictionary<Guid, StoredRedemption>> ReadAsync(IQuerySession session, string sql, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var reader = await session.ExecuteReaderAsync(command, cancellationToken);
        var found = new Dictionary<Guid, StoredRedemption>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var redemption = new StoredRedemption(
                reader.GetGuid(0),
                Enum.Parse<RedemptionStatus>(reader.GetString(1), ignoreCase: true),
                reader.GetFieldValue<string[]>(2),
                reader.GetFieldValue<long[]>(3),
                reader.GetFieldValue<DateTimeOffset>(4));
            found.Add(redemption.Id, redemption);
        }

        return found;
    }
}
