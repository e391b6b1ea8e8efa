using ModularMonolith.Architecture.Contracts;
using static ModularMonolith.Architecture.Contracts.ContractImpact;

namespace ModularMonolith.Contracts.Tests;

/// <summary>Each class of difference once: what is changed in the sample, whom that breaks and under which name.</summary>
public sealed class KindTests
{
    private static readonly Dictionary<string, (ContractImpact Impact, string Old, string New)> Surface = new(StringComparer.Ordinal)
    {
        ["type-added"] = (Compatible, "public enum Size", "public sealed record Cup(int Size); public enum Size"),
        ["type-removed"] = (BreakingForConsumers, "public sealed record FindPots(string? Owner) : IQuery<IReadOnlyList<Guid>>;", ""),
        ["type-kind-changed"] = (BreakingForConsumers, "public sealed class Kettle", "public sealed record Kettle"),
        ["type-opened"] = (Compatible, "public sealed class Kettle", "public class Kettle"),
        ["type-closed"] = (BreakingForConsumers, "public class Spoon", "public sealed class Spoon"),
        ["interface-added"] = (Compatible, "class Kettle : IPot\n{", "class Kettle : IPot, ICloneable\n{\n    object ICloneable.Clone() => this;"),
        ["interface-removed"] = (BreakingForConsumers, "class Kettle : IPot", "class Kettle"),
        ["response-changed"] = (BreakingForConsumers, "IQuery<IReadOnlyList<Guid>>", "IQuery<IReadOnlyList<string>>"),
        ["response-nullable"] = (BreakingForConsumers, "ICommand<Brew>", "ICommand<Brew?>"),
        ["response-not-nullable"] = (BreakingForProducers, "IQuery<string?>", "IQuery<string>"),
        ["attribute-changed"] = (Compatible, "public sealed record BrewTea", "[RetryOnConflict(Attempts = 3)] public sealed record BrewTea"),
        ["upcaster-changed"] = (Compatible, "public sealed class PotBrokenWithoutReason", "public sealed class PotBrokenBefore"),
        ["constant-changed"] = (BreakingForConsumers, "Green = \"green\"", "Green = \"GREEN\""),
        ["member-added"] = (Compatible, "public const string Green", "public const string Red = \"red\"; public const string Green"),
        ["interface-member-added"] = (BreakingForProducers, "int Litres { get; }\n}", "int Litres { get; }\n    bool IsHot => true;\n}"),
        ["member-removed"] = (BreakingForConsumers, "public static string Of(int number) => number > 0 ? Green : \"black\";", ""),
        ["member-changed"] = (BreakingForConsumers, "public static string Of(int number) =>", "public static string? Of(int number) =>"),
        ["value-removed"] = (BreakingForConsumers, "Size { Small, Large }", "Size { Small }"),
        ["value-renumbered"] = (BreakingForConsumers, "Size { Small, Large }", "Size { Small, Large = 7 }"),
        ["request-member-added"] = (Compatible, "string? Note = null)", "string? Note = null, bool IsHot = true)"),
        ["request-member-required"] = (BreakingForConsumers, "BrewTea(Guid PotId, string Kind, Size Size,", "BrewTea(Guid PotId, string Kind, Size Size, int Cups,"),
        ["request-member-removed"] = (BreakingForConsumers, ", int Grams = 5, string? Note = null) :", ", int Grams = 5) :"),
        ["request-member-renamed"] = (BreakingForConsumers, "Guid PotId, string Kind, Size", "Guid PotId, string Sort, Size"),
        ["request-member-retyped"] = (BreakingForConsumers, "int Grams = 5", "long Grams = 5"),
        ["request-member-nullable"] = (Compatible, "Guid PotId, string Kind, Size", "Guid PotId, string? Kind, Size"),
        ["request-member-not-nullable"] = (BreakingForConsumers, "FindPots(string? Owner)", "FindPots(string Owner)"),
        ["request-default-added"] = (Compatible, "FindPots(string? Owner)", "FindPots(string? Owner = null)"),
        ["request-default-changed"] = (BreakingForConsumers, "int Grams = 5", "int Grams = 6"),
        ["request-members-reordered"] = (BreakingForConsumers, "Guid PotId, string Kind, Size Size", "string Kind, Guid PotId, Size Size"),
        ["request-value-added"] = (Compatible, "Size { Small, Large }", "Size { Small, Large, Huge }"),
        ["answer-member-added"] = (Compatible, "int Minutes = 3)", "int Minutes = 3, int Cups = 1)"),
        ["answer-member-required"] = (BreakingForProducers, "Strength Strength, int Minutes", "Strength Strength, int Cups, int Minutes"),
        ["answer-member-removed"] = (BreakingForConsumers, ", int Minutes = 3)", ")"),
        ["answer-member-renamed"] = (BreakingForConsumers, "Guid Id, string Title, string? Comment, Strength", "Guid Id, string Name, string? Comment, Strength"),
        ["answer-member-retyped"] = (BreakingForConsumers, "int Minutes = 3)", "long Minutes = 3)"),
        ["answer-member-nullable"] = (BreakingForConsumers, "Guid Id, string Title, string? Comment, Strength", "Guid Id, string? Title, string? Comment, Strength"),
        ["answer-member-not-nullable"] = (BreakingForProducers, "Guid Id, string Title, string? Comment, Strength", "Guid Id, string Title, string Comment, Strength"),
        ["answer-default-added"] = (Compatible, "Strength Strength, int Minutes", "Strength Strength = Strength.Weak, int Minutes"),
        ["answer-default-changed"] = (BreakingForProducers, "int Minutes = 3", "int Minutes = 4"),
        ["answer-members-reordered"] = (BreakingForProducers, "Guid Id, string Title, string? Comment, Strength", "string Title, Guid Id, string? Comment, Strength"),
        ["answer-value-added"] = (BreakingForConsumers, "Strength { Weak, Strong }", "Strength { Weak, Strong, Black }"),
    };

    // A change of an event shows in both files, the surface's and that of the events.
    private static readonly Dictionary<string, (ContractImpact Impact, string Old, string New)> Events = new(StringComparer.Ordinal)
    {
        ["event-name-changed payload-renamed"] = (BreakingForConsumers, "\"tea.tea-brewed\"", "\"tea.tea-made\""),
        ["event-name-changed payload-version-lowered"] = (BreakingForConsumers, "\"tea.pot-broken\", Version = 2", "\"tea.pot-broken\", Version = 1"),
        ["event-name-changed payload-version-unreadable"] = (BreakingForConsumers, "\"tea.pot-broken\", Version = 2", "\"tea.pot-broken\", Version = 3"),
        ["event-member-added payload-member-added"] = (Compatible, "int Cups = 1) : IIntegrationEvent", "int Cups = 1, int Pots = 1) : IIntegrationEvent"),
        ["event-member-required payload-member-required"] = (BreakingForConsumers, "Mood Mood, int Cups", "Mood Mood, int Pots, int Cups"),
        ["event-member-removed payload-member-removed"] = (BreakingForConsumers, ", int Cups = 1) : IIntegrationEvent", ") : IIntegrationEvent"),
        ["event-member-renamed payload-member-renamed"] = (BreakingForConsumers, "Leaf(string Name,", "Leaf(string Title,"),
        ["event-member-retyped payload-member-retyped"] = (BreakingForConsumers, "decimal Weight", "int Weight"),
        ["event-member-retyped payload-member-widened"] = (BreakingForConsumers, "int Cups = 1) : IIntegrationEvent", "long Cups = 1) : IIntegrationEvent"),
        ["event-member-nullable payload-member-nullable"] = (BreakingForConsumers, "Leaf(string Name,", "Leaf(string? Name,"),
        ["event-member-not-nullable payload-member-not-nullable"] = (BreakingForConsumers, "string? Comment, IReadOnlyList", "string Comment, IReadOnlyList"),
        ["event-default-added payload-default-added"] = (Compatible, "decimal Weight", "decimal Weight = 1"),
        ["event-default-changed payload-default-changed"] = (BreakingForConsumers, "int Cups = 1) : IIntegrationEvent", "int Cups = 2) : IIntegrationEvent"),
        ["event-members-reordered"] = (BreakingForProducers, "Leaf(string Name, decimal Weight)", "Leaf(decimal Weight, string Name)"),
        ["event-value-added payload-value-added"] = (BreakingForConsumers, "Mood { Calm, Awake }", "Mood { Calm, Awake, Wild }"),
        ["payload-value-removed value-removed"] = (BreakingForConsumers, "Mood { Calm, Awake }", "Mood { Calm }"),
        ["payload-added type-added"] = (Compatible, "public enum Size", "[EventName(\"tea.cold\")] public sealed record Cold(Guid Id) : IIntegrationEvent { string IIntegrationEvent.Key => Id.ToString(); } public enum Size"),
        ["event-name-changed interface-removed payload-removed"] = (BreakingForConsumers, "[EventName(\"tea.tea-brewed\")]\npublic sealed record TeaBrewed(Guid BrewId, string Title, string? Comment, IReadOnlyList<Leaf> Leaves, Mood Mood, int Cups = 1) : IIntegrationEvent\n{\n    string IIntegrationEvent.Key => BrewId.ToString();\n}", "public sealed record TeaBrewed(Guid BrewId, string Title, string? Comment, IReadOnlyList<Leaf> Leaves, Mood Mood, int Cups = 1);"),
        ["payload-key-changed"] = (BreakingForConsumers, "=> BrewId.ToString()", "=> Title"),
        ["payload-upcaster-added upcaster-changed"] = (
            Compatible, "public interface IPot", "public sealed class FromZero : IEventUpcaster<PotBroken> { public int FromVersion => 0; public JsonObject Upcast(JsonObject payload) => payload; } public interface IPot"),
        ["payload-upcaster-removed upcaster-changed"] = (BreakingForConsumers, "public sealed class PotBrokenWithoutReason : IEventUpcaster<PotBroken>", "internal sealed class PotBrokenWithoutReason"),
    };

    private static readonly Dictionary<string, (ContractImpact Impact, string Old, string New)> Stored = new(StringComparer.Ordinal)
    {
        ["stored-added"] = (Compatible, "names.MapEventType<Poured>", "names.MapEventType<Names>(\"tea_named\");\n        names.MapEventType<Poured>"),
        ["stored-removed"] = (BreakingForProducers, "names.MapEventType<Emptied>(\"tea_emptied\");", ""),
        ["stored-renamed"] = (BreakingForProducers, "\"tea_emptied\"", "\"tea_gone\""),
        ["stored-member-added"] = (Compatible, "int Cups = 1", "int Cups = 1, string? Where = null"),
        ["stored-member-required"] = (BreakingForProducers, "Vessel Vessel,", "Vessel Vessel, int Pots,"),
        ["stored-member-removed"] = (BreakingForProducers, ", int Cups = 1", ""),
        ["stored-member-renamed"] = (BreakingForProducers, "string By", "string Who"),
        ["stored-member-retyped"] = (BreakingForProducers, "int Cups = 1", "string Cups = \"1\""),
        ["stored-member-widened"] = (Compatible, "int Cups = 1", "long Cups = 1"),
        ["stored-member-nullable"] = (Compatible, "string By", "string? By"),
        ["stored-member-not-nullable"] = (BreakingForProducers, "string? Note", "string Note"),
        ["stored-default-added"] = (Compatible, "Vessel Vessel,", "Vessel Vessel = Vessel.Cup,"),
        ["stored-default-changed"] = (BreakingForProducers, "int Cups = 1", "int Cups = 2"),
        ["stored-value-added"] = (Compatible, "{ Cup, Glass }", "{ Cup, Glass, Bowl }"),
        ["stored-value-removed"] = (BreakingForProducers, "{ Cup, Glass }", "{ Cup }"),
    };

    // These need files beside the code, or are shown elsewhere.
    private static readonly string[] Others = ["payload-version-raised", "stored-retired", "text-changed"];

    public static TheoryData<string> InContracts => [.. Surface.Keys.Concat(Events.Keys)];

    public static TheoryData<string> InSlice => [.. Stored.Keys];

    [Theory]
    [MemberData(nameof(InContracts))]
    public void A_change_of_contracts_is_classified(string kinds)
    {
        var (impact, old, changed) = Surface.TryGetValue(kinds, out var found) ? found : Events[kinds];

        var differences = Sample.Differences(Sample.Contracts.With(old, changed), Sample.Slice);

        Check(kinds, impact, differences);
    }

    [Theory]
    [MemberData(nameof(InSlice))]
    public void A_change_of_stored_events_is_classified(string kinds)
    {
        var (impact, old, changed) = Stored[kinds];

        Check(kinds, impact, Sample.Differences(Sample.Contracts, Sample.Slice.With(old, changed)));
    }

    [Fact]
    public void Each_class_is_shown_by_a_change() => Assert.Equal(
        DifferenceKinds.All.Select(static kind => kind.Name).Order(StringComparer.Ordinal),
        Surface.Keys.Concat(Events.Keys).Concat(Stored.Keys).SelectMany(static kinds => kinds.Split(' ')).Concat(Others).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Each_breaking_class_says_what_to_do() => Assert.All(
        DifferenceKinds.All.Where(static kind => kind.Impact != Compatible),
        static kind => Assert.Matches("(Keep|Add|Give|Leave|Put|Go on|Raise|Publish|Write|Let|Make sure|Say)", kind.Sentences));

    private static void Check(string kinds, ContractImpact impact, IReadOnlyList<ContractDifference> differences)
    {
        Assert.True(differences.Select(static difference => difference.Kind).Distinct().Order(StringComparer.Ordinal).SequenceEqual(kinds.Split(' ')), string.Join('\n', differences));
        Assert.Equal(impact, differences.Max(static difference => difference.Impact));
        Assert.All(differences, static difference => Assert.DoesNotContain("{", difference.Reason, StringComparison.Ordinal));
    }
}
