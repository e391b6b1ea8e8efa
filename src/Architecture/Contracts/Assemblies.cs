using System.Runtime.InteropServices;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts;

/// <summary>
/// Reads assemblies, and those that they refer to where a type of theirs has to be known. An assembly of the product is taken from where it was built, not from the copies beside its users,
/// which may be older.
/// </summary>
/// <param name="files">The product's assemblies, by simple name.</param>
internal sealed class Assemblies(IReadOnlyDictionary<string, string> files) : IAssemblyResolver
{
    private readonly Dictionary<string, AssemblyDefinition?> _read = new(StringComparer.Ordinal);
    private readonly string[] _folders =
    [
        .. files.Values.Select(static file => Path.GetDirectoryName(file)!).Distinct(StringComparer.Ordinal), RuntimeEnvironment.GetRuntimeDirectory(),
    ];

    /// <summary>Reads a file.</summary>
    public ModuleDefinition Read(string file) => Open(Path.GetFileNameWithoutExtension(file), file).MainModule;

    /// <summary>Reads what is in memory.</summary>
    internal ModuleDefinition Read(Stream image, Stream? symbols)
    {
        var assembly = AssemblyDefinition.ReadAssembly(image, new ReaderParameters(ReadingMode.Deferred) { AssemblyResolver = this, ReadSymbols = symbols is not null, SymbolStream = symbols });
        _read[assembly.Name.Name] = assembly;
        return assembly.MainModule;
    }

    /// <inheritdoc/>
    public AssemblyDefinition? Resolve(AssemblyNameReference name)
    {
        if (!_read.TryGetValue(name.Name, out var known))
        {
            var file = files.GetValueOrDefault(name.Name) ?? _folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);
            _read[name.Name] = known = file is null ? null : Open(name.Name, file);
        }

        return known;
    }

    /// <inheritdoc/>
    public AssemblyDefinition? Resolve(AssemblyNameReference name, ReaderParameters parameters) => Resolve(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var assembly in _read.Values)
        {
            assembly?.Dispose();
        }
    }

    private AssemblyDefinition Open(string name, string file)
    {
        if (_read.GetValueOrDefault(name) is { } known)
        {
            return known;
        }

        var assembly = AssemblyDefinition.ReadAssembly(file, new ReaderParameters(ReadingMode.Deferred) { AssemblyResolver = this, InMemory = true });
        _read[name] = assembly;
        return assembly;
    }
}
