using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Reliability.Tests;

public sealed class KilledHostsTests
{
    [Fact]
    public async Task Every_effect_happens_once_and_in_order_while_hosts_are_killed()
    {
        const int Keys = 50;
        const int EventsOfKey = 200;
        await using var database = await FlowDatabase.CreateAsync();
        var hosts = Enumerable.Range(0, 3).Select(_ => FlowHost.Start(database.ConnectionString)).ToList();
        try
        {
            var writing = database.WriteAsync(Keys, EventsOfKey, writers: 4, seed: 7);
            var random = new Random(11);
            for (var kill = 0; kill < 8; kill++)
            {
                // The next one dies when the others have done a little more, wherever they are then.
                var before = await database.CountAsync();
                var step = random.Next(200, 2_000);
                await Eventually.Async(() => database.CountAsync(), count => count >= Math.Min(before + step, 4L * Keys * EventsOfKey), TimeSpan.FromSeconds(60));
                var victim = random.Next(hosts.Count);
                await hosts[victim].KillAsync();
                await hosts[victim].DisposeAsync();
                hosts[victim] = FlowHost.Start(database.ConnectionString);
            }

            await writing;
            await Eventually.Async(() => database.CountAsync(), static count => count >= 4L * Keys * EventsOfKey, TimeSpan.FromSeconds(120));

            Assert.Empty(await database.FaultsAsync(Keys, EventsOfKey));
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task When_a_host_is_killed_another_one_takes_over_within_seconds()
    {
        await using var database = await FlowDatabase.CreateAsync();
        await using var first = FlowHost.Start(database.ConnectionString);
        await database.WriteAsync(keys: 4, eventsOfKey: 5, writers: 1, seed: 1);
        await Eventually.Async(() => database.CountAsync(), static count => count == 80, TimeSpan.FromSeconds(60));
        await using var second = FlowHost.Start(database.ConnectionString);
        await Eventually.Async(() => OwnersAsync(database), static owners => owners == 2, TimeSpan.FromSeconds(60));

        await first.KillAsync();
        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            await FlowDatabase.InsertAsync(connection, new LogHost.Happened("after", 1));
        }

        await Eventually.Async(() => database.CountAsync("key = 'after'"), static count => count == 4);
        Assert.Equal(4, await database.CountAsync($"key = 'after' and host = {second.Id}"));
    }

    private static async Task<long> OwnersAsync(FlowDatabase database)
    {
        await using var command = database.Source.CreateCommand("select count(*) from integration.host where expires_at > clock_timestamp()");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
