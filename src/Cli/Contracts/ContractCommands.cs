using System.CommandLine;
using System.Text.Json.Nodes;
using ModularMonolith.HttpContracts;

namespace ModularMonolith.Cli.Contracts;

/// <summary><c>mm contracts</c>: the files that have what the HTTP API promises to its clients.</summary>
internal static class ContractCommands
{
    private const string SaveCommand = "build/mm contracts save";

    private static readonly Option<string?> Address = new("--address") { Description = "A running host whose description is taken; without it the host is built and asked without being started." };
    private static readonly Option<string?> Breaking = new("--breaking") { Description = "Why changes are made that break clients. It is recorded beside the contract." };
    private static readonly Option<string?> Against = new("--against") { Description = "A commit: instead of the host, the files of that commit are compared with those that are here." };

    public static Command Create()
    {
        var save = new Command("save", "Writes what the host publishes into the contract files. Refuses what breaks clients unless --breaking says why.") { Address, Breaking };
        save.SetAction((parsed, cancellationToken) => GuardedAsync(() => SaveAsync(parsed, cancellationToken)));
        var check = new Command("check", "Compares the contract files with what the host publishes, or with those of a commit, and says what breaks clients.") { Address, Against };
        check.SetAction((parsed, cancellationToken) => GuardedAsync(() => parsed.GetValue(Against) is { } commit ? CheckAgainstAsync(commit, cancellationToken) : CheckAsync(parsed, cancellationToken)));
        return new Command("contracts", "The contracts of the HTTP API: modules/X/X.openapi.json.") { save, check };
    }

    private static async Task<int> SaveAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var files = ContractFiles.Above(Environment.CurrentDirectory);
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
        var files = ContractFiles.Above(Environment.CurrentDirectory);
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

    private static async Task<int> CheckAgainstAsync(string commit, CancellationToken cancellationToken)
    {
        var files = ContractFiles.Above(Environment.CurrentDirectory);
        var former = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = await OtherProgram.RunAsync("git", ["ls-tree", "-r", "--name-only", "--full-tree", commit], files.Repository, cancellationToken);
        foreach (var path in names.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(ContractFiles.IsKept))
        {
            former[path] = await OtherProgram.RunAsync("git", ["show", $"{commit}:{path}"], files.Repository, cancellationToken);
        }

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
        catch (Exception exception) when (exception is HostException or FormatException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
