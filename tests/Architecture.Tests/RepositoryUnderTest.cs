namespace ModularMonolith.Architecture.Tests;

/// <summary>This repository.</summary>
internal static class RepositoryUnderTest
{
    private const string Solution = "ModularMonolith.sln";

    /// <summary>What each project below src stands on. Modules stand on Platform; the host finds them by wildcard.</summary>
    private static readonly Dictionary<string, string[]> Layering = new(StringComparer.Ordinal)
    {
        ["Platform.Contracts"] = [],
        ["Postgres"] = [],
        ["Postgres.Testing"] = ["Postgres"],
        ["Platform"] = ["Platform.Contracts", "Postgres"],
        ["Platform.Testing"] = ["Platform", "Postgres.Testing"],
        ["Bridge"] = ["Platform"],
        ["Client"] = ["ClientGenerator"],
        ["ClientGenerator"] = ["HttpContracts"],
        ["Analyzers"] = [],
        ["Analyzers.CodeFixes"] = ["Analyzers"],
        ["Architecture"] = [],
        ["Cli"] = ["Architecture", "Conformance", "HttpContracts"],
        ["Conformance"] = [],
        ["HttpContracts"] = [],
        ["Host"] = ["Bridge", "Platform"],
    };

    private static readonly Lazy<Codebase> Read = new(static () => Codebase.Read(
        Codebase.FolderAbove(Solution), Solution, "ModularMonolith.Host", ["ModularMonolith.Platform", "ModularMonolith.Platform.Contracts", "ModularMonolith.Bridge"], Layering, Excuses.All));

    public static Codebase Codebase => Read.Value;
}
