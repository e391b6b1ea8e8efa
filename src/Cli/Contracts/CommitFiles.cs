namespace ModularMonolith.Cli.Contracts;

/// <summary>Files as a commit has them.</summary>
internal static class CommitFiles
{
    /// <summary>Reads those that are wanted.</summary>
    /// <returns>The texts by path, relative to the repository.</returns>
    /// <exception cref="HostException">There is no such commit, or no git.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(string repository, string commit, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = await OtherProgram.RunAsync("git", ["ls-tree", "-r", "--name-only", "--full-tree", commit], repository, cancellationToken);
        foreach (var path in names.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(isWanted))
        {
            files[path] = await OtherProgram.RunAsync("git", ["show", $"{commit}:{path}"], repository, cancellationToken);
        }

        return files;
    }
}
