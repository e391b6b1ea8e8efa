using System.Reflection;
using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>
/// A set of types to select from. Types whose full name begins with <c>System.</c>, <c>Microsoft.</c>, <c>xunit.</c>,
/// <c>netstandard.</c>, <c>Mono.Cecil.</c> or <c>NetArchTest.Rules.</c> and compiler-generated types are never in it.
/// </summary>
public sealed class Types
{
    private readonly IReadOnlyList<TypeDefinition> _types;

    private Types(IEnumerable<TypeDefinition> types) => _types = types.ToList();

    /// <summary>The types of every assembly that is loaded from a file, except the excluded names.</summary>
    /// <returns>The types.</returns>
    public static Types InCurrentDomain() =>
        new(Read(LoadedFiles().Where(assembly => !AssemblyReader.IsExcluded(assembly.GetName().Name!))));

    /// <summary>The types of an assembly.</summary>
    /// <param name="assembly">The assembly; a dynamic one has no types here.</param>
    /// <param name="searchDirectories">Where to look for the assemblies it refers to, besides its own folder and the runtime.</param>
    /// <returns>The types.</returns>
    /// <exception cref="ArgumentException">The assembly was not loaded from a file.</exception>
    public static Types InAssembly(Assembly assembly, IEnumerable<string>? searchDirectories = null)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return InAssemblies([assembly], searchDirectories);
    }

    /// <summary>The types of several assemblies.</summary>
    /// <param name="assemblies">The assemblies; dynamic ones have no types here.</param>
    /// <param name="searchDirectories">Where to look for the assemblies they refer to, besides their own folders and the runtime.</param>
    /// <returns>The types.</returns>
    /// <exception cref="ArgumentException">An assembly was not loaded from a file.</exception>
    public static Types InAssemblies(IEnumerable<Assembly> assemblies, IEnumerable<string>? searchDirectories = null)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        return new Types(Read(assemblies, searchDirectories));
    }

    /// <summary>The types of loaded assemblies whose namespace begins with a text, whatever its case; whole segments are not required.</summary>
    /// <param name="name">The beginning of the namespace.</param>
    /// <returns>The types.</returns>
    public static Types InNamespace(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new Types(Read(LoadedFiles()).Where(type => Outermost(type).Namespace.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The types of an assembly file.</summary>
    /// <param name="filename">The file's path, relative to the folder of NetArchTest.Rules.dll.</param>
    /// <returns>The types; none when the file is a native library.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Types FromFile(string filename)
    {
        ArgumentException.ThrowIfNullOrEmpty(filename);
        var path = Path.Combine(Path.GetDirectoryName(typeof(Types).Assembly.Location)!, filename);
        return File.Exists(path)
            ? new Types(new AssemblyReader(null).TypesOf(path))
            : throw new FileNotFoundException($"There is no assembly file {path}.", path);
    }

    /// <summary>The types of every assembly file (<c>*.dll</c>) directly in a folder, except assemblies of the excluded names.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="searchDirectories">Where to look for the assemblies they refer to, besides the folder itself and the runtime.</param>
    /// <returns>The types.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static Types FromPath(string path, IEnumerable<string>? searchDirectories = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no folder {path}.");
        var reader = new AssemblyReader(searchDirectories);
        return new Types(Directory.GetFiles(path, "*.dll")
            .Order(StringComparer.Ordinal)
            .Select(reader.Read)
            .OfType<AssemblyDefinition>()
            .Where(file => !AssemblyReader.IsExcluded(file.Name.Name))
            .SelectMany(AssemblyReader.TypesOf));
    }

    /// <summary>Loads the types.</summary>
    /// <returns>The types.</returns>
    public IEnumerable<Type> GetTypes() => _types.Select(TypeIdentity.Load);

    /// <summary>Selects some of the types.</summary>
    /// <returns>The predicates to select by.</returns>
    public Predicates That() => new(_types, Selection.Everything);

    /// <summary>States what every one of the types must meet.</summary>
    /// <returns>The conditions to choose from.</returns>
    public Conditions Should() => new(_types, should: true, Selection.Everything);

    /// <summary>States what none of the types may meet.</summary>
    /// <returns>The conditions to choose from.</returns>
    public Conditions ShouldNot() => new(_types, should: false, Selection.Everything);

    private static IEnumerable<Assembly> LoadedFiles() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => !assembly.IsDynamic && assembly.Location.Length > 0);

    private static IEnumerable<TypeDefinition> Read(IEnumerable<Assembly> assemblies, IEnumerable<string>? searchDirectories = null)
    {
        var reader = new AssemblyReader(searchDirectories);
        return assemblies.SelectMany(reader.TypesOf);
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);
}
