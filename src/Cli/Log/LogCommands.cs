using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using static ModularMonolith.Cli.Log.OperatorCommand;

namespace ModularMonolith.Cli.Log;

/// <summary><c>mm log …</c>: what subscriptions could not handle, and what to do with it.</summary>
internal static class LogCommands
{
    private const string Subscriptions = "/api/log/subscriptions";

    private static readonly string[] SubscriptionMembers = ["subscription", "position", "behind", "oldestWaiting", "retrying", "held", "parked", "host"];
    private static readonly string[] FailedMembers = ["position", "event", "key", "state", "attempts", "error"];

    private static readonly Argument<string> Subscription = new("subscription") { Description = "Module and name: inventory/declare-stock." };
    private static readonly Argument<long> Position = new("position") { Description = "The event's position in the log." };

    public static Command Create()
    {
        var state = new Option<string?>("--state") { Description = "retrying, held, parked, replay, settled or discarded; without it all that are not settled." };
        var key = new Option<string?>("--key") { Description = "Only events of this key." };
        var limit = new Option<int>("--limit") { Description = "How many at most, 1 to 100.", DefaultValueFactory = static _ => 20 };
        var one = new Option<long?>("--position") { Description = "Only the event at this position; without it and without --key all that are parked." };
        var place = new Option<long?>("--to") { Description = "The last position that it is not to have again; without it and without --time the log's beginning." };
        var time = new Option<DateTimeOffset?>("--time") { Description = "Events since this time come again." };
        return new Command("log", "The events between modules and the timers: subscriptions, what they could not handle, what is scheduled, and what to do with it.")
        {
            Url,
            Make("list", "Lists the subscriptions and how they do.", [AsJson], (parsed, api, stop) => ListAsync(parsed, api, stop)),
            Make("failed", "Lists the events that a subscription could not handle.", [Subscription, state, key, limit, AsJson], (parsed, api, stop) =>
                FailedAsync(parsed, api, $"{PathOf(parsed)}/failed?limit={parsed.GetValue(limit)}{Query("state", parsed.GetValue(state))}{Query("key", parsed.GetValue(key))}", stop)),
            Make("show", "Shows such an event with every error.", [Subscription, Position], async (parsed, api, stop) =>
                Print(await api.GetAsync($"{PathOf(parsed)}/failed/{parsed.GetValue(Position)}", stop))),
            Make("replay", "Has failed events tried again, each once.", [Subscription, one, key, Reason], async (parsed, api, stop) =>
                Count(await api.PostAsync(
                    parsed.GetValue(one) is { } position ? $"{PathOf(parsed)}/failed/{position}/replay" : $"{PathOf(parsed)}/failed/replay",
                    parsed.GetValue(one) is null ? new { key = parsed.GetValue(key), reason = parsed.GetValue(Reason) } : new { reason = parsed.GetValue(Reason) }, stop), "tried again")),
            Make("discard", "Gives a failed event up; those of its key that wait behind it go on.", [Subscription, Position, Reason], async (parsed, api, stop) =>
                Count(await api.PostAsync($"{PathOf(parsed)}/failed/{parsed.GetValue(Position)}/discard", new { reason = parsed.GetValue(Reason) }, stop), "given up")),
            Make("rewind", "Lets a subscription go again over events that it has had.", [Subscription, place, time, Reason], async (parsed, api, stop) =>
            {
                var answer = await api.PostAsync($"{PathOf(parsed)}/rewind", new { position = parsed.GetValue(place), time = parsed.GetValue(time), reason = parsed.GetValue(Reason) }, stop);
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"It goes on behind position {answer.GetProperty("position").GetInt64()}.");
            }),
            TimerCommands.List(),
            TimerCommands.One(),
            TimerCommands.Jobs(),
        };
    }

    private static async Task ListAsync(ParseResult parsed, HostApi api, CancellationToken cancellationToken)
    {
        var answer = await api.GetAsync(Subscriptions, cancellationToken);
        if (parsed.GetValue(AsJson))
        {
            Print(answer);
            return;
        }

        Write(["subscription", "position", "behind", "waiting since", "retrying", "held", "parked", "host"], SubscriptionMembers, answer);
    }

    private static async Task FailedAsync(ParseResult parsed, HostApi api, string path, CancellationToken cancellationToken)
    {
        var answer = await api.GetAsync(path, cancellationToken);
        if (parsed.GetValue(AsJson))
        {
            Print(answer);
            return;
        }

        Write(FailedMembers, FailedMembers, answer.GetProperty("items"));
        if (answer.GetProperty("next").ValueKind == JsonValueKind.String)
        {
            AnsiConsole.WriteLine("There are more; give --limit, --state or --key.");
        }
    }

    private static string PathOf(ParseResult parsed) => parsed.GetValue(Subscription)!.Split('/') is [var module, var name]
        ? $"{Subscriptions}/{Uri.EscapeDataString(module)}/{Uri.EscapeDataString(name)}"
        : throw new HostException($"'{parsed.GetValue(Subscription)}' is no subscription. Give module and name: inventory/declare-stock; 'mm log list' shows them.");
}
