using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads the files of SQL of a module.</summary>
internal static class ScriptReader
{
    /// <summary>The files of SQL below a module's folder, for its slice; none for any other project.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="project">The project file, relative, with slashes.</param>
    public static IReadOnlyList<ScriptFile> Of(string root, string project) =>
        project.Split('/') is ["modules", var module, .., var file] && !IsOther(Path.GetFileNameWithoutExtension(file))
            ? [.. from path in Below(new DirectoryInfo(Path.Combine(root, "modules", module))).OrderBy(static path => path.FullName, StringComparer.Ordinal)
                  select new ScriptFile(Path.GetRelativePath(root, path.FullName).Replace('\\', '/'), File.ReadAllText(path.FullName))]
            : [];

    private static bool IsOther(string project) => project.EndsWith(".Contracts", StringComparison.Ordinal) || project.EndsWith(".Tests", StringComparison.Ordinal);

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is FileInfo file && file.Extension.Equals(".sql", StringComparison.OrdinalIgnoreCase))
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
