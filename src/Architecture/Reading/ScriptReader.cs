using System.Collections.Frozen;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Sql;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads the files of SQL of a module.</summary>
internal static class ScriptReader
{
    // What is longer is a list of something.
    private const long LongestText = 256 * 1024;

    private static readonly FrozenSet<string> Endings = FrozenSet.ToFrozenSet([".sql", ".psql", ".pgsql", ".ddl"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The files of SQL below a module's folder, and those from elsewhere or of other kinds that its slice builds in, for the slice; none for any other project.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="project">The project.</param>
    public static IReadOnlyList<ScriptFile> Of(string root, ProjectFacts project) => project is { Kind: ProjectKind.Slice, Module: { } module }
        ? [.. Below(new DirectoryInfo(Path.Combine(root, "modules", module))).Concat(project.Resources.SelectMany(item => BuiltIn(root, item))).DistinctBy(static file => file.FullName)
            .OrderBy(static file => file.FullName, StringComparer.Ordinal).Select(file => new ScriptFile(Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)))]
        : [];

    private static IEnumerable<FileInfo> BuiltIn(string root, ProjectItem item)
    {
        if (item.Resolved is not { } pattern)
        {
            return [];
        }

        var folder = string.Join('/', pattern.Split('/').SkipLast(1).TakeWhile(static part => !part.Contains('*', StringComparison.Ordinal)));
        return !pattern.Contains('*', StringComparison.Ordinal) ? new[] { new FileInfo(Path.Combine(root, pattern)) }.Where(static file => file.Exists && IsScript(file))
            : Directory.Exists(Path.Combine(root, folder)) ? RepositoryFiles.Below(root, folder, Path.GetExtension(pattern)).Where(path => Subjects.Matches(pattern, path)).Select(path => new FileInfo(Path.Combine(root, path))).Where(IsScript)
            : [];
    }

    private static bool IsScript(FileInfo file) => Endings.Contains(file.Extension) || (file.Length < LongestText && file.Extension is ".txt" or ".template" && SqlText.IsSql(File.ReadAllText(file.FullName)));

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is FileInfo file && Endings.Contains(file.Extension))
            {
                yield return file;
            }
            else if (entry is DirectoryInfo inner && inner.Name is not ("bin" or "obj") && !inner.Name.StartsWith('.') && !inner.Name.EndsWith(".Tests", StringComparison.Ordinal))
            {
                foreach (var found in Below(inner))
                {
                    yield return found;
                }
            }
        }
    }
}
