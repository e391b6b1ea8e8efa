using System.Reflection;
using FluentValidation;
using Microsoft.Extensions.DependencyModel;

namespace Carter;

/// <summary>The assemblies that <c>AddCarter</c> scans.</summary>
public class DependencyContextAssemblyCatalog
{
    private readonly IReadOnlyCollection<Assembly> _assemblies;

    /// <summary>A catalog of what the entry assembly was built with.</summary>
    public DependencyContextAssemblyCatalog() : this(EntryAssembly())
    {
    }

    /// <summary>
    /// A catalog of the assemblies in the application's dependency file that refer to Carter or FluentValidation directly.
    /// </summary>
    /// <param name="entryAssembly">The application; it is the whole catalog when it has no dependency file.</param>
    public DependencyContextAssemblyCatalog(Assembly entryAssembly) =>
        _assemblies = DependencyContext.Load(entryAssembly) is { } context ? ReferringAssemblies(context) : [entryAssembly];

    /// <summary>A catalog of exactly the given assemblies.</summary>
    /// <param name="assemblies">The assemblies to scan.</param>
    public DependencyContextAssemblyCatalog(params Assembly[] assemblies) => _assemblies = [.. assemblies];

    /// <summary>Lists the assemblies to scan.</summary>
    /// <returns>The catalog's assemblies and Carter itself, each once.</returns>
    public virtual IReadOnlyCollection<Assembly> GetAssemblies() =>
        new HashSet<Assembly>(_assemblies) { typeof(DependencyContextAssemblyCatalog).Assembly };

    private static Assembly EntryAssembly() =>
        Assembly.GetEntryAssembly()
        ?? throw new InvalidOperationException("This process has no managed entry assembly. Pass the assemblies to scan to the catalog.");

    private static List<Assembly> ReferringAssemblies(DependencyContext context)
    {
        var scanned = new[] { typeof(DependencyContextAssemblyCatalog), typeof(IValidator) }
            .Select(type => type.Assembly.GetName().Name!)
            .ToHashSet(StringComparer.Ordinal);
        return context.RuntimeLibraries
            .Where(library => library.Dependencies.Any(dependency => scanned.Contains(dependency.Name)))
            .SelectMany(library => library.GetDefaultAssemblyNames(context))
            .Select(LoadIfPresent)
            .OfType<Assembly>()
            .ToList();
    }

    // The dependency file may list assemblies that were trimmed away or are not deployed.
    private static Assembly? LoadIfPresent(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }
}
