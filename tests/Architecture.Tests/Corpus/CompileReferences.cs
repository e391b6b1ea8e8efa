using Microsoft.CodeAnalysis;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>What made-up modules are compiled against: the assemblies that this project itself was compiled against, without the modules. The build lists them in a file.</summary>
internal static class CompileReferences
{
    private const string List = "references.txt";
    private const string Prefix = "ModularMonolith.";

    private static readonly string[] Platform = ["ModularMonolith.Platform", "ModularMonolith.Platform.Contracts"];
    private static readonly Lazy<IReadOnlyList<MetadataReference>> Read = new(static () =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, List)).Where(IsWanted).Select(static path => MetadataReference.CreateFromFile(path))]);

    /// <summary>The framework, the packages and the platform.</summary>
    public static IReadOnlyList<MetadataReference> All => Read.Value;

    /// <summary>The files of a part of the platform as they were compiled: the assembly and its symbols.</summary>
    /// <param name="project">The project's name.</param>
    /// <returns>The files.</returns>
    public static IEnumerable<string> FilesOf(string project) =>
        new[] { ".dll", ".pdb" }.Select(ending => Path.Combine(AppContext.BaseDirectory, Prefix + project + ending)).Where(File.Exists);

    private static bool IsWanted(string path) =>
        Path.GetFileNameWithoutExtension(path) is var name && (!name.StartsWith(Prefix, StringComparison.Ordinal) || Platform.Contains(name)) && !name.StartsWith("xunit", StringComparison.Ordinal)
        && !name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);
}
