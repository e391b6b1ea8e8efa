using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using static ModularMonolith.Cli.Log.OperatorCommand;

namespace ModularMonolith.Cli.Log;

/// <summary><c>mm log timers</c>, <c>mm log timer …</c> and <c>mm log jobs</c>: what is scheduled, what of it failed, and what to do with it.</summary>
internal static class TimerCommands
{
    private const string Timers = "/api/log/timers";

    private static readonly string[] TimerMembers = ["module", "id", "name", "state", "dueAt", "attempts", "error"];
    private static readonly string[] TimerHeadings = ["module", "id", "timer", "state", "due", "attempts", "error"];
    private static readonly string[] JobMembers = ["module", "name", "schedule", "nextAt", "lastRunAt", "attempts", "error"];
    private static readonly string[] JobHeadings = ["module", "job", "schedule", "next", "last", "attempts", "error"];

    private static readonly Argument<string> Timer = new("timer") { Description = "Module and id: inventory/0193d1e4-5f6a-7b8c-9d0e-1f2a3b4c5d6e." };

    public static Command List()
    {
        var state = new Option<string?>("--state") { Description = "parked, waiting or discarded; without it those that are parked, then those that wait." };
        var module = new Option<string?>("--module") { Description = "Only timers of this module." };
        var limit = new Option<int>("--limit") { Description = "How many at most, 1 to 100.", DefaultValueFactory = static _ => 20 };
        return Make("timers", "Lists the timers.", [state, module, limit, AsJson], (parsed, api, stop) => ListAsync(
            parsed, api, $"{Timers}?limit={parsed.GetValue(limit)}{Query("state", parsed.GetValue(state))}{Query("module", parsed.GetValue(module))}", stop));
    }

    public static Command One() => new("timer", "Shows one timer, has it sent again, or gives it up.")
    {
        Make("show", "Shows a timer with its command and its last errors.", [Timer], async (parsed, api, stop) => Print(await api.GetAsync(PathOf(parsed), stop))),
        Make("replay", "Has a failed timer sent again, once.", [Timer, Reason], async (parsed, api, stop) =>
            Count(await api.PostAsync(PathOf(parsed) + "/replay", new { reason = parsed.GetValue(Reason) }, stop), "tried again")),
        Make("discard", "Gives a timer up: its command is not sent any more.", [Timer, Reason], async (parsed, api, stop) =>
            Count(await api.PostAsync(PathOf(parsed) + "/discard", new { reason = parsed.GetValue(Reason) }, stop), "given up")),
    };

    public static Command Jobs() => Make("jobs", "Lists the recurring jobs.", [AsJson], static async (parsed, api, stop) =>
    {
        var answer = await api.GetAsync("/api/log/jobs", stop);
        if (parsed.GetValue(AsJson))
        {
            Print(answer);
            return;
        }

        Write(JobHeadings, JobMembers, answer);
    });

    private static async Task ListAsync(ParseResult parsed, HostApi api, string path, CancellationToken cancellationToken)
    {
        var answer = await api.GetAsync(path, cancellationToken);
        if (parsed.GetValue(AsJson))
        {
            Print(answer);
            return;
        }

        Write(TimerHeadings, TimerMembers, answer.GetProperty("items"));
        if (answer.GetProperty("next").ValueKind == JsonValueKind.String)
        {
            AnsiConsole.WriteLine("There are more; give --limit, --state or --module.");
        }
    }

    private static string PathOf(ParseResult parsed) => parsed.GetValue(Timer)!.Split('/') is [var module, var id] && Guid.TryParse(id, out var timer)
        ? $"{Timers}/{Uri.EscapeDataString(module)}/{timer}"
        : throw new HostException($"'{parsed.GetValue(Timer)}' is no timer. Give module and id; 'mm log timers' shows them.");
}
