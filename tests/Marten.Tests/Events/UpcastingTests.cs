using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Marten.Exceptions;
using Marten.Services.Json.Transformations;
using Json = Marten.Services.Json.Transformations.SystemTextJson;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class UpcastingTests
{
    public static TheoryData<string> Ways => [.. Registrations.Keys];

    private static readonly Dictionary<string, Action<StoreOptions>> Registrations = new()
    {
        ["function"] = o => o.Events.Upcast<MoneyDeposited, MoneyPaid>(Paid),
        ["named function"] = o => o.Events.Upcast<MoneyDeposited, MoneyPaid>("money_deposited", Paid),
        ["asynchronous function"] = o => o.Events.Upcast<MoneyDeposited, MoneyPaid>(PaidAsync),
        ["named asynchronous function"] = o => o.Events.Upcast<MoneyDeposited, MoneyPaid>("money_deposited", PaidAsync),
        ["class"] = o => o.Events.Upcast<DepositUpcaster>(),
        ["asynchronous class"] = o => o.Events.Upcast<AsyncDepositUpcaster>(),
        ["class on JSON"] = o => o.Events.Upcast(new JsonDepositUpcaster()),
        ["asynchronous class on JSON"] = o => o.Events.Upcast(new AsyncJsonDepositUpcaster()),
        ["function on JSON"] = o => o.Events.Upcast<MoneyPaid>("money_deposited", Json.JsonTransformations.Upcast(Read)),
        ["asynchronous function on JSON"] = o => o.Events.Upcast(PresentType, "money_deposited", Json.JsonTransformations.AsyncOnlyUpcast(ReadAsync)),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_kind_of_upcaster_serves_every_kind_of_read(string way)
    {
        await using var writer = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await writer.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(7), new MoneyDeposited(8)));

        await using var later = await TestStore.CreateAsync(o => Registrations[way](o), writer.Schema);
        await later.SaveAsync(s => s.Events.Append(id, new MoneyPaid(9, "USD")));
        await using var session = later.Query();
        MoneyPaid[] expected = [new(700, "EUR"), new(800, "EUR"), new(9, "USD")];
        var events = await session.Events.FetchStreamAsync(id);
        Assert.Equal(expected, events.Select(e => e.Data));
        Assert.Equal(["money_deposited", "money_deposited", "money_paid"], events.Select(e => e.EventTypeName));
        Assert.Equal(expected[1], (await session.Events.LoadAsync<MoneyPaid>(events[1].Id))!.Data);
        Assert.Equal(expected, (await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync()).Select(e => e.Data));
        Assert.Equal(3, (await session.Events.QueryRawEventDataOnly<MoneyPaid>().ToListAsync()).Count);
        var total = 0L;
        await foreach (var paid in session.Events.QueryRawEventDataOnly<MoneyPaid>().ToAsyncEnumerable())
            total += paid.Cents;
        Assert.Equal(1509, total);
        Assert.Equal(1509, (await session.Events.AggregateStreamAsync<Cents>(id))!.Total);
    }

    [Fact]
    public async Task Schema_versions_are_suffixes_of_names()
    {
        await using var first = await TestStore.CreateAsync(o => o.Events.MapEventTypeWithSchemaVersion<MoneyDeposited>(1));
        var id = Guid.CreateVersion7();
        await first.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(7)));
        await using var second = await TestStore.CreateAsync(o => o.Events
            .Upcast<MoneyDeposited, MoneyPaid>(1, Paid)
            .MapEventTypeWithSchemaVersion<MoneyPaid>("money_deposited", 2), first.Schema);
        await second.SaveAsync(s => s.Events.Append(id, new MoneyPaid(1, "EUR")));
        Assert.Equal("money_deposited_v1,money_deposited_v2", await first.ScalarAsync("select string_agg(type, ',' order by version) from {0}.mt_events"));
        await using var session = second.Query();
        Assert.Equal([new MoneyPaid(700, "EUR"), new MoneyPaid(1, "EUR")], (await session.Events.FetchStreamAsync(id)).Select(e => e.Data));
    }

    [Fact]
    public async Task An_upcaster_that_fails_names_the_event()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.Upcast<MoneyPaid>("something_else", Json.JsonTransformations.Upcast(Read)));
        var id = Guid.CreateVersion7();
        await using var writer = await TestStore.CreateAsync(null, test.Schema);
        await writer.SaveAsync(s => s.Events.StartStream(id, new SomethingElse("no amount")));
        await using var session = test.Query();
        var exception = await Assert.ThrowsAsync<EventDeserializationFailureException>(() => session.Events.FetchStreamAsync(id));
        Assert.Equal((1L, "something_else"), (exception.Sequence, exception.EventTypeName));
    }

    [Fact]
    public async Task A_renamed_type_reads_the_events_of_its_former_name()
    {
        await using var before = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await before.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(7)));
        await before.ExecuteAsync("update {0}.mt_events set mt_dotnet_type = 'Gone.Former, Gone'");
        await using var after = await TestStore.CreateAsync(o => o.Events.MapEventType<Deposited>("money_deposited"), before.Schema);
        await using var session = after.Query();
        Assert.Equal(new Deposited(7), (await session.Events.FetchStreamAsync(id)).Single().Data);
    }

    [Theory]
    [InlineData(EventNamingStyle.ClassicTypeName, "nested_event", "UpcastingTests.Wrapper<string>")]
    [InlineData(EventNamingStyle.SmarterTypeName, "upcasting_tests.nested_event", "upcasting_tests.UpcastingTests.Wrapper<string>")]
    [InlineData(EventNamingStyle.FullTypeName, "ModularMonolith.Marten.Tests.Events.UpcastingTests.NestedEvent", "ModularMonolith.Marten.Tests.Events.UpcastingTests.Wrapper<string>")]
    public async Task Names_follow_the_style(EventNamingStyle style, string nested, string generic)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.AddEventType<NestedEvent>();
            o.Events.EventNamingStyle = style;
        });
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new NestedEvent(1), new Wrapper<string>("text")));
        Assert.Equal(nested, await test.ScalarAsync("select type from {0}.mt_events where version = 1"));
        Assert.Equal(generic, await test.ScalarAsync("select type from {0}.mt_events where version = 2"));
        await using var session = test.Query();
        Assert.Equal([new NestedEvent(1), new Wrapper<string>("text")], (await session.Events.FetchStreamAsync(id)).Select(e => e.Data));
    }

    private static Type PresentType => typeof(MoneyPaid);

    private static MoneyPaid Paid(MoneyDeposited old) => new(old.Amount * 100L, "EUR");

    private static async Task<MoneyPaid> PaidAsync(MoneyDeposited old, CancellationToken token)
    {
        await Task.Yield();
        return Paid(old);
    }

    private static MoneyPaid Read(JsonDocument json) => new(json.RootElement.GetProperty("Amount").GetInt32() * 100L, "EUR");

    private static async Task<MoneyPaid> ReadAsync(JsonDocument json, CancellationToken token)
    {
        await Task.Yield();
        return Read(json);
    }

    internal sealed record NestedEvent(int Number);

    internal sealed record Wrapper<T>(T Value);

    internal sealed record Deposited(int Amount);

    internal sealed class Cents
    {
        public Guid Id { get; set; }

        public long Total { get; set; }

        public void Apply(MoneyPaid paid) => Total += paid.Cents;
    }

    internal sealed class DepositUpcaster : EventUpcaster<MoneyDeposited, MoneyPaid>
    {
        protected override MoneyPaid Upcast(MoneyDeposited oldEvent) => Paid(oldEvent);
    }

    internal sealed class AsyncDepositUpcaster : AsyncOnlyEventUpcaster<MoneyDeposited, MoneyPaid>
    {
        protected override Task<MoneyPaid> UpcastAsync(MoneyDeposited oldEvent, CancellationToken ct) => PaidAsync(oldEvent, ct);
    }

    internal sealed class JsonDepositUpcaster : Json.EventUpcaster<MoneyPaid>
    {
        public override string EventTypeName => "money_deposited";

        protected override MoneyPaid Upcast(JsonDocument oldEvent) => Read(oldEvent);
    }

    internal sealed class AsyncJsonDepositUpcaster : Json.AsyncOnlyEventUpcaster<MoneyPaid>
    {
        public override string EventTypeName => "money_deposited";

        protected override Task<MoneyPaid> UpcastAsync(JsonDocument oldEvent, CancellationToken ct) => ReadAsync(oldEvent, ct);
    }
}
