using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModularMonolith.Conformance.Checking;
using Spectre.Console;

namespace ModularMonolith.Cli.Conformance;

/// <summary><c>mm conformance …</c>: whether an API keeps the conventions of docs/api.md.</summary>
internal static class ConformanceCommand
{
    private const int RedirectedWidth = 240;

    private static readonly Argument<string> Address = new("address") { Description = "The base address of the API: https://shop.example." };
    private static readonly Option<string?> Token = new("--token") { Description = "An access token. MM_TOKEN in the environment does too, and stays out of the list of processes." };
    private static readonly Option<string?> ApiKey = new("--api-key") { Description = "A machine's key. MM_API_KEY does too." };
    private static readonly Option<string?> SignIn = new("--sign-in") { Description = "Sign in with this address; the password is asked for, or taken from MM_PASSWORD." };
    private static readonly Option<bool> ReadOnly = new("--read-only") { Description = "Run only the checks that write nothing." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "Print the results as JSON." };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public static Command Create()
    {
        var command = new Command("conformance", "Checks over HTTP whether an API keeps the conventions of docs/api.md, and prints a table. Ends with 1 where one is not kept.")
        {
            Address, Token, ApiKey, SignIn, ReadOnly, AsJson,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await RunAsync(parsed, cancellationToken);
            }
            catch (Exception exception) when (exception is ConformanceException or HostException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var address = Uri.TryCreate(parsed.GetValue(Address), UriKind.Absolute, out var given) && given.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? given
            : throw new HostException($"'{parsed.GetValue(Address)}' is no address. Give one like https://shop.example.");
        var authorization = await AuthorizationAsync(parsed, address, cancellationToken);
        var settings = new ConformanceSettings(address, authorization, parsed.GetValue(ReadOnly));
        if (!settings.ReadOnly)
        {
            await Console.Error.WriteLineAsync(
                $"The checks write to {address}: draft products and stock of SKUs that begin with CONFORMANCE-, which they archive and book out at the end. --read-only leaves those checks out.");
        }

        var results = new List<CheckResult>();
        var end = string.Empty;
        await foreach (var result in ConformanceKit.RunAsync(settings, sentence => end = sentence, cancellationToken))
        {
            results.Add(result);
        }

        results = [.. results.OrderBy(static result => result.Number)];
        if (parsed.GetValue(AsJson))
        {
            Console.WriteLine(JsonSerializer.Serialize(new { address, results, note = end }, Json));
        }
        else
        {
            Write(results);
            AnsiConsole.WriteLine($"{Count(results, CheckOutcome.Passed)} kept, {Count(results, CheckOutcome.Failed)} not kept, {Count(results, CheckOutcome.NotShown)} not shown. {end}");
        }

        return Count(results, CheckOutcome.Failed) == 0 ? 0 : 1;
    }

    private static async Task<string?> AuthorizationAsync(ParseResult parsed, Uri address, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(SignIn) is { } email)
        {
            var password = Environment.GetEnvironmentVariable("MM_PASSWORD")
                ?? AnsiConsole.Prompt(new TextPrompt<string>("Password:").Secret());
            return await Credentials.SignInAsync(address, email, password, cancellationToken);
        }

        return (parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable("MM_TOKEN")) is { } bearer ? "Bearer " + bearer
            : (parsed.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("MM_API_KEY")) is { } key ? "ApiKey " + key
            : null;
    }

    private static void Write(IReadOnlyList<CheckResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "convention", "", "what was done and seen");
        foreach (var result in results)
        {
            var (outcome, colour) = result.Outcome switch
            {
                CheckOutcome.Passed => ("kept", Color.Green),
                CheckOutcome.Failed => ("NOT KEPT", Color.Red),
                _ => ("not shown", Color.Grey),
            };
            table.AddRow(
                new Text(result.Number.ToString(CultureInfo.InvariantCulture)), new Text(result.Title), new Text(outcome, Console.IsOutputRedirected ? Style.Plain : new Style(colour)), new Text(result.Sentence));
        }

        // A file or a pipe has no width that a row would have to fit into.
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        AnsiConsole.Write(table);
    }

    private static int Count(IReadOnlyList<CheckResult> results, CheckOutcome outcome) => results.Count(result => result.Outcome == outcome);
}
