using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marten;
using Marten.Exceptions;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class JsonTests
{
    private static readonly Guid Id = new("0190d7a2-0000-7000-8000-000000000001");

    [Fact]
    public async Task Every_shape_survives_a_round_trip()
    {
        await using var test = await TestStore.CreateAsync();
        var before = Sample();
        await test.SaveAsync(s => s.Store(before));
        var after = await test.LoadAsync<Everything>(Id);
        Assert.Equivalent(before, after, strict: true);
    }

    [Fact]
    public async Task Enumerations_are_numbers_and_names_are_as_declared_by_default()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(Sample()));
        Assert.Equal("1", await test.ScalarAsync("select data ->> 'State' from {0}.mt_doc_jsontests_everything"));
        Assert.Equal("Bern", await test.ScalarAsync("select data -> 'Address' ->> 'City' from {0}.mt_doc_jsontests_everything"));
        Assert.Equal("{}", await test.ScalarAsync("select data ->> 'renamed' from {0}.mt_doc_jsontests_everything"));
    }

    [Fact]
    public async Task Enumerations_may_be_names_and_keys_camel_case()
    {
        await using var test = await TestStore.CreateAsync(o => o.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase));
        await test.SaveAsync(s => s.Store(Sample()));
        Assert.Equal("Shipped", await test.ScalarAsync("select data ->> 'state' from {0}.mt_doc_jsontests_everything"));
        Assert.Equal("Bern", await test.ScalarAsync("select data -> 'address' ->> 'city' from {0}.mt_doc_jsontests_everything"));
        Assert.Equal(State.Shipped, (await test.LoadAsync<Everything>(Id))!.State);
    }

    [Fact]
    public async Task Snake_case_applies_to_declared_indexes_too()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<User>().Index(x => x.Email);
            o.UseSystemTextJsonForSerialization(EnumStorage.AsInteger, Casing.SnakeCase);
        });
        await test.SaveAsync(s => s.Store(new User { Email = "a@b.c" }));
        Assert.Contains("'email'", (string)(await test.ScalarAsync("select indexdef from pg_indexes where schemaname = '{0}' and indexname = 'mt_doc_user_idx_email'"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_and_columns_follow_the_serializer_however_it_was_configured()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<Order>().Duplicate(x => x.State).Index(x => x.Other);
            o.UseSystemTextJsonForSerialization(configure: json =>
            {
                json.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower;
                json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper));
            });
        });
        await test.SaveAsync(s => s.Store(new Order { Id = Id, State = State.InTransit, Other = State.Shipped, PlacedBy = "ada" }));
        Assert.Equal("IN_TRANSIT", await test.ScalarAsync("select state from {0}.mt_doc_jsontests_order"));
        await using var session = test.Query();
        Assert.NotNull(await session.Query<Order>().FirstOrDefaultAsync(x => x.State == State.InTransit && x.Other == State.Shipped && x.PlacedBy == "ada"));
        Assert.Null(await session.Query<Order>().FirstOrDefaultAsync(x => x.Other == State.InTransit));
    }

    [Fact]
    public async Task An_attribute_may_store_one_enumeration_as_text()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Attributed { Id = Id, State = State.InTransit }));
        await using var session = test.Query();
        Assert.NotNull(await session.Query<Attributed>().FirstOrDefaultAsync(x => x.State == State.InTransit));
    }

    [Fact]
    public async Task Documents_can_be_read_as_json()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "ä", Text = "größer \"als\" <nichts>" }));
        await using var session = test.Query();
        var json = await session.Json.FindByIdAsync<Label>("ä");
        Assert.Contains("größer", json, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        Assert.True(await session.Json.StreamById<Label>("ä", stream));
        Assert.Equal(json, Encoding.UTF8.GetString(stream.ToArray()));
        Assert.False(await session.Json.StreamById<Label>("other", stream));
        Assert.Null(await session.Json.FindByIdAsync<Label>("other"));
    }

    [Fact]
    public async Task Large_documents_survive()
    {
        await using var test = await TestStore.CreateAsync();
        var text = string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)('a' + (i % 26))));
        await test.SaveAsync(s => s.Store(new Label { Id = "large", Text = text }));
        Assert.Equal(text, (await test.LoadAsync<Label>("large"))!.Text);
        await using var session = test.Query();
        using var stream = new MemoryStream();
        Assert.True(await session.Json.StreamById<Label>("large", stream));
        Assert.Equal((byte)'{', stream.ToArray()[0]);
    }

    [Fact]
    public async Task A_null_character_is_refused_by_the_database_with_a_clear_error()
    {
        await using var test = await TestStore.CreateAsync();
        var failure = await Assert.ThrowsAsync<MartenCommandException>(() => test.SaveAsync(s => s.Store(new Label { Id = "a", Text = "a\0b" })));
        Assert.Contains("\\u0000", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_unknown_type_come_back_as_plain_values()
    {
        await using var test = await TestStore.CreateAsync();
        var loose = new Loose { Id = Id, Values = new() { ["text"] = "x", ["number"] = 5L, ["flag"] = true, ["none"] = null, ["list"] = new List<object?> { 1L, "a" } } };
        await test.SaveAsync(s => s.Store(loose));
        Assert.Equal(loose.Values, (await test.LoadAsync<Loose>(Id))!.Values);
    }

    private static Everything Sample() => new(
        Id,
        State.Shipped,
        null,
        12.34m,
        new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(2)),
        new DateOnly(2026, 2, 3),
        new TimeOnly(4, 5, 6),
        new Address("Bern", null),
        [new Address("Paris", "75000")],
        new Dictionary<string, int> { ["a"] = 1 },
        TimeSpan.FromMinutes(90),
        long.MaxValue,
        "{}");

    internal enum State
    {
        Open = 7,
        Shipped = 1,
        InTransit = 3,
    }

    internal sealed record Address(string City, string? PostalCode);

    internal sealed record Everything(
        Guid Id,
        State State,
        int? Missing,
        decimal Price,
        DateTimeOffset At,
        DateOnly Day,
        TimeOnly Time,
        Address Address,
        IReadOnlyList<Address> Others,
        IReadOnlyDictionary<string, int> Counts,
        TimeSpan Duration,
        long Large,
        [property: JsonPropertyName("renamed")] string Named);

    internal sealed class Order
    {
        public Guid Id { get; set; }

        public State State { get; set; }

        public State Other { get; set; }

        public string? PlacedBy { get; set; }
    }

    internal sealed class Attributed
    {
        public Guid Id { get; set; }

        [JsonConverter(typeof(JsonStringEnumConverter))]
        public State State { get; set; }
    }

    internal sealed class Loose
    {
        public Guid Id { get; set; }

        public Dictionary<string, object?> Values { get; set; } = [];
    }
}
