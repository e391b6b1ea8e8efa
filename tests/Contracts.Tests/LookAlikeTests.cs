using ModularMonolith.Architecture.Contracts;

namespace ModularMonolith.Contracts.Tests;

/// <summary>Changes that are no change of what is promised.</summary>
public sealed class LookAlikeTests
{
    private static readonly Dictionary<string, (string Old, string New)> InContracts = new(StringComparer.Ordinal)
    {
        ["types in another order"] = ("public enum Size { Small, Large }", ""),
        ["properties in another order"] = ("    public int Litres { get; set; }\n\n    public string? Maker { get; set; }", "    public string? Maker { get; set; }\n\n    public int Litres { get; set; }"),
        ["values in another order"] = ("Size { Small, Large }", "Size { Large = 1, Small = 0 }"),
        ["a doc comment"] = ("public sealed record BrewTea", "/// <summary>Brews tea.</summary>\npublic sealed record BrewTea"),
        ["a private member"] = ("public string? Maker", "private int Cups => Litres * 4;\n\n    public string? Maker"),
        ["an internal member"] = ("public string? Maker", "internal int Cups { get; set; }\n\n    public string? Maker"),
        ["an internal type"] = ("public enum Size", "internal sealed record Secret(int Number);\npublic enum Size"),
        ["another body"] = ("number > 0 ? Green : \"black\"", "number < 1 ? \"black\" : Green"),
        ["a default written in another way"] = ("int Grams = 5", "int Grams = 2 + 3"),
        ["a qualified name"] = ("FindPots(string? Owner)", "FindPots(System.String? Owner)"),
        ["a list in the long form"] = ("IReadOnlyList<Leaf> Leaves", "System.Collections.Generic.IReadOnlyList<ModularMonolith.Tea.Contracts.Leaf> Leaves"),
        ["what the compiler sees through"] = ("public int Litres { get; set; }", "private int _litres;\n\n    public int Litres { get => _litres; set => _litres = Math.Max(value, 0); }"),
        ["a property written out that the record would have anyway"] = ("public sealed record Leaf(string Name, decimal Weight);", "public sealed record Leaf(string Name, decimal Weight)\n{\n    public string Name { get; init; } = Name.Trim();\n}"),
        ["a key that is computed in another way"] = ("=> BrewId.ToString();", "{ get { var id = BrewId; return id.ToString(); } }"),
    };

    private static readonly Dictionary<string, (string Old, string New)> InSlice = new(StringComparer.Ordinal)
    {
        ["members in another order"] = ("Poured(Guid PotId, string By, string? Note,", "Poured(string By, Guid PotId, string? Note,"),
        ["a renamed parameter of an internal type"] = ("MapEventType<T>(string name) => GC.KeepAlive(name)", "MapEventType<T>(string stored) => GC.KeepAlive(stored)"),
        ["a member that is not stored"] = ("public bool IsLate => At.Hour > 20;", "public bool IsLate => At.Hour > 20;\n\n    [JsonIgnore]\n    public bool IsEarly => At.Hour < 8;"),
        ["a method"] = ("public bool IsLate => At.Hour > 20;", "public bool IsLate => At.Hour > 20;\n\n    public bool WasAfter(int hour) => At.Hour > hour;"),
        ["a private member"] = ("public bool IsLate => At.Hour > 20;", "public bool IsLate => Hour > 20;\n\n    private int Hour => At.Hour;"),
        ["names given in another order"] = ("            names.MapEventType<Poured>(\"tea_poured\");\n            names.MapEventType<Emptied>(\"tea_emptied\");", "            names.MapEventType<Emptied>(\"tea_emptied\");\n            names.MapEventType<Poured>(\"tea_poured\");"),
        ["values with other numbers, which are written as texts"] = ("{ Cup, Glass }", "{ Glass = 3, Cup = 9 }"),
    };

    public static TheoryData<string> Contracts => [.. InContracts.Keys];

    public static TheoryData<string> Slices => [.. InSlice.Keys];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Contracts_that_promise_the_same_have_no_difference(string change)
    {
        var (old, changed) = InContracts[change];
        var source = Sample.Contracts.With(old, changed);

        Assert.Empty(Sample.Differences(changed.Length == 0 ? source + "\n" + old : source, Sample.Slice));
    }

    [Theory]
    [MemberData(nameof(Slices))]
    public void Stored_events_that_are_written_alike_have_no_difference(string change)
    {
        var (old, changed) = InSlice[change];

        Assert.Empty(Sample.Differences(Sample.Contracts, Sample.Slice.With(Lines(old), Lines(changed))));
    }

    [Fact]
    public void A_renamed_class_under_the_same_stored_name_breaks_nothing_that_is_stored()
    {
        var difference = Assert.Single(Sample.Differences(Sample.Contracts, Sample.Slice.With("Poured", "PouredOut").With("Vessel Vessel", "Container Vessel").With("enum Vessel", "enum Container")));

        Assert.Equal(("text-changed", ContractImpact.Compatible), (difference.Kind, difference.Impact));
    }

    // The sample's text is not indented.
    private static string Lines(string text) => text.Replace("            names", "        names", StringComparison.Ordinal);
}
