using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Reliability.Tests;

public sealed class PgBouncerTests
{
    private const int Keys = 10;
    private const int EventsOfKey = 40;

    [InstalledProgramTheory("pgbouncer", "pgbouncer")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_hosts_behind_a_pooler_in_transaction_mode_have_each_effect_once_with_a_direct_address_for_listening_and_without(bool listens)
    {
        await using var database = await FlowDatabase.CreateAsync();
        // The search path stands with the role in its database; one that was copied from a template has none yet.
        await using (var migrating = FlowHost.Start(database.ConnectionString, "migrate"))
        {
            Assert.Equal(0, await migrating.EndedAsync());
        }

        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var bouncer = await PgBouncer.StartAsync(server, Logins(server));
        var pooled = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = bouncer.Port, MaxAutoPrepare = 0 }.ConnectionString;
        string[] listening = listens ? ["--ConnectionStrings:Listen=" + Direct(server)] : ["--Log:Listen=false"];
        await using var first = FlowHost.Start(pooled, listening);
        await using var second = FlowHost.Start(pooled, listening);
        await WaitForHostsAsync(database, first, second);
        await SpreadAsync(database);
        await database.WriteAsync(Keys, EventsOfKey, writers: 2, seed: 5);
        await database.ExecuteAsync("""
            insert into flow.log_timer (id, name, payload, headers, due_at, next_attempt_at) values (gen_random_uuid(), 'mark', '{"stream": "behind the pooler"}', '{}', now(), now())
            """);
        foreach (var host in new[] { first, second })
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            using var answer = await client.PostAsJsonAsync(new Uri("/api/flow/happenings", UriKind.Relative), new { stream = "by command", number = 1 });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        await Eventually.Async(() => database.DifferenceAsync(), static difference => difference.Length == 0, TimeSpan.FromSeconds(60));
        await Eventually.Async(() => database.CountAsync("subscription = 'timer' and key = 'behind the pooler'"), static count => count == 1);
        Assert.Empty(await database.FaultsAsync(Keys, EventsOfKey));
        Assert.Equal(8, await database.CountAsync("key = 'by command'"));
        await Eventually.Async(
            () => database.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen %'"), listening => listening == (listens ? 2 : 0));
        await Eventually.Async(() => database.ScalarAsync<long>("select count(*) from audit.entry where operation = 'Migrate'"), static count => count >= 1);
        Assert.DoesNotContain("are not heard of", first.Output + second.Output, StringComparison.Ordinal);
    }

    private static async Task WaitForHostsAsync(FlowDatabase database, FlowHost first, FlowHost second)
    {
        try
        {
            await Eventually.Async(
                () => database.ScalarAsync<long>("select count(*) from integration.host where expires_at > clock_timestamp() and started_at < clock_timestamp() - interval '1 s'"),
                static hosts => hosts == 2);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException("Two hosts did not come up: " + first.Output + second.Output, exception);
        }
    }

    // Which host has which keys changes whenever one of them was too busy to say that it is there; so there are events until both have handled some.
    private static async Task SpreadAsync(FlowDatabase database)
    {
        var number = 0;
        await Eventually.Async(
            async () =>
            {
                await database.WriteOneAsync(new LogHost.Happened("spread " + ++number, 1));
                return await database.ScalarAsync<long>("select count(distinct host) from flow.effect");
            },
            static hosts => hosts == 2);
    }

    private static string Direct(NpgsqlConnectionStringBuilder server) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { ApplicationName = "listening" }.ConnectionString;

    private static Dictionary<string, string> Logins(NpgsqlConnectionStringBuilder server)
    {
        var address = new DatabaseAddress(new ConfigurationManager(), Options.Create(new DatabaseOptions { RolePrefix = FlowHost.RolePrefix, RoleSecret = FlowHost.RoleSecret }));
        return new Dictionary<string, string>
        {
            [server.Username!] = server.Password!,
            [address.RoleOf("flow")] = address.PasswordOf("flow"),
            [address.RoleOf("audit")] = address.PasswordOf("audit"),
        };
    }
}
