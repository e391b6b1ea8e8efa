using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModularMonolith.Architecture.Contracts.Shapes;
using ModularMonolith.Platform.Contracts;
using Mono.Cecil;

namespace ModularMonolith.Contracts.Tests;

/// <summary>What is read from compiled types against what System.Text.Json makes of them.</summary>
public sealed class ShapeTests
{
    private static readonly JsonSerializerOptions Log = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private static readonly (IReadOnlyDictionary<string, MemberShape> Members, IReadOnlyDictionary<string, TypeShape> Types) Read = ReadIt(JsonWriting.Log);

    [Fact]
    public void The_members_are_those_that_the_serializer_writes()
    {
        var written = JsonNode.Parse(JsonSerializer.Serialize(Specimen.Full(), Log))!.AsObject();

        Assert.Equal(written.Select(static pair => pair.Key).Order(StringComparer.Ordinal), Read.Members.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(written["inner"]!["deeper"]![0]!.AsObject().Select(static pair => pair.Key).Order(StringComparer.Ordinal), Read.Types["Inner"].Members!.Keys.Order(StringComparer.Ordinal));
        Assert.Contains((string)written["mood"]!, Read.Types["Mood"].Values!);
    }

    [Fact]
    public void What_a_missing_member_becomes_is_what_the_serializer_makes_of_it()
    {
        var whole = JsonNode.Parse(JsonSerializer.Serialize(Specimen.Full(), Log))!.AsObject();
        foreach (var (name, shape) in Read.Members.Where(static pair => !pair.Value.IsComputed))
        {
            var without = whole.DeepClone().AsObject();
            without.Remove(name);
            if (shape.IsRequired)
            {
                Assert.Throws<JsonException>(() => without.Deserialize<Specimen>(Log));
                continue;
            }

            var made = JsonNode.Parse(JsonSerializer.Serialize(without.Deserialize<Specimen>(Log), Log))![name];
            if (shape.Default is "initial" or "default")
            {
                continue;
            }

            Assert.Equal((name, shape.Default ?? (shape.IsNullable ? "null" : "nothing")), (name, shape.MustBeThere ? "nothing" : made?.ToJsonString() ?? "null"));
        }
    }

    [Theory]
    [InlineData("id", "uuid")]
    [InlineData("total", "Money")]
    [InlineData("at", "date-time")]
    [InlineData("day", "date?")]
    [InlineData("names", "string?[]")]
    [InlineData("counts", "map<string, int32>")]
    [InlineData("mood", "Mood = \"wideAwake\"")]
    [InlineData("bytes", "base64")]
    [InlineData("anything", "any?")]
    [InlineData("pair", "Pair<Inner>")]
    [InlineData("known_as", "string?")]
    [InlineData("needed", "string?, required")]
    [InlineData("length", "int32, computed")]
    [InlineData("text", "string = \"\"")]
    [InlineData("retries", "int32 = 3")]
    [InlineData("isOpen", "boolean = true")]
    [InlineData("plain", "int32 = default")]
    [InlineData("list", "string[] = initial")]
    [InlineData("price", "decimal = 1.5")]
    [InlineData("vessel", "Vessel?")]
    public void A_member_is_written_as_one_line(string name, string line)
    {
        Assert.Equal(line, Read.Members[name].ToString());
        Assert.Equal(Read.Members[name], MemberShape.Parse(line));
    }

    [Fact]
    public void The_event_store_spells_values_as_they_are_declared() => Assert.Equal(["Calm", "WideAwake", "still-asleep"], ReadIt(JsonWriting.Store).Types["Mood"].Values!);

    [Fact]
    public void The_types_that_may_stand_for_one_are_known_by_the_text_that_tells_them_apart()
    {
        var written = JsonNode.Parse(JsonSerializer.Serialize(Specimen.Full(), Log))!["vessel"]!.AsObject();

        var kinds = Read.Types["Vessel"].Kinds!;

        Assert.Equal("cup", (string?)written[kinds.Member]);
        Assert.Equal(written.Select(static pair => pair.Key).Where(name => name != kinds.Member).Order(StringComparer.Ordinal), Read.Types[kinds.Types["cup"]].Members!.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("typeof(Cup), \"cup\"", "typeof(Cup), \"mug\"", "stored-value-added stored-value-removed")]
    [InlineData("int Litres", "int Handles", "stored-member-renamed")]
    [InlineData("[JsonDerivedType(typeof(Pot), \"pot\")]", "", "stored-value-removed")]
    public void A_change_of_what_may_stand_for_a_type_is_found(string old, string changed, string kinds)
    {
        const string Slice =
            """
            namespace ModularMonolith.Tea;
            [JsonDerivedType(typeof(Cup), "cup")] [JsonDerivedType(typeof(Pot), "pot")] internal abstract record Vessel;
            internal sealed record Cup : Vessel;
            internal sealed record Pot(int Litres) : Vessel;
            internal sealed record Filled(Vessel Vessel);
            internal static class Store { static void MapEventType<T>(string name) => GC.KeepAlive(name); public static void Configure() => MapEventType<Filled>("filled"); }
            """;

        var differences = Sample.Differences(string.Empty, Slice, string.Empty, Slice.With(old, changed));

        Assert.Equal(kinds, string.Join(' ', differences.Select(static difference => difference.Kind).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_type_that_holds_itself_ends() => Assert.Equal("Inner[]", Read.Types["Inner"].Members!["deeper"].Type);

    [Fact]
    public void A_file_is_read_as_it_was_written()
    {
        var file = new ShapeFile(new Dictionary<string, EventShape> { ["tea.made"] = new("Made", 3, [1, 2], "id", Read.Members) }, Read.Types);
        var text = ShapeText.Write(file);

        Assert.Equal(text, ShapeText.Write(ShapeText.Read(text)));
    }

    private static (IReadOnlyDictionary<string, MemberShape> Members, IReadOnlyDictionary<string, TypeShape> Types) ReadIt(JsonWriting writing)
    {
        using var assemblies = Compiler.NewAssemblies();
        var reader = new ShapeReader(writing);
        var members = reader.Members(assemblies.Read(typeof(Specimen).Assembly.Location).GetTypes().Single(static type => type.Name == nameof(Specimen)));
        return (members, reader.Types);
    }
}

internal enum Mood
{
    Calm,
    WideAwake,

    [JsonStringEnumMemberName("still-asleep")]
    Asleep,
}

internal sealed record Inner(string Name, IReadOnlyList<Inner> Deeper);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Cup), "cup")]
internal abstract record Vessel(string Name);

internal sealed record Cup(string Name, int Handles) : Vessel(Name);

internal sealed record Pair<T>(T First, T? Second);

internal abstract record Inherited
{
    public int Plain { get; init; }

    public virtual int Length => Plain;
}

internal sealed record Specimen(
    Guid Id, Money Total, DateTimeOffset At, DateOnly? Day, IReadOnlyList<string?> Names, IReadOnlyDictionary<string, int> Counts, Inner Inner, byte[] Bytes, JsonElement? Anything, Pair<Inner> Pair,
    [property: JsonPropertyName("known_as")] string? Alias, Vessel? Vessel, Mood Mood = Mood.WideAwake, decimal Price = 1.5m) : Inherited, IIntegrationEvent
{
    public required string? Needed { get; init; }

    public string Text { get; init; } = string.Empty;

    public int Retries { get; init; } = 3;

    public bool IsOpen { get; set; } = true;

    public IReadOnlyList<string> List { get; init; } = ["a"];

    [JsonIgnore]
    public int Ignored => 1;

    public static int Shared => 1;

    internal int Hidden { get; set; }

    string IIntegrationEvent.Key => Id.ToString();

    public static Specimen Full() => new(
        Guid.Parse("019b7c1a-2d88-7000-8000-00000000000b"), new Money(1, "EUR"), DateTimeOffset.UnixEpoch, new DateOnly(2026, 1, 2), ["a"], new Dictionary<string, int> { ["a"] = 1 },
        new Inner("a", [new Inner("b", [])]), [1], JsonDocument.Parse("1").RootElement, new Pair<Inner>(new Inner("c", []), null), "alias", new Cup("d", 1), Mood.Calm, 2)
    {
        Needed = "needed",
        Plain = 1,
    };
}
