using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>
/// A small repository in a temporary folder, with sources, project files, assemblies and symbols where a real checkout has them. A case changes some of its files, has what changed compiled,
/// and puts them back.
/// </summary>
internal sealed class MadeUpCheckout : IDisposable
{
    // What the SDK writes for a project with ImplicitUsings.
    private const string ImplicitUsings = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Net.Http;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parse = new(LanguageVersion.Preview);

    private readonly OptimizationLevel _level;
    private readonly Dictionary<string, (string Text, SyntaxTree Tree)> _trees = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (byte[] Assembly, byte[] Symbols)> _basis = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CSharpCompilation> _compilations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetadataReference> _references = new(StringComparer.Ordinal);

    public MadeUpCheckout(string basis, OptimizationLevel level)
    {
        _level = level;
        Root = Directory.CreateTempSubdirectory("checkout-").FullName;
        Copy(basis, Root);
        foreach (var project in new[] { "Platform", "Platform.Contracts" })
        {
            var output = Path.Combine(Root, "src", project, "bin", "Debug", "net10.0");
            Directory.CreateDirectory(output);
            foreach (var file in CompileReferences.FilesOf(project))
            {
                File.Copy(file, Path.Combine(output, Path.GetFileName(file)));
            }
        }

        foreach (var project in InOrder(MadeUpProject.Below(Root)))
        {
            Compile(project);
            _basis[project.Output] = (File.ReadAllBytes(project.Output), File.ReadAllBytes(Path.ChangeExtension(project.Output, ".pdb")));
        }
    }

    public string Root { get; }

    /// <summary>The graph of the checkout as it is now. What has not changed comes from copies, as it does for somebody who works in a checkout.</summary>
    public CodeGraph Read() => Repository.Open(Root).Read();

    /// <summary>Looks at the checkout with some files laid over it, and puts it back as it was.</summary>
    /// <param name="overlay">The files, by the paths that they have in the checkout.</param>
    /// <param name="look">What is done in between.</param>
    public T With<T>(IReadOnlyDictionary<string, string> overlay, Func<CodeGraph, T> look) => WithCompiled(overlay, _ => look(Read()));

    /// <summary>The same, with the projects that are compiled anew for it.</summary>
    /// <param name="overlay">The files, by the paths that they have in the checkout.</param>
    /// <param name="look">What is done in between.</param>
    public T WithCompiled<T>(IReadOnlyDictionary<string, string> overlay, Func<IReadOnlyList<(MadeUpProject Project, CSharpCompilation Compilation)>, T> look)
    {
        var before = new Dictionary<string, string?>(StringComparer.Ordinal);
        var compiled = new List<MadeUpProject>();
        try
        {
            foreach (var (path, file) in overlay)
            {
                var target = Path.Combine(Root, path);
                before[target] = File.Exists(target) ? File.ReadAllText(target) : null;
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }

            foreach (var project in InOrder(MadeUpProject.Below(Root)))
            {
                if (IsTouched(project, before.Keys))
                {
                    compiled.Add(project);
                    Compile(project);
                }
            }

            return look([.. compiled.Select(project => (project, _compilations[project.Output]))]);
        }
        finally
        {
            Restore(before, compiled);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private bool IsTouched(MadeUpProject project, IEnumerable<string> files) =>
        files.Any(file => project.Sources.Contains(file) || (Path.GetFileName(file) is var name && (name.EndsWith(".csproj", StringComparison.Ordinal) || name.StartsWith("Directory.", StringComparison.Ordinal))
            && (Path.Combine(Root, project.Folder) + "/").StartsWith(Path.GetDirectoryName(file) + "/", StringComparison.Ordinal)));

    private void Restore(Dictionary<string, string?> before, List<MadeUpProject> compiled)
    {
        foreach (var (file, text) in before)
        {
            if (text is null)
            {
                File.Delete(file);
                _trees.Remove(file);
            }
            else
            {
                File.WriteAllText(file, text);
            }
        }

        foreach (var project in compiled)
        {
            if (_basis.TryGetValue(project.Output, out var files))
            {
                Write(project, files.Assembly, files.Symbols);
            }
            else
            {
                Directory.Delete(Path.Combine(Root, project.Folder), recursive: true);
                _references.Remove(project.Name);
            }
        }
    }

    private static List<MadeUpProject> InOrder(IReadOnlyList<MadeUpProject> projects)
    {
        var ordered = new List<MadeUpProject>();

        void Visit(MadeUpProject project)
        {
            if (!ordered.Contains(project))
            {
                foreach (var name in project.References)
                {
                    if (projects.FirstOrDefault(other => other.Name == name) is { } referenced)
                    {
                        Visit(referenced);
                    }
                }

                ordered.Add(project);
            }
        }

        foreach (var project in projects)
        {
            Visit(project);
        }

        return ordered;
    }

    private void Compile(MadeUpProject project)
    {
        var generated = ImplicitUsings + string.Concat(project.Usings.Select(static name => $"\nglobal using {name};"))
            + string.Concat(project.Friends.Select(static friend => $"\n[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{friend}\")]"));
        var compilation = CSharpCompilation.Create(
            project.AssemblyName,
            project.Sources.Select(Tree).Append(CSharpSyntaxTree.ParseText(SourceText.From(generated, Encoding.UTF8), Parse, Path.Combine(Root, project.Folder, "obj", project.Name + ".g.cs"))),
            CompileReferences.All.Concat(ReferencesOf(project)),
            new CSharpCompilationOptions(project.Name == "Host" ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, optimizationLevel: _level,
                nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true, deterministic: true));
        _compilations[project.Output] = compilation;
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb, pdbFilePath: Path.ChangeExtension(project.Output, ".pdb")));
        if (!result.Success)
        {
            throw new InvalidOperationException($"{project.Path} does not compile:\n" + string.Join('\n', result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        }

        Write(project, assembly.ToArray(), symbols.ToArray());
    }

    private void Write(MadeUpProject project, byte[] assembly, byte[] symbols)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(project.Output)!);
        File.WriteAllBytes(Path.ChangeExtension(project.Output, ".pdb"), symbols);
        File.WriteAllBytes(project.Output, assembly);
        _references[project.Name] = MetadataReference.CreateFromImage(assembly);
    }

    // References of references are visible to the compiler, as they are to MSBuild's.
    private IEnumerable<MetadataReference> ReferencesOf(MadeUpProject project)
    {
        var projects = MadeUpProject.Below(Root).ToDictionary(static other => other.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(project.References);
        while (waiting.TryDequeue(out var name))
        {
            if (seen.Add(name) && projects.TryGetValue(name, out var referenced))
            {
                foreach (var next in referenced.References)
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return seen.Order(StringComparer.Ordinal).Where(_references.ContainsKey).Select(name => _references[name]);
    }

    private SyntaxTree Tree(string file)
    {
        var text = File.ReadAllText(file);
        if (!_trees.TryGetValue(file, out var known) || known.Text != text)
        {
            _trees[file] = known = (text, CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), Parse, file));
        }

        return known.Tree;
    }
}
