using System.Reflection;
using System.Runtime.Loader;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Verification;

/// <summary>Loads a repository's own declaration from the project <c>tests/Architecture.Rules</c>. It is the only code of a repository that a verification runs.</summary>
public static class PolicyLoader
{
    /// <summary>The project that may hold a declaration, relative to the repository.</summary>
    public const string Project = "tests/Architecture.Rules/Architecture.Rules.csproj";

    /// <summary>Loads it.</summary>
    /// <param name="assembly">The compiled project; null when the repository has none.</param>
    /// <returns>The declaration, or the default where there is none.</returns>
    /// <exception cref="ArchitectureException">The assembly declares nothing, or more than one thing, or cannot be loaded.</exception>
    public static Policy Load(string? assembly)
    {
        if (assembly is null)
        {
            return Policy.Default;
        }

        try
        {
            var types = new Context(assembly).LoadFromAssemblyPath(assembly).GetTypes().Where(static type => typeof(IArchitecture).IsAssignableFrom(type) && !type.IsAbstract).ToList();
            return types.Count == 1
                ? ((IArchitecture)Activator.CreateInstance(types[0])!).Declare()
                : throw new ArchitectureException($"{Project} has {types.Count} classes that implement {nameof(IArchitecture)}. It needs one.");
        }
        catch (Exception exception) when (exception is ReflectionTypeLoadException or BadImageFormatException or IOException or MissingMethodException or TargetInvocationException)
        {
            throw new ArchitectureException($"{Project} cannot be used: {(exception.InnerException ?? exception).Message} Build it against this version.");
        }
    }

    // The declaration has to speak of the same rules as this process, so the engine is not loaded twice.
    private sealed class Context(string assembly) : AssemblyLoadContext(nameof(PolicyLoader))
    {
        private readonly AssemblyDependencyResolver _resolver = new(assembly);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(IArchitecture).Assembly.GetName().Name || assemblyName.Name == "Mono.Cecil" ? null
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path)
            : null;
    }
}
