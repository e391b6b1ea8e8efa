using System.CommandLine;
using System.Text.Json.Nodes;
using ModularMonolith.Architecture;
using ModularMonolith.Architecture.Contracts;
using ModularMonolith.Cli.Architecture;
using ModularMonolith.HttpContracts;

namespace ModularMonolith.Cli.Contracts;

/// <summary><c>mm contracts</c>: the files that have what the modules promise, to clients and to each other.</summary>
internal static class ContractCommands
{
    /// <summary>What is to be called to write the files.</summary>
    public const string SaveCommand = "build/mm contracts save";

    private const string Http = "http";

    private static readonly Option<string?> Address = new("--address") { Description = "A running host whose description is taken; without it the host is built and asked without being started." };
    private static readonly Option<string?> Breaking = new("--breaking") { Description = "Why changes are made that break clients, consumers or stored data. It is recorded beside the contract." };
    private static readonly Option<string?> Against = new("--against") { Description = "A commit: instead of the host and the compiled code, the files of that commit are compared with those that are here." };
    private static readonly Option<string[]> Only = CreateOnly();

    public static Command Create()
    {
        var save = new Command("save", "Writes what the host publishes and the compiled code promises into the contract files. Refuses what breaks anybody unless --breaking says why.") { Address, Breaking, Only };
        save.SetAction((parsed, cancellationToken) => EachAsync(
            parsed, () => SaveAsync(parsed, cancellationToken), code => code.SaveAsync(parsed.GetValue(Breaking), cancellationToken)));
        var check = new Command("check", "Compares the contract files with what the host publishes and the compiled code promises, or with those of a commit, and says whom each difference breaks.") { Address, Against, Only };
        check.SetAction((parsed, cancellationToken) => parsed.GetValue(Against) is { } commit
            ? EachAsync(parsed, () => CheckAgainstAsync(parsed, commit, cancellationToken), code => code.CheckAgainstAsync(commit, cancellationToken))
            : EachAsync(parsed, () => CheckAsync(parsed, cancellationToken), code => code.CheckAsync(cancellationToken)));
        Checkout.AddTo(save);
        Checkout.AddTo(check);
        return new Command("contracts", "What the modules promise: their part of the HTTP API, their public surface, their events. Kept in modules/X/X.openapi.json, .surface.txt, .events.json and .stored.json.") { save, check };
    }

    private static Option<string[]> CreateOnly()
    {
        var only = new Option<string[]>("--only") { Description = "The kinds of contracts that are looked at; all of them without it. The HTTP API takes longest.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([Http, .. ContractKind.All.Select(static kind => kind.Name)]);
        return only;
    }

    // The compiled code first: it takes a second, and the host takes many.
    private static async Task<int> EachAsync(ParseResult parsed, Func<Task<int>> http, Func<CodeContracts, Task<int>> code)
    {
        var chosen = parsed.GetValue(Only) is { Length: > 0 } names ? names : [Http, .. ContractKind.All.Select(static kind => kind.Name)];
        var kinds = ContractKind.All.Where(kind => chosen.Contains(kind.Name)).ToList();
        var result = kinds.Count > 0 ? await GuardedAsync(() => code(new CodeContracts(parsed, kinds))) : 0;
        return Math.Max(result, chosen.Contains(Http) ? await GuardedAsync(http) : 0);
    }

    private static async Task<int> SaveAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var files = new ContractFiles(Checkout.RootOf(parsed));
        var published = await PublishedAsync(files, parsed, cancellationToken);
        try
        {
            var changes = files.Save(published, parsed.GetValue(Breaking), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
            Print(changes);
            Console.WriteLine(changes.Count == 0 ? "The contracts are as they were." : "Saved. Look at the files, and commit them with the change.");
            return 0;
        }
        catch (BreakingChangesException breaking)
        {
            await Console.Error.WriteLineAsync($"{breaking.Message}\nNothing was saved. Keep what clients rely on and add beside it, or serve the change under a new version of the path; "
                + $"or decide to break them: {SaveCommand} --breaking \"why\".");
            return 1;
        }
    }

    private static async Task<int> CheckAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var files = new ContractFiles(Checkout.RootOf(parsed));
        var changes = files.Compare(await PublishedAsync(files, parsed, cancellationToken));
        Print(changes);
        if (changes.Count == 0)
        {
            Console.WriteLine("The contracts are what the host publishes.");
            return 0;
        }

        await Console.Error.WriteLineAsync(changes.Values.Any(static list => list.Any(static change => change.IsBreaking))
            ? $"Some of this breaks clients. Keep what they rely on, or decide to break them: {SaveCommand} --breaking \"why\"."
            : $"None of this breaks clients: {SaveCommand}.");
        return 1;
    }

    private static async Task<int> CheckAgainstAsync(ParseResult parsed, string commit, CancellationToken cancellationToken)
    {
        var files = new ContractFiles(Checkout.RootOf(parsed));
        var former = await CommitFiles.ReadAsync(files.Repository, commit, ContractFiles.IsKept, cancellationToken);
        var unrecorded = files.Unrecorded(former);
        Print(unrecorded);
        if (unrecorded.Count == 0)
        {
            Console.WriteLine($"Nothing that clients of {commit} rely on was broken without a record.");
            return 0;
        }

        await Console.Error.WriteLineAsync($"This breaks clients, and no file of breaks says why. Contract files are written by {SaveCommand} --breaking \"why\", not by hand.");
        return 1;
    }

    private static async Task<JsonObject> PublishedAsync(ContractFiles files, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Address) is { } address)
        {
            using var api = new HostApi(Uri.TryCreate(address, UriKind.Absolute, out var parsedAddress) ? parsedAddress : throw new HostException($"'{address}' is no address."));
            return ContractDocument.Read((await api.GetAsync("/openapi/v1.json", cancellationToken)).GetRawText());
        }

        var file = Path.GetTempFileName();
        try
        {
            await OtherProgram.RunAsync("dotnet", ["run", "--project", "src/Host", "--no-launch-profile", "--", "describe", file, "--environment", "Development"], files.Repository, cancellationToken);
            return ContractDocument.Read(await File.ReadAllTextAsync(file, cancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Print(IReadOnlyDictionary<string, IReadOnlyList<ContractChange>> changes)
    {
        foreach (var (path, list) in changes)
        {
            Console.WriteLine(path);
            foreach (var change in list)
            {
                Console.WriteLine("  " + change);
            }
        }
    }

    private static async Task<int> GuardedAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is HostException or ArchitectureException or FormatException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
