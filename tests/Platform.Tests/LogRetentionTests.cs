using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class LogRetentionTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _database = await (await TestServer.SharedAsync()).CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Months_that_are_kept_no_longer_are_dropped_but_not_past_the_slowest_cursor()
    {
        await MigrateAsync();
        await RunAsync("create schema buyer; create table buyer.log_cursor (subscription text, lane int, position bigint); insert into buyer.log_cursor values ('a', 0, 2), ('b', 0, 100)");
        await WriteAsync(5, 4, 3, 2, 1, 0);
        await RunAsync("update integration.policy set keep_months = 2");

        Assert.Equal(2, await ScalarAsync("select integration.maintain()"));
        Assert.Equal("3,4,5,6", await PositionsAsync());

        await RunAsync("update buyer.log_cursor set position = 100");
        Assert.Equal(1, await ScalarAsync("select integration.maintain()"));
        Assert.Equal("4,5,6", await PositionsAsync());
        Assert.Equal(0L, await ScalarAsync("select count(*) from integration.message_default"));

        await WriteAsync(0);
        Assert.Equal("4,5,6,7", await PositionsAsync());
    }

    [Fact]
    public async Task Without_a_policy_nothing_is_dropped_and_every_month_has_its_partition()
    {
        await MigrateAsync();
        await WriteAsync(30, 3, 0);

        Assert.Equal(0, await ScalarAsync("select integration.maintain()"));

        Assert.Equal("1,2,3", await PositionsAsync());
        Assert.True(await ScalarAsync("select count(*) from pg_inherits where inhparent = 'integration.message'::regclass") is >= 6L);
    }

    [Fact]
    public async Task Readers_miss_no_event_while_months_get_their_partitions()
    {
        const long Events = 12 * 2_000;
        await MigrateAsync();
        await RunAsync("""
            insert into integration.message (id, name, version, key, payload, headers, occurred_at)
            select gen_random_uuid(), 'a.b', 1, 'k', '{}', '{}', date_trunc('month', clock_timestamp()) + interval '1 day' - make_interval(months => months)
            from generate_series(3, 14) months, generate_series(1, 2000)
            """);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            var fewest = Events;
            while (!stop.IsCancellationRequested)
            {
                fewest = Math.Min(fewest, (long)(await ScalarAsync("select count(*) from integration.message"))!);
            }

            return fewest;
        }).ToList();

        await Eventually.TrueAsync(async () =>
        {
            await ScalarAsync("select integration.maintain()");
            return await ScalarAsync("select count(*) from integration.message_default") is 0L;
        });
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(readers), static fewest => Assert.Equal(Events, fewest));
    }

    [Fact]
    public async Task Months_are_made_later_while_a_transaction_writes_to_the_log()
    {
        await MigrateAsync();
        await WriteAsync(4);
        await using var connection = await _source.OpenConnectionAsync();
        await using var writing = await connection.BeginTransactionAsync();
        await using var write = new NpgsqlCommand("insert into integration.message (id, name, version, key, payload, headers) values (gen_random_uuid(), 'a.b', 1, 'k', '{}', '{}')", connection);
        await write.ExecuteNonQueryAsync();

        Assert.Equal(0, await ScalarAsync("select integration.maintain()"));
        Assert.Equal(1L, await ScalarAsync("select count(*) from integration.message"));

        await writing.CommitAsync();
        await ScalarAsync("select integration.maintain()");
        Assert.Equal(0L, await ScalarAsync("select count(*) from integration.message_default"));
        Assert.Equal("1,2", await PositionsAsync());
    }

    [Fact]
    public async Task Months_of_a_log_that_did_not_know_imported_events_get_the_mark_without_being_imported()
    {
        await MigrateAsync();
        await RunAsync("alter table integration.message drop column imported");
        await WriteAsync(2, 0);

        await MigrateAsync();
        await ScalarAsync("select integration.maintain()");
        await WriteAsync(0);

        Assert.Equal("1,2,3", await PositionsAsync());
        Assert.Equal(0L, await ScalarAsync("select count(*) from integration.message where imported"));
    }

    [Fact]
    public async Task The_first_versions_table_becomes_a_partition_with_everything_in_it()
    {
        await RunAsync("""
            create schema integration;
            create sequence integration.message_position;
            create function integration.next_position() returns bigint language sql as $$ select nextval('integration.message_position') $$;
            create table integration.message (
                position bigint primary key default integration.next_position(), id uuid not null, producer text not null default current_user, name varchar(200) not null,
                version integer not null, key varchar(200) not null, payload jsonb not null, headers jsonb not null, occurred_at timestamptz not null default clock_timestamp());
            create index message_name_position on integration.message (name, position);
            """);
        await WriteAsync(2, 0);

        await MigrateAsync();
        await MigrateAsync();
        await ScalarAsync("select integration.maintain()");
        await WriteAsync(0);

        Assert.Equal("1,2,3", await PositionsAsync());
    }

    private Task MigrateAsync() => RunAsync(LogSchema.Log + HostMembership.Schema + LogSchema.Retention);

    private async Task WriteAsync(params int[] monthsAgo)
    {
        foreach (var months in monthsAgo)
        {
            await RunAsync($$"""
                insert into integration.message (id, name, version, key, payload, headers, occurred_at)
                values (gen_random_uuid(), 'a.b', 1, 'k', '{}', '{}', date_trunc('month', clock_timestamp()) + interval '1 day' - make_interval(months => {{months}}))
                """);
        }
    }

    private async Task<string> PositionsAsync() => (string)(await ScalarAsync("select string_agg(position::text, ',' order by position) from integration.message"))!;

    private async Task RunAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
