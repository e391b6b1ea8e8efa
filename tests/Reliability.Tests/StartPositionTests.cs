using System.Globalization;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Reliability.LogHost;

namespace ModularMonolith.Reliability.Tests;

public sealed class StartPositionTests
{
    private const int Old = 3_000;

    [Fact]
    public async Task A_new_subscription_on_a_long_log_begins_at_now_or_at_its_time_and_skips_nothing_that_follows()
    {
        await using var database = await FlowDatabase.CreateAsync();
        await WriteOldAsync(database, "2026-02-28T23:59:59Z", "too old");
        await WriteOldAsync(database, "2026-03-01T00:00:00Z", "old");
        await using var open = await database.Source.OpenConnectionAsync();
        await using var transaction = await open.BeginTransactionAsync();
        await FlowDatabase.InsertAsync(open, new Noted("open", 1));
        await database.WriteOneAsync(new Noted("behind the open one", 1));

        // Its statements are in its output: the starts have been decided when both subscriptions have asked for the end of the log.
        await using var host = FlowHost.Start(database.ConnectionString, "--Logging:LogLevel:Npgsql.Command=Information");
        await Eventually.Async(
            () => Task.FromResult(host.Output.Split("select coalesce(max(position), 0) from integration.message").Length - 1), static times => times >= 2, TimeSpan.FromSeconds(60));
        for (var number = 1; number <= 20; number++)
        {
            await database.WriteOneAsync(new Noted("new", number));
        }

        await transaction.CommitAsync();
        await database.WriteOneAsync(new Noted("new", 21));

        var fromTime = string.Create(CultureInfo.InvariantCulture, $"behind the open one 1, new 21, old {Old}, open 1");
        await Eventually.Async(() => HandledAsync(database, "from-now"), static handled => handled == "new 21");
        await Eventually.Async(() => HandledAsync(database, "from-time"), handled => handled == fromTime, TimeSpan.FromSeconds(60));
        Assert.Equal("new 21", await HandledAsync(database, "from-now"));
    }

    private static Task WriteOldAsync(FlowDatabase database, string at, string key) => database.ExecuteAsync($$"""
        insert into integration.message (id, name, version, key, payload, headers, occurred_at)
        select gen_random_uuid(), 'flow.noted', 1, '{{key}}', jsonb_build_object('stream', '{{key}}', 'number', number), '{}', '{{at}}' from generate_series(1, {{Old}}) number
        """);

    // In order, without a hole and each once: then the count is the highest number.
    private static Task<string> HandledAsync(FlowDatabase database, string subscription) => database.ScalarAsync<string>($"""
        select coalesce(string_agg(key || ' ' || case when whole then times::text else 'with holes' end, ', ' order by key), '')
        from (select key, count(*) as times, bool_and(number = expected) as whole
              from (select key, number, row_number() over (partition by key order by id) as expected from flow.effect where subscription = '{subscription}') numbered
              group by key) keys
        """);
}
