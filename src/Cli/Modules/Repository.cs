using System.Text;
using System.Text.RegularExpressions;

namespace ModularMonolith.Cli.Modules;

/// <summary>The repository to which a module is added.</summary>
/// <param name="root">The folder that holds the solution.</param>
/// <param name="replace">Has the first file take the place of the second one at once.</param>
internal sealed partial class Repository(string root, Action<string, string> replace)
{
    private const string Solution = "ModularMonolith.sln";
    private const string PlatformContract = "src/Platform/Platform.openapi.json";

    // Not below modules: whatever looks for modules there would find what is half written.
    private const string HalfWritten = ".new-module-";

    /// <summary>Finds the repository that a folder is part of.</summary>
    /// <param name="folder">Where to begin.</param>
    /// <exception cref="NewModuleException">The folder is not part of it.</exception>
    public static Repository Above(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, Solution)))
            {
                return new Repository(candidate.FullName, static (file, place) => File.Move(file, place, overwrite: true));
            }
        }

        throw new NewModuleException($"{folder} is not below the folder of {Solution}. Go there first.");
    }

    /// <summary>Adds a module: all of it or nothing. What is there already is never touched, but the solution, which gets the new projects.</summary>
    /// <param name="module">The module.</param>
    /// <param name="cancellationToken">Ends the work; then nothing was added.</param>
    /// <returns>The paths of the files, relative to the repository.</returns>
    /// <exception cref="NewModuleException">The name is taken, or the repository lacks something.</exception>
    public IReadOnlyList<string> Add(NewModule module, CancellationToken cancellationToken = default)
    {
        RequireFree(module);
        var files = ModuleTemplate.Render(module, Read(PlatformContract));
        var solution = SolutionFile.Add(Read(Solution), Projects(module, files.Keys));
        var written = Directory.CreateDirectory(Path.Combine(root, HalfWritten + Guid.NewGuid().ToString("N"))).FullName;
        var folder = Path.Combine(root, "modules", module.Name);
        try
        {
            foreach (var (path, text) in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var file = Path.Combine(written, "module", path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            File.WriteAllText(Path.Combine(written, Solution), solution, new UTF8Encoding(HasByteOrderMark(Solution)));
            Directory.Move(Path.Combine(written, "module"), folder);
            AddToSolution(Path.Combine(written, Solution), folder);
        }
        finally
        {
            Directory.Delete(written, recursive: true);
        }

        return [.. files.Keys.Select(path => $"modules/{module.Name}/{path}"), Solution];
    }

    // The three that belong together, in the order in which they are built.
    private static IEnumerable<string> Projects(NewModule module, IEnumerable<string> files) =>
        files.Where(static path => path.EndsWith(".csproj", StringComparison.Ordinal)).Select(path => $"modules/{module.Name}/{path}")
            .OrderBy(static path => path.EndsWith(".Tests.csproj", StringComparison.Ordinal)).ThenBy(static path => !path.EndsWith(".Contracts.csproj", StringComparison.Ordinal));

    // The last step. When it fails the folder, which nobody has seen yet, goes again.
    private void AddToSolution(string changed, string folder)
    {
        try
        {
            replace(changed, Path.Combine(root, Solution));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private void RequireFree(NewModule module)
    {
        var (modules, name) = (Path.Combine(root, "modules"), module.Name);
        if (!Directory.Exists(modules))
        {
            throw new NewModuleException($"{root} has no folder modules. Go to the repository first.");
        }

        if (Directory.EnumerateFileSystemEntries(modules).Select(static path => Path.GetFileName(path)).FirstOrDefault(found => found.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } folder)
        {
            throw new NewModuleException($"There is modules/{folder} already, and it stays as it is. Choose another name, or remove that folder and its projects in {Solution} first.");
        }

        if (ModuleTemplate.Clash(name) is { } word)
        {
            throw new NewModuleException($"'{name}' cannot be the name of a module: its code would have {word} twice, with two meanings. Choose another name.");
        }

        string[] projects = [name, name + ".Contracts", name + ".Tests"];
        if (Sources("*.csproj", "modules", "src", "tests").FirstOrDefault(path => projects.Contains(Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)) is { } project)
        {
            throw new NewModuleException($"'{name}' cannot be the name of a module: {project} is a project of that name. Choose another name.");
        }

        foreach (var path in Sources("*.cs", "modules", "src"))
        {
            var text = File.ReadAllText(Path.Combine(root, path));
            if (Manifest().Matches(text).Any(manifest => manifest.Groups[1].Value == module.LowerName))
            {
                throw new NewModuleException($"'{name}' cannot be the name of a module: the manifest in {path} has the name {module.LowerName} already. Choose another name.");
            }

            // Marten makes a class for each marker, in one assembly and under its simple name.
            if (Marker().Matches(text).Any(marker => marker.Groups[1].Value.Equals($"I{name}Store", StringComparison.OrdinalIgnoreCase)))
            {
                throw new NewModuleException($"'{name}' cannot be the name of a module: {path} has a store I{name}Store, and no two stores may have one name. Choose another name.");
            }
        }
    }

    private IEnumerable<string> Sources(string pattern, params string[] areas) =>
        from area in areas
        let folder = Path.Combine(root, area)
        where Directory.Exists(folder)
        from file in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(root, file).Replace('\\', '/')
        where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal)
        select path;

    private string Read(string path) => File.Exists(Path.Combine(root, path))
        ? File.ReadAllText(Path.Combine(root, path))
        : throw new NewModuleException($"{path} is missing, of which a new module is made. Take it from the version control.");

    private bool HasByteOrderMark(string path)
    {
        using var file = File.OpenRead(Path.Combine(root, path));
        var start = new byte[3];
        return file.Read(start) == start.Length && start.AsSpan().SequenceEqual(Encoding.UTF8.Preamble);
    }

    [GeneratedRegex("""\[Module\("([^"]*)"[,)]""")]
    private static partial Regex Manifest();

    [GeneratedRegex(@"\binterface\s+(I\w+Store)\b")]
    private static partial Regex Marker();
}
