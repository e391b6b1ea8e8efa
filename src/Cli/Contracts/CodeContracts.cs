using System.CommandLine;
using ModularMonolith.Architecture;
using ModularMonolith.Architecture.Contracts;
using ModularMonolith.Architecture.Reading;
using ModularMonolith.Cli.Architecture;

namespace ModularMonolith.Cli.Contracts;

/// <summary>The contracts that stand in the compiled code: the public surface of the Contracts assemblies, the integration events and the stored events.</summary>
/// <param name="parsed">The options, those of <see cref="Checkout"/> among them.</param>
/// <param name="kinds">The kinds of files that are looked at.</param>
internal sealed class CodeContracts(ParseResult parsed, IReadOnlyList<ContractKind> kinds)
{
    private readonly string _root = Checkout.RootOf(parsed);
    private readonly KeptContracts _files = new(Checkout.RootOf(parsed), kinds);

    private string Names => string.Join(", ", kinds);

    /// <summary>Writes the files.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="ArchitectureException">What is compiled is older than the sources, and is not to be built.</exception>
    public async Task<int> SaveAsync(string? reason, CancellationToken cancellationToken)
    {
        var (compiled, consumers) = await CompiledAsync(cancellationToken);
        if (Stale() is { Length: > 0 } stale)
        {
            throw new ArchitectureException(stale + "\nNothing was saved. Leave --no-build away.");
        }

        try
        {
            var changes = _files.Save(compiled, reason, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
            Print(changes, consumers);
            Console.WriteLine(changes.Count == 0 ? $"The contracts ({Names}) are as they were." : "Saved. Look at the files, and commit them with the change.");
            return 0;
        }
        catch (BrokenContractsException breaking)
        {
            await Console.Error.WriteLineAsync("The change breaks what was promised:");
            Print(Grouped(breaking), consumers, Console.Error);
            await Console.Error.WriteLineAsync($"Nothing of this was saved. Do what the sentences say; or decide to break it: {ContractCommands.SaveCommand} --breaking \"why\".");
            return 1;
        }
    }

    /// <summary>Compares the files with the compiled code.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> CheckAsync(CancellationToken cancellationToken)
    {
        var (compiled, consumers) = await CompiledAsync(cancellationToken);
        if (Stale() is { Length: > 0 } stale)
        {
            await Console.Error.WriteLineAsync(stale);
        }

        var changes = _files.Compare(compiled);
        Print(changes, consumers);
        if (changes.Count == 0)
        {
            Console.WriteLine($"The contracts ({Names}) are what the compiled code promises.");
            return 0;
        }

        await Console.Error.WriteLineAsync(changes.Values.Any(static list => list.Any(static change => change.IsBreaking))
            ? $"Some of this is breaking. Do what the sentences say, or decide to break it: {ContractCommands.SaveCommand} --breaking \"why\"."
            : $"None of this is breaking: {ContractCommands.SaveCommand}.");
        return 1;
    }

    /// <summary>Compares the files with those of a commit.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> CheckAgainstAsync(string commit, CancellationToken cancellationToken)
    {
        var former = await CommitFiles.ReadAsync(_root, commit, _files.IsKept, cancellationToken);
        var unrecorded = _files.Unrecorded(former);
        if (unrecorded.Count == 0)
        {
            Console.WriteLine($"Nothing that was promised ({Names}) in {commit} was broken without a new version or a record.");
            return 0;
        }

        // Whom it affects is known from what is compiled here. That may be nothing.
        Print(unrecorded, new ContractConsumers(Repository.Open(_root).Read()));
        await Console.Error.WriteLineAsync($"This is breaking, is no new version, and no list of breaks says why. The files are written by {ContractCommands.SaveCommand} --breaking \"why\", not by hand.");
        return 1;
    }

    private async Task<(CompiledContracts Compiled, ContractConsumers Consumers)> CompiledAsync(CancellationToken cancellationToken)
    {
        var graph = (await Checkout.ReadAsync(parsed, cancellationToken)).Graph;
        return (CompiledContracts.Of(graph), new ContractConsumers(graph));
    }

    // Only where it was not to be built.
    private string Stale() => Repository.Open(_root).Stale.Where(static project => project.StartsWith("modules/", StringComparison.Ordinal)).ToList() is { Count: > 0 } stale
        ? $"What is compiled is older than its sources, so that it does not tell what they promise: {string.Join(", ", stale)}."
        : string.Empty;

    private static Dictionary<string, IReadOnlyList<ContractDifference>> Grouped(BrokenContractsException breaking) => breaking.Differences
        .GroupBy(static pair => pair.Path, static pair => pair.Difference, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => (IReadOnlyList<ContractDifference>)[.. group], StringComparer.Ordinal);

    private static void Print(IReadOnlyDictionary<string, IReadOnlyList<ContractDifference>> changes, ContractConsumers consumers, TextWriter? output = null)
    {
        output ??= Console.Out;
        foreach (var (path, list) in changes)
        {
            output.WriteLine(path);
            foreach (var change in list)
            {
                output.WriteLine("  " + consumers.Name(path, change));
            }
        }
    }
}
