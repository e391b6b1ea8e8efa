using ModularMonolith.Cli.Modules;

namespace ModularMonolith.Cli.Tests;

/// <summary>A folder with as much of the repository as a new module is made of.</summary>
internal sealed class ScratchRepository : IDisposable
{
    private const string Solution = "ModularMonolith.sln";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-cli-");

    public ScratchRepository()
    {
        Write(Solution, string.Empty);
        File.Copy(Path.Combine(Real, Solution), Path.Combine(Root, Solution), overwrite: true);
        Write("src/Platform/Platform.openapi.json", File.ReadAllText(Path.Combine(Real, "src/Platform/Platform.openapi.json")));
        Write("modules/Returns/Returns/ReturnsModule.cs", "internal interface IReturnsStore : IDocumentStore;\n[Module(\"returns\", Owner = \"team-service\", Purpose = \"What comes back.\")]\n");
    }

    /// <summary>The folder of the repository that these tests are part of.</summary>
    public static string Real { get; } = FindReal();

    public string Root => _folder.FullName;

    public string SolutionText
    {
        get => File.ReadAllText(Path.Combine(Root, Solution));
        set => File.WriteAllText(Path.Combine(Root, Solution), value);
    }

    /// <summary>All that is there, with the bytes of each file.</summary>
    public SortedDictionary<string, string> Content() => new(
        Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(Root, path).Replace('\\', '/'), static path => File.Exists(path) ? Convert.ToHexString(File.ReadAllBytes(path)) : "a folder"),
        StringComparer.Ordinal);

    public IReadOnlyList<string> Add(string name, string owner = "team-growth", string purpose = "Rewards those who come back.") => Repository.Above(Root).Add(new NewModule(name, owner, purpose));

    /// <summary>The sentence with which a module is refused.</summary>
    public string Refusal(string name) => Assert.Throws<NewModuleException>(() => Add(name)).Message;

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string FindReal()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds {Solution}. Run the tests from a checkout.");
    }
}
