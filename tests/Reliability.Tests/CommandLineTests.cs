using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Reliability.LogHost;

namespace ModularMonolith.Reliability.Tests;

public sealed class CommandLineTests
{
    private static readonly string Program = typeof(CommandLineTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "CommandLine").Value!;

    [Fact]
    public async Task An_operator_finds_a_parked_event_has_it_tried_again_and_gives_it_up()
    {
        await using var database = await FlowDatabase.CreateAsync();
        await using var host = FlowHost.Start(database.ConnectionString);
        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            await FlowDatabase.InsertAsync(connection, new Happened("poison", 1, Fault: 1_000));
            await FlowDatabase.InsertAsync(connection, new Happened("poison", 2));
        }

        var parked = await Eventually.Async(() => FailedAsync(host), static found => found.Contains("parked,held", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        var position = parked.Split(':')[0];
        var list = await RunAsync(host, 0, "log", "list");
        Assert.Contains("flow/single", list, StringComparison.Ordinal);
        Assert.Contains("as the test wants it", await RunAsync(host, 0, "log", "show", "flow/single", position), StringComparison.Ordinal);

        Assert.Contains("1 tried again.", await RunAsync(host, 0, "log", "replay", "flow/single", "--key", "poison", "--reason", "perhaps"), StringComparison.Ordinal);
        await Eventually.Async(() => RunAsync(host, 0, "log", "show", "flow/single", position), static shown => shown.Contains("\"attempt\": 6", StringComparison.Ordinal));
        Assert.Contains("1 given up.", await RunAsync(host, 0, "log", "discard", "flow/single", position, "--reason", "hopeless"), StringComparison.Ordinal);
        await Eventually.Async(() => database.CountAsync("subscription = 'single' and key = 'poison' and number = 2"), static count => count == 1);

        Assert.Contains("hopeless", await RunAsync(host, 0, "log", "show", "flow/single", position), StringComparison.Ordinal);
        Assert.Contains("Known are flow/batch", await RunAsync(host, 1, "log", "failed", "flow/nobody"), StringComparison.Ordinal);
        Assert.Contains("is no subscription", await RunAsync(host, 1, "log", "failed", "nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_finds_a_parked_timer_has_it_sent_again_and_gives_it_up()
    {
        await using var database = await FlowDatabase.CreateAsync();
        await using var host = FlowHost.Start(database.ConnectionString);
        var id = Guid.NewGuid();
        await using (var insert = database.Source.CreateCommand(
            """
            insert into flow.log_timer (id, name, payload, headers, due_at, next_attempt_at) values ($1, 'renamed', '{"number": 7}', '{}', now(), now()), ($2, 'later', '{}', '{}', now() + interval '1 day', now() + interval '1 day');
            """))
        {
            insert.Parameters.AddWithValue(id);
            insert.Parameters.AddWithValue(Guid.NewGuid());
            await insert.ExecuteNonQueryAsync();
        }

        var parked = await Eventually.Async(
            () => RunAsync(host, null, "log", "timers", "--state", "parked"), found => found.Contains(id.ToString(), StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        Assert.DoesNotContain("later", parked, StringComparison.Ordinal);
        Assert.Contains("later", await RunAsync(host, 0, "log", "timers", "--module", "flow"), StringComparison.Ordinal);
        Assert.Contains("\"number\": 7", await RunAsync(host, 0, "log", "timer", "show", $"flow/{id}"), StringComparison.Ordinal);

        Assert.Contains("1 tried again.", await RunAsync(host, 0, "log", "timer", "replay", $"flow/{id}", "--reason", "perhaps"), StringComparison.Ordinal);
        await Eventually.Async(() => RunAsync(host, 0, "log", "timer", "show", $"flow/{id}"), static shown => shown.Contains("\"attempt\": 2", StringComparison.Ordinal));
        Assert.Contains("1 given up.", await RunAsync(host, 0, "log", "timer", "discard", $"flow/{id}", "--reason", "hopeless"), StringComparison.Ordinal);

        Assert.Contains("hopeless", await RunAsync(host, 0, "log", "timer", "show", $"flow/{id}"), StringComparison.Ordinal);
        Assert.Contains("is no timer", await RunAsync(host, 1, "log", "timer", "show", id.ToString()), StringComparison.Ordinal);
        Assert.Contains("Known are flow", await RunAsync(host, 1, "log", "timers", "--module", "nobody"), StringComparison.Ordinal);
        Assert.Contains("schedule", await RunAsync(host, 0, "log", "jobs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_auditor_finds_changes_keeps_a_head_and_learns_what_was_changed_behind_the_hosts_back()
    {
        await using var database = await FlowDatabase.CreateAsync();
        await using var host = FlowHost.Start(database.ConnectionString);
        await database.WriteOneAsync(new Happened("recorded", 1));
        var entries = await Eventually.Async(
            () => RunAsync(host, null, "audit", "entries", "--module", "flow", "--operation", "single"), static found => found.Contains("subscription flow/single", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        Assert.Contains("single", entries, StringComparison.Ordinal);
        var head = (await RunAsync(host, 0, "audit", "head")).Trim();
        Assert.Matches("^[0-9]+:[0-9a-f]{64}$", head);
        Assert.Contains("The chain is intact", await RunAsync(host, 0, "audit", "verify", "--from-head", head), StringComparison.Ordinal);

        await database.ExecuteAsync("update audit.entry set subject = 'somebody else' where position = 1");

        Assert.Contains("Position 1:", await RunAsync(host, 1, "audit", "verify"), StringComparison.Ordinal);
        Assert.Contains("needs resource", await RunAsync(host, 1, "audit", "entries", "--type", "note"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_host_the_command_line_says_what_to_do() =>
        Assert.Contains("Start it, or give its address with --url.", await RunAsync(null, 1, "log", "list"), StringComparison.Ordinal);

    private static async Task<string> FailedAsync(FlowHost host)
    {
        var answer = await RunAsync(host, null, "log", "failed", "flow/single", "--json");
        if (!answer.StartsWith('{'))
        {
            return answer;
        }

        var items = JsonDocument.Parse(answer).RootElement.GetProperty("items").EnumerateArray().ToList();
        return items.Count == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{items[0].GetProperty("position").GetInt64()}:{string.Join(',', items.Select(static item => item.GetProperty("state").GetString()))}");
    }

    private static async Task<string> RunAsync(FlowHost? host, int? exitCode, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments, "--url", (host?.Address ?? new Uri("http://127.0.0.1:9")).ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var text = await output + await error;
        Assert.True(exitCode is null || exitCode == process.ExitCode, $"Exit code {process.ExitCode}: {text}");
        return text;
    }
}
