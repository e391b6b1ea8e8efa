using ModularMonolith.Architecture;
using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Cli.Contracts;

namespace ModularMonolith.Cli.Architecture;

/// <summary>Baselines as a commit has them.</summary>
internal static class BaselineHistory
{
    public static async Task<IReadOnlyDictionary<string, BaselineFile>> OfAsync(string root, string commit, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, BaselineFile>(StringComparer.Ordinal);
        try
        {
            var names = await OtherProgram.RunAsync("git", ["ls-tree", "-r", "--name-only", "--full-tree", commit], root, cancellationToken);
            foreach (var path in names.Split('\n', StringSplitOptions.TrimEntries).Where(static path => path.EndsWith(".baseline.txt", StringComparison.Ordinal)))
            {
                files[path] = BaselineFile.Read(path, await OtherProgram.RunAsync("git", ["show", $"{commit}:{path}"], root, cancellationToken));
            }

            return files;
        }
        catch (HostException exception)
        {
            throw new ArchitectureException($"The baselines of {commit} cannot be read, so it cannot be told what is new. {exception.Message}");
        }
    }
}
