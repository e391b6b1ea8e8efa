using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ModularMonolith.Cli.Log;

/// <summary>What the commands that ask a host have in common.</summary>
internal static class OperatorCommand
{
    private const int RedirectedWidth = 300;

    public static readonly Option<string> Url = new("--url")
    {
        Description = "The host's address.",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("MM_URL") ?? "http://localhost:5080",
        Recursive = true,
    };

    public static readonly Option<string> Reason = new("--reason") { Description = "Why; kept in the audit.", Required = true };
    public static readonly Option<bool> AsJson = new("--json") { Description = "Print what the host answers." };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Make(string name, string description, Symbol[] symbols, Func<ParseResult, HostApi, CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                using var api = new HostApi(Uri.TryCreate(parsed.GetValue(Url), UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal)
                    ? address
                    : throw new HostException($"'{parsed.GetValue(Url)}' is no address. Give one like http://localhost:5080 with --url."));
                await run(parsed, api, cancellationToken);
                return 0;
            }
            catch (HostException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        });
        return command;
    }

    /// <summary>Prints rows as a table, one column for each member.</summary>
    public static void Write(string[] headings, string[] members, JsonElement rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(headings);
        foreach (var row in rows.EnumerateArray())
        {
            table.AddRow(Cells(row, members));
        }

        // A file or a pipe has no width that a row would have to fit into.
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        AnsiConsole.Write(table);
    }

    public static string Query(string name, string? value) => value is null ? string.Empty : $"&{name}={Uri.EscapeDataString(value)}";

    private static string[] Cells(JsonElement row, string[] members) => Array.ConvertAll(
        members, member => Markup.Escape(row.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "-"));

    public static void Count(JsonElement answer, string what) =>
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{answer.GetProperty("count").GetInt32()} {what}.");

    public static void Print(JsonElement answer) => Console.WriteLine(JsonSerializer.Serialize(answer, Indented));
}
