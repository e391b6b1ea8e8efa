using System.Reflection;
using ModularMonolith.Architecture.Declared;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Tests;

/// <summary>This repository.</summary>
internal static class RepositoryUnderTest
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Repository.RootAbove(AppContext.BaseDirectory);

    private static readonly Lazy<RuleContext> Read = new(static () => new RuleContext(Repository.Open(Root).Read(), new ThisRepository().Declare()));

    /// <summary>Its code and what its architects declare.</summary>
    public static RuleContext Context => Read.Value;

    /// <summary>The modules' slices, loaded.</summary>
    public static IReadOnlyList<Assembly> Slices => [.. Context.Graph.Modules.Select(static module => Load(module.Slice!))];

    /// <summary>The modules' Contracts, loaded.</summary>
    public static IReadOnlyList<Assembly> Contracts => [.. Context.Graph.Modules.Select(static module => Load(module.Contracts!))];

    /// <summary>An assembly of a graph, loaded.</summary>
    public static Assembly Load(AssemblyFacts assembly) => Assembly.Load(new AssemblyName(assembly.Name));

    /// <summary>A type of a graph, loaded.</summary>
    public static Type Load(TypeName type) => Assembly.Load(new AssemblyName(type.Assembly)).GetType(type.FullName.Replace('/', '+'), throwOnError: true)!;
}
