namespace ModularMonolith.Architecture.Tests;

/// <summary>The findings that are accepted. An excuse that is not needed any more fails the tests.</summary>
internal static class Excuses
{
    public static readonly IReadOnlyList<Excuse> All =
    [
        new("files-stay-short", "tests/Architecture.Fixtures/modules/Careless/Careless/Haste/Endless.cs", "It is too long on purpose: the rule is shown to find it."),
        new("versions-are-central", "tests/Architecture.Fixtures/modules/Careless/Careless/Careless.csproj", "It sets a version on purpose: the rule is shown to find it."),
        new("commands-are-validated", "DeleteBasket", "The basket's id is its only value; OpenBaskets checks its shape, and a malformed one is not found like an unknown one."),
        new("commands-are-validated", "RemoveLine", "Besides the basket's id, which OpenBaskets checks, its values are typed; a line that is not there is not found."),
    ];
}
