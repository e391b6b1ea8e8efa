using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Marten;

namespace ModularMonolith.Marten.Tests.Documents;

/// <summary>What System.Text.Json offers for the shape of types, through the store and back, with reflection and with generated metadata.</summary>
public sealed partial class JsonFeatureTests
{
    private static readonly Guid Id = new("0190d7a2-0000-7000-8000-0000000000f1");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_feature_survives_a_round_trip(bool generated)
    {
        await using var test = await TestStore.CreateAsync(o => Use(o, generated));
        var before = Sample();
        await test.SaveAsync(s => s.Store(before));

        var after = (await test.LoadAsync<Shapes>(Id))!;

        Assert.Equal(new Circle("round", 1.5), after.Figures[0]);
        Assert.Equal(new Square("edgy", 2), after.Figures[1]);
        Assert.Equal("kept", after.Rest["unknown"].GetString());
        Assert.Equal(string.Empty, after.Secret);
        Assert.Equal("private", after.ShownPrivate());
        Assert.Equal(new Temperature(21.5), after.Warm);
        Assert.Equal([1, 2, 3], after.Numbers);
        Assert.Equal(["filled"], after.Prefilled.Items);
        Assert.Equal(42, after.FromText);
        Assert.Equal(new byte[] { 0, 1, 255 }, after.Bytes);
        Assert.Equal("https://example.org/a?b=c", after.Link!.ToString());
        Assert.Equal(new Version(1, 2, 3), after.Release);
        Assert.Equal('ß', after.Letter);
        Assert.Equal((Half)0.5, after.Small);
        Assert.Equal(UInt128.MaxValue, after.Huge);
        Assert.Equal(DayOfWeek.Friday, after.Day);
        Assert.Equal("1", after.Loose!["a"]![0]!.ToJsonString());
        Assert.Equal(new Dictionary<Color, int> { [Color.Red] = 1, [Color.Blue] = 2 }, after.ByColor);
        Assert.Equal(["x", "y"], after.Tags.Order());
        Assert.Null(after.Nothing);
        Assert.Equal("required", after.Needed);
        Assert.Equal(new Nested(new Nested(null, 2), 1), after.Tree);
        Assert.Equal(["called"], after.Calls);
        Assert.Equal([1, 2], after.Queue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Queries_know_renamed_converted_and_nested_members(bool generated)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            Use(o, generated);
            o.Schema.For<Shapes>().Index(x => x.Renamed).Duplicate(x => x.FromText);
        });
        await test.SaveAsync(s => s.Store(Sample(), new Shapes { Id = Guid.NewGuid(), Needed = "other", Renamed = "b", FromText = 1 }));
        await using var session = test.Query();

        Assert.Equal(Id, (await session.Query<Shapes>().SingleAsync(x => x.Renamed == "a")).Id);
        Assert.Equal(Id, (await session.Query<Shapes>().SingleAsync(x => x.FromText == 42)).Id);
        Assert.Equal(Id, (await session.Query<Shapes>().SingleAsync(x => x.Needed == "required" && x.Numbers.Contains(2))).Id);
        Assert.Equal(Id, (await session.Query<Shapes>().SingleAsync(x => x.Day == DayOfWeek.Friday)).Id);
        Assert.Equal(Id, (await session.Query<Shapes>().SingleAsync(x => x.Tree!.Child!.Depth == 2)).Id);
    }

    [Fact]
    public async Task A_missing_required_member_is_an_error_and_no_default_value()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(Sample()));
        await test.ScalarAsync("update {0}.mt_doc_jsonfeaturetests_shapes set data = data - 'Needed' returning 1");

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => test.LoadAsync<Shapes>(Id));
        Assert.Contains("Needed", failure.ToString(), StringComparison.Ordinal);
    }

    private static void Use(StoreOptions options, bool generated)
    {
        if (generated)
        {
            // The context's own types come from it; ids and the like of the store from reflection.
            options.UseSystemTextJsonForSerialization(new JsonSerializerOptions { TypeInfoResolver = JsonTypeInfoResolver.Combine(ShapesContext.Default, new DefaultJsonTypeInfoResolver()) });
        }
    }

    private static Shapes Sample()
    {
        var shapes = new Shapes
        {
            Id = Id,
            Needed = "required",
            Renamed = "a",
            Figures = [new Circle("round", 1.5), new Square("edgy", 2)],
            Rest = new Dictionary<string, JsonElement> { ["unknown"] = JsonDocument.Parse("\"kept\"").RootElement.Clone() },
            Secret = "never stored",
            Warm = new Temperature(21.5),
            Numbers = [1, 2, 3],
            FromText = 42,
            Bytes = [0, 1, 255],
            Link = new Uri("https://example.org/a?b=c"),
            Release = new Version(1, 2, 3),
            Letter = 'ß',
            Small = (Half)0.5,
            Huge = UInt128.MaxValue,
            Day = DayOfWeek.Friday,
            Loose = new JsonObject { ["a"] = new JsonArray(1) },
            ByColor = new Dictionary<Color, int> { [Color.Red] = 1, [Color.Blue] = 2 },
            Tags = ["x", "y"],
            Tree = new Nested(new Nested(null, 2), 1),
            Queue = new Queue<int>([1, 2]),
        };
        shapes.Prefilled.Items.Add("filled");
        shapes.SetPrivate("private");
        return shapes;
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), 2)]
    internal abstract record Figure(string Name);

    internal sealed record Circle(string Name, double Radius) : Figure(Name);

    internal sealed record Square(string Name, int Side) : Figure(Name);

    internal sealed class Box
    {
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<string> Items { get; } = [];
    }

    internal sealed record Nested(Nested? Child, int Depth);

    internal enum Color
    {
        Red,
        Blue,
    }

    [JsonConverter(typeof(TemperatureConverter))]
    internal readonly record struct Temperature(double Celsius);

    internal sealed class TemperatureConverter : JsonConverter<Temperature>
    {
        public override Temperature Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(double.Parse(reader.GetString()![..^1], System.Globalization.CultureInfo.InvariantCulture));

        public override void Write(Utf8JsonWriter writer, Temperature value, JsonSerializerOptions options) =>
            writer.WriteStringValue(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value.Celsius}C"));
    }

    internal sealed class Shapes : IJsonOnDeserialized
    {
        public Guid Id { get; set; }

        [JsonPropertyName("re-named")]
        [JsonPropertyOrder(-1)]
        public string? Renamed { get; set; }

        public required string Needed { get; init; }

        public List<Figure> Figures { get; set; } = [];

        [JsonExtensionData]
        public Dictionary<string, JsonElement> Rest { get; set; } = [];

        [JsonIgnore]
        public string Secret { get; set; } = string.Empty;

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Nothing { get; set; }

        public Temperature Warm { get; set; }

        public IReadOnlyList<int> Numbers { get; set; } = [];

        public Box Prefilled { get; set; } = new();

        [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
        public int FromText { get; set; }

        public byte[] Bytes { get; set; } = [];

        public Uri? Link { get; set; }

        public Version? Release { get; set; }

        public char Letter { get; set; } = 'x';

        public Half Small { get; set; }

        public UInt128 Huge { get; set; }

        [JsonConverter(typeof(JsonStringEnumConverter<DayOfWeek>))]
        public DayOfWeek Day { get; set; }

        public JsonObject? Loose { get; set; }

        public Dictionary<Color, int> ByColor { get; set; } = [];

        public HashSet<string> Tags { get; set; } = [];

        public Nested? Tree { get; set; }

        public Queue<int> Queue { get; set; } = [];

        [JsonIgnore]
        public List<string> Calls { get; } = [];

        [JsonInclude]
        internal string? Hidden { get; set; }

        public void SetPrivate(string text) => Hidden = text;

        public string? ShownPrivate() => Hidden;

        public void OnDeserialized() => Calls.Add("called");
    }

    [JsonSerializable(typeof(Shapes))]
    internal sealed partial class ShapesContext : JsonSerializerContext;
}
