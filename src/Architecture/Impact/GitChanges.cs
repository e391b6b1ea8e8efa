using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Architecture.Impact;

/// <summary>Asks git which files, and which types in them, a change touches.</summary>
/// <param name="root">The repository's folder.</param>
public sealed class GitChanges(string root)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>What a range of commits changes.</summary>
    /// <param name="range"><c>main..HEAD</c>, <c>main...HEAD</c>, or one commit with which the working tree is compared; null compares the working tree with the last commit.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>The files by their paths; files that git does not know yet included when the working tree is compared.</returns>
    /// <exception cref="ArchitectureException">git is not there, does not know the range, or takes longer than a minute.</exception>
    public async Task<IReadOnlyList<ChangedFile>> ReadAsync(string? range, CancellationToken cancellationToken)
    {
        var separator = range?.IndexOf("..", StringComparison.Ordinal) ?? -1;
        var isWorkingTree = separator < 0;
        var newer = isWorkingTree ? null : range![separator..].TrimStart('.') is { Length: > 0 } end ? end : "HEAD";
        var older = isWorkingTree ? range ?? "HEAD" : range![..separator] is { Length: > 0 } begin ? begin : "HEAD";
        if (!isWorkingTree && range!.AsSpan(separator).StartsWith("...", StringComparison.Ordinal))
        {
            older = (await GitAsync(["merge-base", "--end-of-options", older, newer!], cancellationToken)).Trim();
        }

        string[] commits = newer is null ? [older] : [older, newer];
        var names = await GitAsync(["diff", "--name-status", "-z", "--find-renames", "--no-ext-diff", "--relative", "--end-of-options", .. commits, "--"], cancellationToken);
        var lines = Lines(await GitAsync(["-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff", "--find-renames", "--relative", "--no-prefix", "--end-of-options", .. commits, "--", "*.cs"], cancellationToken));
        var files = new List<ChangedFile>();
        foreach (var (kind, former, path) in Names(names))
        {
            files.Add(new ChangedFile(kind, path, former, await TypesAsync(kind, former, path, older, newer, lines, cancellationToken)));
        }

        if (isWorkingTree)
        {
            var unknown = await GitAsync(["ls-files", "--others", "--exclude-standard", "-z"], cancellationToken);
            foreach (var path in unknown.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                files.Add(new ChangedFile(ChangeKind.Added, path, path, await TypesAsync(ChangeKind.Added, path, path, older, null, lines, cancellationToken)));
            }
        }

        return [.. files.OrderBy(static file => file.Path, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<string>> TypesAsync(
        ChangeKind kind, string former, string path, string older, string? newer, Dictionary<string, HunkLines> lines, CancellationToken cancellationToken)
    {
        if (!path.EndsWith(".cs", StringComparison.Ordinal))
        {
            return [];
        }

        var before = kind == ChangeKind.Added ? [] : Declarations(former, await GitAsync(["show", "--end-of-options", $"{older}:./{former}"], cancellationToken));
        var after = kind == ChangeKind.Deleted ? [] : Declarations(path, newer is null ? await File.ReadAllTextAsync(Path.Combine(root, path), cancellationToken) : await GitAsync(["show", "--end-of-options", $"{newer}:./{path}"], cancellationToken));
        var gone = before.Select(static declaration => declaration.FullName).Except(after.Select(static declaration => declaration.FullName));
        var touched = kind switch
        {
            ChangeKind.Added => after.Select(static declaration => declaration.FullName),
            ChangeKind.Deleted => [],
            _ => lines.TryGetValue(path, out var hunks) ? ChangedFile.Touched(after, hunks.After).Concat(ChangedFile.Touched(before, hunks.Before)) : [],
        };
        return [.. touched.Concat(gone).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IReadOnlyList<Declaration> Declarations(string path, string text) => SourceReader.Read(path, text).Declarations;

    private static IEnumerable<(ChangeKind Kind, string Former, string Path)> Names(string output)
    {
        var parts = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            switch (parts[i][0])
            {
                case 'A':
                    yield return (ChangeKind.Added, parts[i + 1], parts[i + 1]);
                    break;
                case 'D':
                    yield return (ChangeKind.Deleted, parts[i + 1], parts[i + 1]);
                    break;
                case 'R' or 'C' when i + 2 < parts.Length:
                    yield return (parts[i][0] == 'R' ? ChangeKind.Renamed : ChangeKind.Added, parts[i + 1], parts[i + 2]);
                    i++;
                    break;
                default:
                    yield return (ChangeKind.Modified, parts[i + 1], parts[i + 1]);
                    break;
            }
        }
    }

    // "+++ path" names the file of the hunks that follow: "@@ -10,2 +11,3 @@".
    private static Dictionary<string, HunkLines> Lines(string diff)
    {
        var found = new Dictionary<string, HunkLines>(StringComparer.Ordinal);
        HunkLines? current = null;
        var inHeader = true;
        foreach (var line in diff.Split('\n'))
        {
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                inHeader = true;
            }
            else if (inHeader && line.StartsWith("+++ ", StringComparison.Ordinal))
            {
                found[line[4..].TrimEnd('\t', '\r')] = current = new HunkLines([], []);
            }
            else if (line.StartsWith("@@ -", StringComparison.Ordinal) && current is not null && line.Split(' ') is [_, var before, var after, ..])
            {
                inHeader = false;
                current.Before.AddRange(Range(before));
                current.After.AddRange(Range(after));
            }
        }

        return found;
    }

    // "-10,2", "+11": from the first line so many; where none are left, nothing on this side is touched.
    private static IEnumerable<int> Range(string text)
    {
        var parts = text[1..].Split(',');
        var count = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        return Enumerable.Range(int.Parse(parts[0], CultureInfo.InvariantCulture), count);
    }

    private async Task<string> GitAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await using var stop = deadline.Token.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0 ? await output : throw new ArchitectureException($"git {arguments[0]} failed: {(await errors).Trim()}");
        }
        catch (Win32Exception exception)
        {
            throw new ArchitectureException($"git cannot be started: {exception.Message}. What a change touches is read from git: install it.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ArchitectureException($"git has not answered within {Deadline.TotalSeconds:F0} seconds.");
        }
    }

    private sealed record HunkLines(List<int> Before, List<int> After);
}
