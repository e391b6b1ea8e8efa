using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Postgres.Testing;
using ModularMonolith.Reliability.LogHost;
using Npgsql;

namespace ModularMonolith.Reliability.Tests;

public sealed class RestoreTests
{
    private const int Keys = 20;
    private const int EventsOfKey = 60;

    [InstalledProgramTheory("pg_dump", "postgresql-client")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dump_restored_into_a_new_cluster_is_delivered_to_its_end_with_each_effect_once(bool withRoles)
    {
        await using var old = await FlowDatabase.CreateAsync();
        await HandlePartAsync(old);
        await old.ExecuteAsync("do $$ begin for n in 1..20000 loop perform pg_current_xact_id(); commit; end loop; end $$");
        await using var cluster = await TestServer.StartOwnAsync();
        await using var restored = new FlowDatabase(await cluster.CreateDatabaseAsync());
        await using (var open = await old.Source.OpenConnectionAsync())
        {
            // Its positions are drawn and it is not in the dump: a gap before the end of the log, and one at its end.
            await using var transaction = await open.BeginTransactionAsync();
            await FlowDatabase.InsertAsync(open, new Happened("lost", 1));
            await old.WriteOneAsync(new Happened("before the dump", 1));
            await FlowDatabase.InsertAsync(open, new Happened("lost", 2));
            await CopyAsync(old, restored, withRoles);
            await transaction.RollbackAsync();
        }

        Assert.True(await NextTransactionAsync(restored) < await NextTransactionAsync(old), "The new cluster's transaction ids are to be lower.");
        Assert.True(await restored.ScalarAsync<long>("select count(distinct position) from flow.log_cursor") > 1, "The cursors are to stand at different places.");
        Assert.Contains("missing", await restored.DifferenceAsync("poison"), StringComparison.Ordinal);
        var end = await restored.ScalarAsync<long>("select max(position) from integration.message");
        await using (var migrating = FlowHost.Start(restored.ConnectionString, "migrate"))
        {
            Assert.True(await migrating.EndedAsync() == 0, migrating.Output);
        }

        await using var host = FlowHost.Start(restored.ConnectionString);
        await Eventually.Async(() => restored.DifferenceAsync("poison"), static difference => difference.Length == 0, TimeSpan.FromSeconds(60));
        Assert.True(await restored.WriteOneAsync(new Happened("after the restore", 1)) > end + 1, "A position that was drawn before the dump was drawn again.");
        await Eventually.Async(() => restored.CountAsync("key = 'after the restore'"), static count => count == 4);
        await Eventually.Async(() => restored.CountAsync("subscription = 'timer' and key = 'due'"), static count => count == 1);

        Assert.Equal("parked,held", await FailedAsync(restored));
        await DiscardAsync(host, await restored.ScalarAsync<long>("select min(position) from flow.log_dead_letter where subscription = 'single' and state = 'parked'"));
        await Eventually.Async(() => restored.CountAsync("subscription = 'single' and key = 'poison' and number = 2"), static count => count == 1);

        // Sealing goes on behind what was sealed before the dump.
        await Eventually.Async(() => restored.ScalarAsync<long>("select count(*) from audit.entry where operation = 'DiscardFailedEvent'"), static count => count == 1);
        Assert.Equal(0, await restored.ScalarAsync<long>("select count(*) from audit.pending where recorded_at < now() - interval '1 minute'"));
        Assert.Equal(await restored.ScalarAsync<long>("select max(position) from audit.entry"), await restored.ScalarAsync<long>("select count(*) from audit.entry"));
        Assert.Empty(await restored.DifferenceAsync("poison"));
        Assert.Empty(await restored.FaultsAsync(Keys, EventsOfKey));
        Assert.Equal(0, await restored.CountAsync("key = 'lost'"));
        Assert.Equal(1, await restored.CountAsync("subscription = 'timer'"));
        Assert.Equal(1, await restored.ScalarAsync<long>("select count(*) from flow.log_timer"));
    }

    // One event is parked with another behind it, and a part of the others is handled; then the host dies, and there is more to do.
    private static async Task HandlePartAsync(FlowDatabase database)
    {
        await using (var host = FlowHost.Start(database.ConnectionString))
        {
            await database.WriteOneAsync(new Happened("poison", 1, Fault: 1_000));
            await database.WriteOneAsync(new Happened("poison", 2));
            await Eventually.Async(() => FailedAsync(database), static states => states == "parked,held", TimeSpan.FromSeconds(60));
            var writing = database.WriteAsync(Keys, EventsOfKey, writers: 3, seed: 3);
            await Eventually.Async(() => database.CountAsync(), static count => count > Keys * EventsOfKey, TimeSpan.FromSeconds(60));
            await host.KillAsync();
            await writing;
        }

        await database.WriteOneAsync(new Happened("after the kill", 1));
        foreach (var (key, due) in new[] { ("due", "1 second"), ("not due", "1 day") })
        {
            await database.ExecuteAsync($$"""
                insert into flow.log_timer (id, name, payload, headers, due_at, next_attempt_at)
                select gen_random_uuid(), 'mark', '{"stream": "{{key}}"}', '{}', at, at from (select now() + interval '{{due}}' as at) due
                """);
        }
    }

    private static Task<string> FailedAsync(FlowDatabase database) => database.ScalarAsync<string>(
        "select coalesce(string_agg(state, ',' order by position), '') from flow.log_dead_letter where subscription = 'single' and key = 'poison'");

    private static Task<long> NextTransactionAsync(FlowDatabase database) => database.ScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");

    private static async Task DiscardAsync(FlowHost host, long position)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        using var answer = await client.PostAsJsonAsync(new Uri($"/api/log/subscriptions/flow/single/failed/{position}/discard", UriKind.Relative), new { reason = "It is poison." });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    // Without the roles pg_restore gives everything to the one who restores, and ends with 1 because of it.
    private static async Task CopyAsync(FlowDatabase from, FlowDatabase to, bool withRoles)
    {
        var folder = Directory.CreateTempSubdirectory("dump");
        try
        {
            var dump = Path.Combine(folder.FullName, "dump");
            var roles = Path.Combine(folder.FullName, "roles");
            await RunAsync(0, "pg_dump", from, "--format=custom", "--file=" + dump, from.Name);
            if (withRoles)
            {
                await RunAsync(0, "pg_dumpall", from, "--roles-only", "--file=" + roles);
                // The administrator's password stays the new cluster's own.
                await File.WriteAllLinesAsync(roles, (await File.ReadAllLinesAsync(roles)).Where(static line => !line.Contains("ROLE postgres", StringComparison.Ordinal)));
                await RunAsync(0, "psql", to, "--quiet", "--file=" + roles, "--dbname=" + to.Name);
            }

            await RunAsync(withRoles ? 0 : 1, "pg_restore", to, "--dbname=" + to.Name, dump);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(int exitCode, string program, FlowDatabase database, params string[] arguments)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(InstalledProgram.Find(program)!, arguments) { RedirectStandardError = true };
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGPASSWORD"] = connection.Password;
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(process.ExitCode == exitCode, $"{program} ended with {process.ExitCode}: {error}");
    }
}
