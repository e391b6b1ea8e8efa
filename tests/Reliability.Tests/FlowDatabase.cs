using System.Reflection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Postgres.Testing;
using ModularMonolith.Reliability.LogHost;
using Npgsql;

namespace ModularMonolith.Reliability.Tests;

/// <summary>A database with the flow module's tables, and what a test does in it.</summary>
internal sealed class FlowDatabase : IAsyncDisposable
{
    public static readonly string[] Subscriptions = ["single", "batch", "relay", "relayed"];

    private readonly TestDatabase _database;

    public FlowDatabase(TestDatabase database)
    {
        _database = database;
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 20 });
    }

    public string Name => _database.Name;

    public string ConnectionString => _database.ConnectionString;

    public NpgsqlDataSource Source { get; }

    public static async Task<FlowDatabase> CreateAsync()
    {
        var server = await TestServer.SharedAsync();
        return new FlowDatabase(await server.CloneAsync("flow", static async connection =>
        {
            await using var host = FlowHost.Start(connection, "migrate");
            Assert.Equal(0, await host.EndedAsync());
        }));
    }

    /// <summary>Writes numbered events over several keys with several writers at once: their transactions overlap, and some are rolled back.</summary>
    public Task WriteAsync(int keys, int eventsOfKey, int writers, int seed) => Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
    {
        var random = new Random(seed + writer);
        await using var connection = await Source.OpenConnectionAsync();
        var next = Enumerable.Range(0, keys).Where(key => key % writers == writer).ToDictionary(static key => key, static _ => 1);
        while (next.Count > 0)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var key = next.Keys.ElementAt(random.Next(next.Count));
            var count = Math.Min(random.Next(1, 20), eventsOfKey - next[key] + 1);
            for (var number = next[key]; number < next[key] + count; number++)
            {
                await InsertAsync(connection, new Happened("key " + key, number, random.Next(50) == 0 ? random.Next(1, 3) : 0));
            }

            if (random.Next(10) == 0)
            {
                await transaction.RollbackAsync();
                continue;
            }

            await transaction.CommitAsync();
            next[key] += count;
            if (next[key] > eventsOfKey)
            {
                next.Remove(key);
            }
        }
    }));

    /// <summary>Writes an event.</summary>
    /// <returns>Its position.</returns>
    public static async Task<long> InsertAsync(NpgsqlConnection connection, IIntegrationEvent happened)
    {
        await using var command = new NpgsqlCommand(
            "insert into integration.message (id, name, version, key, payload, headers) values (gen_random_uuid(), $1, 1, $2, $3::jsonb, '{}') returning position", connection);
        command.Parameters.AddWithValue(happened.GetType().GetCustomAttribute<EventNameAttribute>()!.Name);
        command.Parameters.AddWithValue(happened.Key);
        command.Parameters.AddWithValue(EventPayload.Serialize(happened));
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Writes an event in a transaction of its own.</summary>
    /// <returns>Its position.</returns>
    public async Task<long> WriteOneAsync(IIntegrationEvent happened)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return await InsertAsync(connection, happened);
    }

    public Task<long> CountAsync(string condition = "true") => ScalarAsync<long>($"select count(*) from flow.effect where {condition}");

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How log and effects differ: events that had no effect or several, and effects of no event. Empty when each had one.</summary>
    /// <param name="exceptKey">The key whose events are parked.</param>
    public async Task<string> DifferenceAsync(string exceptKey = "")
    {
        await using var command = Source.CreateCommand("""
            with expected as (
                select s.name as subscription, m.id
                from integration.message m
                join (values ('single', 'flow.happened'), ('batch', 'flow.happened'), ('relay', 'flow.happened'), ('relayed', 'flow.relayed')) s (name, event) on s.event = m.name
                where m.key <> $1),
            found as (select subscription, message_id as id, count(*) as times from flow.effect where key <> $1 and subscription <> 'timer' group by 1, 2),
            compared as (
                select coalesce(e.subscription, f.subscription) as subscription,
                    case when e.id is null then 'of no event' when f.id is null then 'missing' when f.times > 1 then 'double' end as fault
                from expected e full join found f on f.subscription = e.subscription and f.id = e.id),
            counted as (select subscription, fault, count(*) as times from compared where fault is not null group by 1, 2)
            select coalesce(string_agg(subscription || ': ' || times || ' ' || fault, ', '), '') from counted
            """);
        command.Parameters.AddWithValue(exceptKey);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What is wrong with the effects: those that are missing or double, and keys whose order was not kept.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(int keys, int eventsOfKey)
    {
        await using var command = Source.CreateCommand("""
            select subscription || ': ' || key || ' has ' || count(*) || ' effects of ' || count(distinct message_id) || ' events, in order: ' || bool_and(in_order)
            from (select *, number = row_number() over (partition by subscription, key order by id) as in_order from flow.effect where key like 'key %') numbered
            group by subscription, key
            having count(*) <> $1 or count(distinct message_id) <> $1 or not bool_and(in_order)
            union all
            select subscription || ': ' || count(distinct key) || ' keys' from flow.effect where key like 'key %' group by subscription having count(distinct key) <> $2
            """);
        command.Parameters.AddWithValue((long)eventsOfKey);
        command.Parameters.AddWithValue((long)keys);
        await using var reader = await command.ExecuteReaderAsync();
        var faults = new List<string>();
        while (await reader.ReadAsync())
        {
            faults.Add(reader.GetString(0));
        }

        return faults;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }
}
