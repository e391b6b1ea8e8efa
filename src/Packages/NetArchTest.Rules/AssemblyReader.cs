using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>Reads the types of assembly files. Nothing is loaded into the process and no file stays open.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "Types resolve their references through the resolver for as long as they live, and it holds memory only.")]
internal sealed class AssemblyReader
{
    // A term excludes itself and what stands below it, as whole segments between dots.
    private static readonly IReadOnlyList<NamespaceTerm> Excluded =
        [.. new[] { "System", "Microsoft", "Mono.Cecil", "netstandard", "NetArchTest.Rules", "<Module>", "xunit" }.Select(NamespaceTerm.Parse)];

    private readonly InMemoryResolver _resolver = new();

    public AssemblyReader(IEnumerable<string>? searchDirectories)
    {
        foreach (var directory in searchDirectories ?? [])
            _resolver.AddSearchDirectory(directory);
    }

    public static bool IsExcluded(string name) => Excluded.Any(term => term.Covers(name));

    public IEnumerable<TypeDefinition> TypesOf(Assembly assembly)
    {
        if (assembly.IsDynamic)
            return [];
        return assembly.Location.Length > 0
            ? TypesOf(assembly.Location)
            : throw new ArgumentException($"{assembly.GetName().Name} was not loaded from a file, so its code cannot be read.", nameof(assembly));
    }

    public IEnumerable<TypeDefinition> TypesOf(string path) => Read(path) is { } file ? TypesOf(file) : [];

    public static IEnumerable<TypeDefinition> TypesOf(AssemblyDefinition file) => file.Modules
        .SelectMany(module => module.Types)
        .Where(type => !IsExcluded(type.FullName))
        .SelectMany(WithNested);

    public AssemblyDefinition? Read(string path)
    {
        _resolver.AddSearchDirectory(Path.GetDirectoryName(Path.GetFullPath(path)));
        try
        {
            return AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = _resolver, InMemory = true });
        }
        // A native library, which lies beside managed ones in many folders.
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => TypeIdentity.IsCompilerGenerated(type)
        ? []
        : type.NestedTypes.SelectMany(WithNested).Prepend(type);

    // Read from disk, a referenced assembly would keep its file open.
    private sealed class InMemoryResolver : DefaultAssemblyResolver
    {
        public override AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters)
        {
            parameters.InMemory = true;
            return base.Resolve(name, parameters);
        }
    }
}
