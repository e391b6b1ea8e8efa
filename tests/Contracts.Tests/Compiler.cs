using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using ModularMonolith.Architecture.Contracts;
using Mono.Cecil;

namespace ModularMonolith.Contracts.Tests;

/// <summary>Compiles samples in memory.</summary>
internal static class Compiler
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Text.Json.Nodes; global using System.Text.Json.Serialization; global using ModularMonolith.Platform.Contracts;";

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static file => MetadataReference.CreateFromFile(file))];

    private static readonly ConcurrentDictionary<(string, string), Lazy<IReadOnlyDictionary<string, string>>> Known = new();

    /// <summary>What a module promises, by the ending of the file.</summary>
    public static IReadOnlyDictionary<string, string> Texts(string contracts, string slice) => Known.GetOrAdd((contracts, slice), static sources => new Lazy<IReadOnlyDictionary<string, string>>(() =>
    {
        var first = Compile("ModularMonolith.Tea.Contracts", sources.Item1);
        var second = Compile("ModularMonolith.Tea", sources.Item2, first);
        using var assemblies = NewAssemblies();
        return CompiledContracts.Write(Read(assemblies, first), Read(assemblies, second)).ToDictionary(static pair => pair.Kind.Ending, static pair => pair.Text, StringComparer.Ordinal);
    })).Value;

    /// <summary>Compiles one assembly.</summary>
    /// <exception cref="ArgumentException">The source is wrong; the message has the compiler's.</exception>
    public static Image Compile(string name, string source, params Image[] references)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        SyntaxTree[] trees =
        [
            CSharpSyntaxTree.ParseText(SourceText.From(Usings, System.Text.Encoding.UTF8), options, "Usings.cs"),
            CSharpSyntaxTree.ParseText(SourceText.From(source, System.Text.Encoding.UTF8), options, name + ".cs"),
        ];
        var compilation = CSharpCompilation.Create(
            name, trees, [.. References, .. references.Select(static image => MetadataReference.CreateFromImage(image.Code))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        return result.Success ? new Image(code.ToArray(), symbols.ToArray()) : throw new ArgumentException(string.Join('\n', result.Diagnostics.Where(static found => found.Severity == DiagnosticSeverity.Error)), nameof(source));
    }

    /// <summary>What reads the samples, and what they stand on.</summary>
    public static Assemblies NewAssemblies() => new(new Dictionary<string, string> { ["ModularMonolith.Platform.Contracts"] = Path.Combine(AppContext.BaseDirectory, "ModularMonolith.Platform.Contracts.dll") });

    public static ModuleDefinition Read(Assemblies assemblies, Image image) => assemblies.Read(new MemoryStream(image.Code), new MemoryStream(image.Symbols));
}

/// <summary>A compiled assembly with its symbols.</summary>
internal sealed record Image(byte[] Code, byte[] Symbols);
