namespace ModularMonolith.Architecture.Rules;

/// <summary>Files of a repository that are no build output.</summary>
internal static class RepositoryFiles
{
    /// <summary>The files below a folder, relative to the repository, with slashes, in order.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="folder">The folder, relative; empty for the repository itself.</param>
    /// <param name="extension">With its dot.</param>
    /// <param name="isDeep">Whether folders inside of it are looked into.</param>
    public static IEnumerable<string> Below(string root, string folder, string extension, bool isDeep = true)
    {
        var directory = new DirectoryInfo(Path.Combine(root, folder));
        if (!directory.Exists)
        {
            yield break;
        }

        foreach (var entry in directory.EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            var path = folder.Length == 0 ? entry.Name : folder + "/" + entry.Name;
            if (entry is FileInfo && entry.Extension == extension)
            {
                yield return path;
            }
            else if (isDeep && entry is DirectoryInfo && entry.Name is not ("bin" or "obj" or "node_modules") && !entry.Name.StartsWith('.'))
            {
                foreach (var inner in Below(root, path, extension))
                {
                    yield return inner;
                }
            }
        }
    }

    /// <summary>How many lines a file has, one without an end at the end of the file included.</summary>
    public static int Lines(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var lines = bytes.AsSpan().Count((byte)'\n');
        return bytes.Length > 0 && bytes[^1] != '\n' ? lines + 1 : lines;
    }
}
