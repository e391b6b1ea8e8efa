using System.Runtime.InteropServices;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Tells the assemblies of .NET and ASP.NET Core from those of packages, by what is installed beside the running program.</summary>
internal sealed class FrameworkAssemblies
{
    private readonly string[] _folders;
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    public FrameworkAssemblies()
    {
        var runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/', '\\');
        var web = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(runtime)) ?? runtime, "Microsoft.AspNetCore.App");
        _folders = Directory.Exists(web) ? [runtime, .. Directory.EnumerateDirectories(web)] : [runtime];
    }

    /// <summary>Whether an assembly is of the framework.</summary>
    public bool Contain(string name)
    {
        if (!_known.TryGetValue(name, out var isFramework))
        {
            // Where ASP.NET Core is not installed, its names have to do.
            isFramework = Array.Exists(_folders, folder => File.Exists(Path.Combine(folder, name + ".dll")))
                || (_folders.Length == 1 && (name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)));
            _known[name] = isFramework;
        }

        return isFramework;
    }
}
