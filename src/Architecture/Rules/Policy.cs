namespace ModularMonolith.Architecture.Rules;

/// <summary>What the architects of a repository declare beyond the rules that hold everywhere. A class of the project <c>tests/Architecture.Rules</c> gives it.</summary>
public interface IArchitecture
{
    /// <summary>The declaration.</summary>
    Policy Declare();
}

/// <summary>A repository's own part of the rules.</summary>
public sealed record Policy
{
    /// <summary>Nothing beyond the rules that hold everywhere.</summary>
    public static Policy Default { get; } = new();

    /// <summary>Which projects below src each of them may refer to; a project that is not named may refer to none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Layers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The assemblies that put the modules together.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["ModularMonolith.Host"];

    /// <summary>The assemblies that modules stand on; a slice may use all of them.</summary>
    public IReadOnlyList<string> Platform { get; init; } = ["ModularMonolith.Platform", "ModularMonolith.Platform.Contracts"];

    /// <summary>The assemblies of this repository that Contracts may use.</summary>
    public IReadOnlyList<string> ContractsPlatform { get; init; } = ["ModularMonolith.Platform.Contracts"];

    /// <summary>The schemas of the database that no module owns and none may name: the platform's, and the one where everybody could meet.</summary>
    public IReadOnlyList<string> Schemas { get; init; } = ["integration", "audit", "public"];

    /// <summary>The packages that every slice may refer to.</summary>
    public IReadOnlyList<string> Packages { get; init; } = ["Bogus", "Carter", "FluentValidation", "Marten", "MediatR", "Scrutor"];

    /// <summary>The packages that single modules may refer to besides, by the module's folder, each with the reason.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AllowedPackage>> ModulePackages { get; init; } = new Dictionary<string, IReadOnlyList<AllowedPackage>>();

    /// <summary>Findings that are right as they are. One that is not found any more fails the verification.</summary>
    public IReadOnlyList<Accepted> Accepted { get; init; } = [];

    /// <summary>The repository's own rules.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = [];

    /// <summary>How many lines a file may have.</summary>
    public int LinesAtMost { get; init; } = 300;

    /// <summary>How many public types a module's Contracts may have before they are no contract any more.</summary>
    public int ContractTypesAtMost { get; init; } = 80;
}

/// <summary>A package that a module may use.</summary>
/// <param name="Id">The package.</param>
/// <param name="Because">Why.</param>
public sealed record AllowedPackage(string Id, string Because);

/// <summary>A finding that is accepted for good. What is to go away stands in a baseline instead.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="From">The finding's place: <see cref="Finding.From"/>.</param>
/// <param name="Because">Why the code is right here and the rule is not.</param>
public sealed record Accepted(string Rule, string From, string Because);
