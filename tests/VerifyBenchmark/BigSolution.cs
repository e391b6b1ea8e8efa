using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace ModularMonolith.VerifyBenchmark;

/// <summary>A generated checkout with many modules, compiled: sources, project files, assemblies and symbols.</summary>
internal sealed class BigSolution(string root, int modules)
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";
    private readonly List<MetadataReference> _platform = [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "references.txt")).Select(static path => MetadataReference.CreateFromFile(path))];

    /// <summary>How many types were compiled.</summary>
    public int Types { get; private set; }

    /// <summary>Writes and compiles everything.</summary>
    public void Write()
    {
        Frame();
        var all = Enumerable.Range(0, modules).Select(static number => new GeneratedModule(number)).ToList();
        var contracts = new MetadataReference[modules];
        var types = 0;
        Parallel.For(0, modules, number =>
        {
            var (reference, count) = Compile($"modules/{all[number].Name}/{all[number].Name}.Contracts", all[number].Name + ".Contracts", all[number].Project(isContracts: true), all[number].Contracts(), []);
            contracts[number] = reference;
            Interlocked.Add(ref types, count);
        });
        Parallel.For(0, modules, number =>
        {
            var (_, count) = Compile($"modules/{all[number].Name}/{all[number].Name}", all[number].Name, all[number].Project(isContracts: false), all[number].Slice(), all[number].Uses.Append(number).Select(used => contracts[used]));
            Interlocked.Add(ref types, count);
            Put($"modules/{all[number].Name}/{all[number].Name}.Tests/{all[number].Name}.Tests.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\">\n  <ItemGroup>\n    <ProjectReference Include=\"../{all[number].Name}/{all[number].Name}.csproj\" />\n  </ItemGroup>\n</Project>\n");
        });
        Types = types;
    }

    /// <summary>Changes one file of one module, and compiles that module's slice again.</summary>
    public void Touch()
    {
        var module = new GeneratedModule(modules / 2);
        var contracts = module.Uses.Append(modules / 2).Select(used => GeneratedModule.NameOf(used))
            .Select(name => MetadataReference.CreateFromFile(Path.Combine(root, "modules", name, name + ".Contracts", "bin", "Debug", "net10.0", $"ModularMonolith.{name}.Contracts.dll")));
        var files = module.Slice().Select(file => file.Path == "Things/ChangeThing0.cs" ? (file.Path, module.UseCase(0, 2)) : file);
        Compile($"modules/{module.Name}/{module.Name}", module.Name, module.Project(isContracts: false), files, contracts);
    }

    private void Frame()
    {
        Put("Directory.Build.props", "<Project>\n  <PropertyGroup>\n    <AssemblyName>ModularMonolith.$(MSBuildProjectName)</AssemblyName>\n  </PropertyGroup>\n</Project>\n");
        Compile("src/Host", "Host", "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />\n", [("Start.cs", "namespace ModularMonolith.Host;\n\ninternal static class Start;\n")], []);
        var projects = new List<string> { "src/Host/Host.csproj", "src/Platform/Platform.csproj", "src/Platform.Contracts/Platform.Contracts.csproj" };
        foreach (var project in new[] { "Platform", "Platform.Contracts" })
        {
            Put($"src/{project}/{project}.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />\n");
            foreach (var ending in new[] { ".dll", ".pdb" })
            {
                var target = Path.Combine(root, "src", project, "bin", "Debug", "net10.0", "ModularMonolith." + project + ending);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Path.Combine(AppContext.BaseDirectory, "ModularMonolith." + project + ending), target);
                // Newer than the project file, as after a build.
                File.SetLastWriteTimeUtc(target, TimeProvider.System.GetUtcNow().UtcDateTime);
            }
        }

        for (var number = 0; number < modules; number++)
        {
            var name = GeneratedModule.NameOf(number);
            projects.AddRange(new[] { string.Empty, ".Contracts", ".Tests" }.Select(ending => $"modules/{name}/{name}{ending}/{name}{ending}.csproj"));
        }

        Put("Big.sln", string.Join('\n', projects.Select(static path => $"Project(\"{{9A19103F-16F7-4668-BE54-9A1E7A4F7556}}\") = \"{Path.GetFileNameWithoutExtension(path)}\", \"{path}\", \"{{{Guid.Empty}}}\"\nEndProject")) + "\n");
    }

    private (MetadataReference Reference, int Types) Compile(string folder, string project, string projectFile, IEnumerable<(string Path, string Text)> files, IEnumerable<MetadataReference> references)
    {
        Put($"{folder}/{project}.csproj", projectFile);
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(SourceText.From(file.Text, Encoding.UTF8), path: Put($"{folder}/{file.Path}", file.Text))).ToList();
        var compilation = CSharpCompilation.Create(
            "ModularMonolith." + project, trees.Append(CSharpSyntaxTree.ParseText(SourceText.From(Usings, Encoding.UTF8), path: Path.Combine(root, folder, "obj", "usings.g.cs"))),
            _platform.Concat(references), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, concurrentBuild: false, deterministic: true));
        var output = Path.Combine(root, folder, "bin", "Debug", "net10.0", $"ModularMonolith.{project}.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        using var assembly = new MemoryStream();
        using (var symbols = File.Create(Path.ChangeExtension(output, ".pdb")))
        {
            var result = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
            if (!result.Success)
            {
                throw new InvalidOperationException($"{project} does not compile: {result.Diagnostics.First(static found => found.Severity == DiagnosticSeverity.Error)}");
            }
        }

        File.WriteAllBytes(output, assembly.ToArray());
        return (MetadataReference.CreateFromImage(assembly.ToArray()), trees.Sum(static tree => tree.GetRoot().DescendantNodes().Count(static node => node is Microsoft.CodeAnalysis.CSharp.Syntax.BaseTypeDeclarationSyntax)));
    }

    private string Put(string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
