using System.Xml.Linq;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>A project with its sources and the newest assembly that was compiled of it.</summary>
internal sealed record ProjectOutput(string Project, string Prefix, bool IsRead, FileInfo? Assembly, IReadOnlyList<FileInfo> Sources)
{
    /// <summary>Whether a source or the project file is newer than what was compiled.</summary>
    public bool IsStale => Assembly is null || Sources.Any(source => source.LastWriteTimeUtc > Assembly.LastWriteTimeUtc);

    public long Size => Assembly?.Length ?? 0;

    public static ProjectOutput Of(string root, string project, string prefix, bool isRead = false)
    {
        var file = Path.Combine(root, project);
        var folder = Path.GetDirectoryName(file)!;
        var name = Path.GetFileNameWithoutExtension(file);
        isRead |= !project.StartsWith("tests/", StringComparison.Ordinal) && !name.EndsWith(".Tests", StringComparison.Ordinal);
        if (!isRead)
        {
            return new ProjectOutput(project, prefix, false, null, []);
        }

        var assembly = AssemblyOf(file, name, prefix);
        var sources = SourcesBelow(new DirectoryInfo(folder)).Append(new FileInfo(file)).OrderBy(static source => source.FullName, StringComparer.Ordinal).ToList();
        return new ProjectOutput(project, prefix, isRead, Newest(folder, assembly), sources);
    }

    public (AssemblyFacts? Assembly, IReadOnlyList<SourceFile> Sources) Read(string root, bool useCache)
    {
        if (!IsRead)
        {
            return (null, []);
        }

        var kept = Path.Combine(root, Path.GetDirectoryName(Project)!, "obj", "architecture", Path.GetFileNameWithoutExtension(Project) + ".facts");
        var stamp = FactsCache.Stamp(Assembly is null ? Sources : Sources.Append(Assembly));
        if (useCache && FactsCache.Read(kept, stamp) is { } found)
        {
            return found;
        }

        var texts = Sources.Where(static source => source.Extension == ".cs").Select(static source => (Path: source.FullName, Text: File.ReadAllText(source.FullName))).ToList();
        var globals = GlobalUsings.Of(Path.Combine(root, Project), texts.Select(static text => text.Text));
        var sources = texts.ConvertAll(text => SourceReader.Read(Path.GetRelativePath(root, text.Path).Replace('\\', '/'), text.Text, globals));
        var assembly = Assembly is null ? null : AssemblyReader.Read(Assembly.FullName, root, sources);
        if (useCache)
        {
            FactsCache.Write(kept, stamp, assembly, sources);
        }

        return (assembly, sources);
    }

    private static string AssemblyOf(string file, string name, string prefix)
    {
        try
        {
            return XDocument.Load(file).Descendants("AssemblyName").FirstOrDefault()?.Value.Replace("$(MSBuildProjectName)", name, StringComparison.Ordinal) ?? prefix + name;
        }
        catch (System.Xml.XmlException exception)
        {
            throw new ArchitectureException($"{file} is no valid XML: {exception.Message}");
        }
    }

    // bin/Debug/net10.0/Name.dll or bin/Release/…: whichever was built last.
    private static FileInfo? Newest(string folder, string assembly)
    {
        var output = new DirectoryInfo(Path.Combine(folder, "bin"));
        return output.Exists
            ? output.EnumerateDirectories().SelectMany(static configuration => configuration.EnumerateDirectories()).Select(target => new FileInfo(Path.Combine(target.FullName, assembly + ".dll")))
                .Where(static candidate => candidate.Exists).MaxBy(static candidate => candidate.LastWriteTimeUtc)
            : null;
    }

    private static IEnumerable<FileInfo> SourcesBelow(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is FileInfo file && file.Extension == ".cs")
            {
                yield return file;
            }
            else if (entry is DirectoryInfo inner && inner.Name is not ("bin" or "obj") && !inner.Name.StartsWith('.'))
            {
                foreach (var found in SourcesBelow(inner))
                {
                    yield return found;
                }
            }
        }
    }
}
