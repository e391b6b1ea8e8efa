using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Bridge;

/// <summary>A message that cannot become an event of this log.</summary>
/// <param name="Digest">What tells it from others, since it may have no id.</param>
/// <param name="MessageId">Its id, as far as it has one.</param>
/// <param name="Name">Its name, as far as it has one.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Headers">JSON.</param>
/// <param name="Body">Its body as it came.</param>
internal sealed record RefusedMessage(byte[] Digest, string MessageId, string Name, string Reason, string Headers, byte[] Body);

/// <summary>What the bridge keeps, as its own role.</summary>
internal sealed class BridgeDatabase(NpgsqlDataSource source)
{
    private const int CountLimit = 1_000;

    // An event that the log has at the same place is one of its own that has come back; one whose id is known has come before.
    // The select list is evaluated behind the sort, so the events get their positions in the order in which they came.
    private const string Import = """
        with given as (
                 select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) with ordinality
                     as given (id, position, producer, name, version, key, payload, headers, occurred_at, ordinal)),
             fresh as (
                 insert into imported (message_id, imported_at)
                 select id, $10 from given
                 where not exists (
                     select from integration.message own where own.position = given.position and own.occurred_at = given.occurred_at and own.id = given.id)
                 on conflict do nothing returning message_id)
        select integration.import_message(id, producer, name, version, key, payload::jsonb, headers::jsonb, occurred_at)
        from given join fresh on message_id = id order by ordinal
        """;

    private const string Refuse = """
        insert into refused (digest, message_id, name, reason, headers, body, refused_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
        """;

    /// <summary>Writes events to the log and keeps refused messages, in one transaction.</summary>
    /// <returns>How many events were new.</returns>
    /// <exception cref="PostgresException">One of them is not possible here, and nothing was kept.</exception>
    public async Task<int> SaveAsync(IReadOnlyList<EventMessage> events, IReadOnlyList<RefusedMessage> refused, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var message in refused)
        {
            await using var command = new NpgsqlCommand(Refuse, connection, transaction)
            {
                Parameters = { new() { Value = message.Digest }, new() { Value = message.MessageId }, new() { Value = message.Name }, new() { Value = message.Reason }, new() { Value = message.Headers }, new() { Value = message.Body }, new() { Value = now } },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var imported = events.Count == 0 ? 0 : await ImportAsync(connection, transaction, events, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return imported;
    }

    public async Task<long> CountRefusedAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select count(*) from (select from refused limit $1) found");
        command.Parameters.AddWithValue(CountLimit);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The patterns by which the queue was bound to the exchange.</summary>
    public async Task<List<string>> BindingsAsync(string queue, string exchange, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select pattern from binding where queue = $1 and exchange = $2");
        command.Parameters.AddWithValue(queue);
        command.Parameters.AddWithValue(exchange);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var patterns = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            patterns.Add(reader.GetString(0));
        }

        return patterns;
    }

    /// <summary>Keeps the patterns by which the queue is bound; broker's bindings cannot be asked for.</summary>
    public async Task KeepBindingsAsync(string queue, string exchange, string[] patterns, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            with gone as (delete from binding where queue = $1 and exchange = $2 and pattern <> all($3))
            insert into binding select $1, $2, pattern from unnest($3) pattern on conflict do nothing
            """);
        command.Parameters.AddWithValue(queue);
        command.Parameters.AddWithValue(exchange);
        command.Parameters.AddWithValue(patterns);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> ImportAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<EventMessage> events, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Import, connection, transaction);
        Add(NpgsqlDbType.Uuid, static message => message.Id);
        Add(NpgsqlDbType.Bigint, static message => message.Position);
        Add(NpgsqlDbType.Text, static message => message.Producer);
        Add(NpgsqlDbType.Text, static message => message.Name);
        Add(NpgsqlDbType.Integer, static message => message.Version);
        Add(NpgsqlDbType.Text, static message => message.Key);
        Add(NpgsqlDbType.Text, static message => message.Payload);
        Add(NpgsqlDbType.Text, static message => message.Headers);
        Add(NpgsqlDbType.TimestampTz, static message => message.OccurredAt);
        command.Parameters.AddWithValue(now);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var imported = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            imported++;
        }

        return imported;

        void Add<T>(NpgsqlDbType type, Func<EventMessage, T> column) =>
            command.Parameters.Add(new NpgsqlParameter { Value = events.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
