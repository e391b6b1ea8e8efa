namespace ModularMonolith.Architecture.Tests;

/// <summary>The deliberately bad code below tests/Architecture.Fixtures, and what each rule must find in it.</summary>
internal static class BadCodebase
{
    public static readonly IReadOnlyDictionary<string, string[]> Findings = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["module-references"] = ["Careless: refers to ModularMonolith.Meddling"],
    };

    private static readonly Lazy<Codebase> Read = new(static () => Codebase.Read(
        Path.Combine(Codebase.FolderAbove("ModularMonolith.sln"), "tests", "Architecture.Fixtures"), "Fixtures.sln", "ModularMonolith.Leaky", ["ModularMonolith.Leaky"],
        new Dictionary<string, string[]> { ["Leaky"] = [] }, []));

    public static Codebase Codebase => Read.Value;
}
