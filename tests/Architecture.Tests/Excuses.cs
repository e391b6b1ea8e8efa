namespace ModularMonolith.Architecture.Tests;

/// <summary>The findings that are accepted. An excuse that is not needed any more fails the tests.</summary>
internal static class Excuses
{
    public static readonly IReadOnlyList<Excuse> All =
    [
        new("files-stay-short", "tests/Architecture.Fixtures/modules/Careless/Careless/Haste/Endless.cs", "It is too long on purpose: the rule is shown to find it."),
        new("versions-are-central", "tests/Architecture.Fixtures/modules/Careless/Careless/Careless.csproj", "It sets a version on purpose: the rule is shown to find it."),
    ];
}
