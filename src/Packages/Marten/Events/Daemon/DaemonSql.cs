using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Internal;
using Marten.Internal.Operations;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>The statements of the daemon, built once.</summary>
internal sealed class DaemonSql
{
    public DaemonSql(EventGraph events)
    {
        var schema = events.DatabaseSchemaName;
        var sequence = Identifiers.Qualify(schema, "mt_events_sequence");
        var skips = Identifiers.Qualify(schema, "mt_high_water_skips");
        Events = events.Sql.Events;
        Progression = Identifiers.Qualify(schema, "mt_event_progression");
        Channel = "mt_events_" + schema;
        LeaderScope = events.Sql.Events;
        LastNumber = $"select case when s.is_called then s.last_value else 0 end from {sequence} as s";
        LastNumberAndPrefix = $"select case when s.is_called then s.last_value else 0 end, coalesce((select max(e.seq_id) from "
            + $"(select d.seq_id, row_number() over (order by d.seq_id) as n from {Events} as d where d.seq_id > $1 and d.seq_id <= $1 + $2) as e where e.seq_id = $1 + e.n), $1) from {sequence} as s";
        Writers = "select l.virtualtransaction from pg_locks as l where l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted "
            + $"and l.relation = {Identifiers.Literal(sequence)}::regclass and l.database = (select b.oid from pg_database as b where b.datname = current_database())";
        SaveMark = $"insert into {Progression} as p (name, last_seq_id, last_updated) values ('{ShardState.HighWaterMark}', $1, transaction_timestamp()) "
            + "on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated";
        SaveSkip = events.EnableAdvancedAsyncTracking
            ? $"insert into {skips} (ending_sequence, starting_sequence) select $2, $1 where (select count(*) from {Events} as d where d.seq_id > $1 and d.seq_id <= $2) < $2 - $1 on conflict (ending_sequence) do nothing"
            : null;
        Begin = SqlGuard.RequireRow($"insert into {Progression} as p (name, last_seq_id, last_updated) values ($1, $2, transaction_timestamp()) "
            + "on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated where p.last_seq_id = 0");
        Advance = SqlGuard.RequireRow($"update {Progression} as p set last_seq_id = $2, last_updated = transaction_timestamp() where p.name = $1 and p.last_seq_id = $3");
        Reset = $"insert into {Progression} as p (name, last_seq_id, last_updated) values ($1, $2, transaction_timestamp()) "
            + "on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated";
        Forget = $"delete from {Progression} as p where p.name = $1";
        Progress = $"select p.last_seq_id from {Progression} as p where p.name = $1";
        AllProgress = $"select p.name, p.last_seq_id, p.last_updated from {Progression} as p order by p.name";
        Correct = $"update {Progression} as p set last_seq_id = ({LastNumber}), last_updated = transaction_timestamp() where p.last_seq_id > ({LastNumber})";
        SequenceBefore = $"select coalesce((select min(d.seq_id) - 1 from {Events} as d where d.timestamp >= $1), (select max(d.seq_id) from {Events} as d), 0)";
        LastEvent = $"select coalesce(max(d.seq_id), 0) from {Events} as d";
        Statistics = $"select (select count(*) from {Events}), (select count(*) from {events.Sql.Streams}), ({LastNumber})";
    }

    public string Events { get; }

    public string Progression { get; }

    /// <summary>The channel on which commits are announced.</summary>
    public string Channel { get; }

    /// <summary>What the lock of the leader is about: stores of other schemas have leaders of their own.</summary>
    public string LeaderScope { get; }

    /// <summary>The last number that was drawn for an event.</summary>
    public string LastNumber { get; }

    /// <summary>The last number that was drawn, and the last behind $1 up to which no number is missing, looking at $2 numbers.</summary>
    public string LastNumberAndPrefix { get; }

    /// <summary>The transactions that have drawn numbers and not ended: nextval locks the sequence until the end of its transaction.</summary>
    public string Writers { get; }

    public string SaveMark { get; }

    /// <summary>Records that numbers between $1 and $2 are missing, if they are.</summary>
    public string? SaveSkip { get; }

    /// <summary>Records the first progress of a shard: name, ceiling.</summary>
    public string Begin { get; }

    /// <summary>Records the progress of a shard: name, ceiling, floor.</summary>
    public string Advance { get; }

    public string Reset { get; }

    public string Forget { get; }

    public string Progress { get; }

    public string AllProgress { get; }

    public string SequenceBefore { get; }

    /// <summary>Takes progress back that is recorded behind the last number that was drawn.</summary>
    public string Correct { get; }

    public string LastEvent { get; }

    public string Statistics { get; }
}

/// <summary>Records the progress of a shard in the transaction of its effects. Comes first there, so that rivals wait before they do anything.</summary>
internal sealed class AdvanceProgress(DaemonSql sql, ShardName shard, long floor, long ceiling) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(floor == 0 ? sql.Begin : sql.Advance);
        command.Parameters.Add(EventParameters.Value(shard.Identity, NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Value(ceiling, NpgsqlDbType.Bigint));
        if (floor != 0)
            command.Parameters.Add(EventParameters.Value(floor, NpgsqlDbType.Bigint));
    }

    public Exception? Translate(PostgresException exception) =>
        SqlGuard.Failed(exception) ? new ProgressionProgressOutOfOrderException(shard.Identity, floor, ceiling) : null;
}

/// <summary>Records where a part of a composite projection stands: where the whole does.</summary>
internal sealed class RecordProgress(DaemonSql sql, ShardName shard, long ceiling) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(sql.Reset);
        command.Parameters.Add(EventParameters.Value(shard.Identity, NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Value(ceiling, NpgsqlDbType.Bigint));
    }
}

/// <summary>Tells listening daemons that events were committed. PostgreSQL delivers it with the commit.</summary>
internal sealed class AnnounceEvents(string channel) : IStorageOperation
{
    public Type? DocumentType => null;

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder) =>
        builder.Add("select pg_notify($1, '')").Parameters.Add(EventParameters.Value(channel, NpgsqlDbType.Text));
}
