using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using static ModularMonolith.Cli.Log.OperatorCommand;

namespace ModularMonolith.Cli.Audit;

/// <summary><c>mm audit …</c>: who changed what, and whether the log of it is what it was.</summary>
internal static class AuditCommands
{
    private const string Root = "/api/audit";

    private static readonly string[] EntryMembers = ["recordedAt", "module", "operation", "place", "subject", "address", "changeCount", "id"];
    private static readonly string[] EntryHeadings = ["when", "module", "operation", "place", "subject", "from", "changes", "id"];

    public static Command Create()
    {
        var id = new Argument<Guid>("id") { Description = "The entry's id; 'mm audit entries' shows it." };
        var kept = new Option<string?>("--from-head") { Description = "A head that was kept elsewhere, position:hash; the chain has to contain it." };
        return new Command("audit", "The audit log: every change with who, when, from where and what.")
        {
            Url,
            Entries(),
            Make("show", "Shows an entry with what its hash is computed from.", [id], async (parsed, api, stop) => Print(await api.GetAsync($"{Root}/entries/{parsed.GetValue(id)}", stop))),
            Make("head", "Shows the end of the hash chain, position:hash, to be kept elsewhere.", [AsJson], async (parsed, api, stop) =>
            {
                var head = await api.GetAsync(Root + "/head", stop);
                if (parsed.GetValue(AsJson))
                {
                    Print(head);
                    return;
                }

                Console.WriteLine($"{head.GetProperty("position").GetInt64()}:{head.GetProperty("hash").GetString()}");
            }),
            Make("verify", "Computes the hash chain anew, from its beginning to its end; ends with 1 when something is wrong.", [kept], (parsed, api, stop) => VerifyAsync(parsed.GetValue(kept), api, stop)),
        };
    }

    private static Command Entries()
    {
        Option<string?>[] filters =
        [
            new("--subject") { Description = "Only what was done on behalf of this subject." },
            new("--module") { Description = "Only changes of this module's data." },
            new("--operation") { Description = "Only this command or subscription: PlaceOrder." },
            new("--resource") { Description = "Only changes of what has this id." },
            new("--type") { Description = "With --resource: only where it is of this type, a document's stored name or stream." },
            new("--from") { Description = "Only since this time: 2026-01-31T12:00:00Z." },
            new("--to") { Description = "Only before this time." },
        ];
        var limit = new Option<int>("--limit") { Description = "How many at most, 1 to 100.", DefaultValueFactory = static _ => 20 };
        return Make("entries", "Lists the changes, the newest first.", [.. filters, limit, AsJson], async (parsed, api, stop) =>
        {
            var query = string.Concat(filters.Select(filter => Query(filter.Name[2..], parsed.GetValue(filter))));
            var answer = await api.GetAsync($"{Root}/entries?limit={parsed.GetValue(limit)}{query}", stop);
            if (parsed.GetValue(AsJson))
            {
                Print(answer);
                return;
            }

            Write(EntryHeadings, EntryMembers, answer.GetProperty("items"));
            if (answer.GetProperty("next").ValueKind == JsonValueKind.String)
            {
                AnsiConsole.WriteLine("There are more; give --limit or a filter.");
            }
        });
    }

    private static async Task VerifyAsync(string? kept, HostApi api, CancellationToken cancellationToken)
    {
        var (count, cursor) = (0L, (string?)null);
        do
        {
            var part = await api.GetAsync($"{Root}/verification?{Query("head", kept)}{Query("cursor", cursor)}".Replace("?&", "?", StringComparison.Ordinal).TrimEnd('?'), cancellationToken);
            count += part.GetProperty("checked").GetInt64();
            if (!part.GetProperty("isIntact").GetBoolean())
            {
                throw new HostException($"Position {part.GetProperty("badPosition").GetInt64()}: {part.GetProperty("finding").GetString()}");
            }

            (cursor, var upTo) = (part.GetProperty("next").GetString(), part.GetProperty("upTo").GetInt64());
            if (cursor is null)
            {
                AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"The chain is intact up to position {upTo}; {count} entries were computed anew.");
            }
        }
        while (cursor is not null);
    }
}
