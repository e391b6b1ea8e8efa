using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Where one lane of a subscription stands.</summary>
/// <param name="Lane">0 and up.</param>
/// <param name="Lanes">Into how many lanes the keys are divided.</param>
/// <param name="Position">The last position that is dealt with.</param>
/// <param name="ReplayUntil">Up to which position the lane has been before it was rewound.</param>
internal sealed record LaneCursor(int Lane, int Lanes, long Position, long ReplayUntil);

/// <summary>The stored cursors of one subscription.</summary>
internal sealed class SubscriptionCursors(Subscription subscription, NpgsqlDataSource source)
{
    /// <summary>Parameters: subscription, lane, lanes, from, to.</summary>
    public const string Move = "call move_log_cursor(?, ?, ?, ?, ?)";

    /// <summary>The lanes in their order; none for a subscription that has never run.</summary>
    public async Task<List<LaneCursor>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select lane, lanes, position, replay_until from log_cursor where subscription = $1 order by lane");
        command.Parameters.AddWithValue(subscription.Name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lanes = new List<LaneCursor>();
        while (await reader.ReadAsync(cancellationToken))
        {
            lanes.Add(new LaneCursor(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return lanes;
    }

    /// <summary>Makes the cursors of a new subscription; leaves those alone that another host was faster to make.</summary>
    public async Task CreateAsync(long position, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The first lane's row decides between two hosts that may disagree on the number of lanes.
        await using var first = new NpgsqlCommand(
            "insert into log_cursor (subscription, lane, lanes, position) values ($1, 0, $2, $3) on conflict do nothing", connection, transaction);
        first.Parameters.AddWithValue(subscription.Name);
        first.Parameters.AddWithValue(subscription.Policy.Parallelism);
        first.Parameters.AddWithValue(position);
        if (await first.ExecuteNonQueryAsync(cancellationToken) == 1)
        {
            await InsertFollowingAsync(connection, subscription.Policy.Parallelism, position, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Divides the keys anew, which is possible only where all lanes stand at one place.</summary>
    /// <returns>Whether it was done; if not, somebody else moved a cursor in between.</returns>
    public async Task<bool> DivideAsync(long position, CancellationToken cancellationToken)
    {
        var lanes = subscription.Policy.Parallelism;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var locked = new NpgsqlCommand("select position from log_cursor where subscription = $1 order by lane for update", connection, transaction))
        {
            locked.Parameters.AddWithValue(subscription.Name);
            await using var reader = await locked.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.GetInt64(0) != position)
                {
                    return false;
                }
            }
        }

        await using (var remove = new NpgsqlCommand("delete from log_cursor where subscription = $1 and lane > 0", connection, transaction))
        {
            remove.Parameters.AddWithValue(subscription.Name);
            await remove.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var first = new NpgsqlCommand("update log_cursor set lanes = $2 where subscription = $1", connection, transaction))
        {
            first.Parameters.AddWithValue(subscription.Name);
            first.Parameters.AddWithValue(lanes);
            await first.ExecuteNonQueryAsync(cancellationToken);
        }

        await InsertFollowingAsync(connection, lanes, position, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Moves a lane over events that are not its own.</summary>
    /// <exception cref="PostgresException">With <see cref="LogSchema.Moved"/>: somebody else moved it.</exception>
    public async Task MoveAsync(LaneCursor lane, long position, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("call move_log_cursor($1, $2, $3, $4, $5)");
        command.Parameters.AddWithValue(subscription.Name);
        command.Parameters.AddWithValue(lane.Lane);
        command.Parameters.AddWithValue(lane.Lanes);
        command.Parameters.AddWithValue(lane.Position);
        command.Parameters.AddWithValue(position);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task InsertFollowingAsync(NpgsqlConnection connection, int lanes, long position, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "insert into log_cursor (subscription, lane, lanes, position) select $1, lane, $2, $3 from generate_series(1, $2 - 1) lane", connection);
        command.Parameters.AddWithValue(subscription.Name);
        command.Parameters.AddWithValue(lanes);
        command.Parameters.AddWithValue(position);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
