using System.Text;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

[BinaryEvent]
internal sealed record Measured(int Value, string Unit);

internal sealed record Weighed(int Value);

internal sealed class Meter
{
    public Guid Id { get; set; }

    public int Total { get; set; }

    public void Apply(Measured measured) => Total += measured.Value;

    public void Apply(Weighed weighed) => Total += weighed.Value;

    public void Apply(MoneyDeposited deposited) => Total += deposited.Amount;
}

/// <summary>Bodies that are stored in a binary form.</summary>
public sealed class BinaryEventTests
{
    [Theory]
    [InlineData(EventAppendMode.Rich, 2)]
    [InlineData(EventAppendMode.Quick, 2)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, 2)]
    [InlineData(EventAppendMode.Rich, 12)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, 12)]
    public async Task Binary_and_JSON_bodies_share_a_stream(EventAppendMode mode, int count)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.AppendMode = mode;
            o.Events.MetadataConfig.EnableAll();
            o.Events.DefaultBinarySerializer = new Lines();
            o.Events.UseBinarySerializer<Weighed>(new Lines());
            o.Projections.Snapshot<Meter>(SnapshotLifecycle.Inline);
        });
        object[] events = [.. Enumerable.Range(0, count).SelectMany(i => new object[] { new Measured(i, "m\u00fc'"), new MoneyDeposited(i), new Weighed(i) })];
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.SaveAsync(s => s.Events.StartStream<Meter>(first, events));
        await test.SaveAsync(s => s.Events.Append(first, events));
        await test.SaveAsync(s => s.Events.Append(first, events.Length * 3, events));
        await test.SaveAsync(s =>
        {
            s.Events.StartStream<Meter>(second, events);
            s.Events.StartStream<Meter>(Guid.CreateVersion7(), events);
        });
        await test.Store.BulkInsertEventsAsync([StreamAction.Start(Guid.CreateVersion7(), Event.For(new Measured(7, "kg")), Event.For(new MoneyDeposited(1)))]);
        await using var session = test.Session();
        Assert.Equal(events.Concat(events).Concat(events), (await session.Events.FetchStreamAsync(first)).Select(e => e.Data));
        Assert.Equal(events, (await session.Events.FetchStreamAsync(second)).Select(e => e.Data));
        Assert.Equal(3 * 3 * (count - 1) * count / 2, (await session.LoadAsync<Meter>(first))!.Total);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_events where (bdata is null) <> (type = 'money_deposited') or (bdata is not null and data <> '{{}}'::jsonb)"));
        Assert.Contains(new Measured(7, "kg"), await session.Events.QueryRawEventDataOnly<Measured>().ToListAsync());
    }

    [Fact]
    public async Task Bodies_that_were_stored_as_JSON_before_are_read_as_such()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.MapEventType<Weighed>("weighed"));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new Weighed(1)));
        await using var later = await TestStore.CreateAsync(o => o.Events.UseBinarySerializer<Weighed>(new Lines()), test.Schema);
        await later.SaveAsync(s => s.Events.Append(id, new Weighed(2)));
        await using var session = later.Session();
        Assert.Equal([new Weighed(1), new Weighed(2)], (await session.Events.FetchStreamAsync(id)).Select(e => (Weighed)e.Data));
    }

    [Fact]
    public async Task A_marked_type_without_a_serializer_is_not_stored()
    {
        await using var test = await TestStore.CreateAsync();
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new Measured(1, "m"))));
        Assert.Contains("UseBinarySerializer<Measured>", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nothing_can_read_is_an_error_and_not_an_empty_body()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.UseBinarySerializer<Weighed>(new Lines()));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new Weighed(1)));
        await using var unaware = await TestStore.CreateAsync(schema: test.Schema);
        await using var upcasting = await TestStore.CreateAsync(o => o.Events.Upcast<Weighed, MoneyDeposited>("weighed", w => new MoneyDeposited(w.Value)), test.Schema);
        foreach (var store in new[] { unaware, upcasting })
        {
            await using var session = store.Session();
            var exception = await Assert.ThrowsAsync<EventDeserializationFailureException>(() => session.Events.FetchStreamAsync(id));
            Assert.Contains("binary", exception.Message, StringComparison.Ordinal);
        }

        await test.ExecuteAsync("update {0}.mt_events set bdata = '\\x01'");
        await using var broken = test.Session();
        await Assert.ThrowsAsync<EventDeserializationFailureException>(() => broken.Events.FetchStreamAsync(id));
    }

    [Fact]
    public async Task Conditions_about_binary_bodies_are_refused()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.UseBinarySerializer<Weighed>(new Lines()));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new Weighed(1), new Weighed(2)));
        await using var session = test.Query();
        Assert.Equal(2, (await session.Events.QueryRawEventDataOnly<Weighed>().ToListAsync()).Count);
        Assert.Equal(2, await session.Events.QueryAllRawEvents().CountAsync(e => e.EventTypesAre(typeof(Weighed))));
        var exception = await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Events.QueryRawEventDataOnly<Weighed>().Where(w => w.Value > 1).ToListAsync());
        Assert.Contains("binary", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changed_events_are_changed_in_their_binary_form()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.MetadataConfig.HeadersEnabled = true;
            o.Events.DefaultBinarySerializer = new Lines();
            o.Events.AddMaskingRuleForProtectedInformation<Measured>(m => m! with { Unit = "***" });
        });
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new Measured(1, "secret"), new MoneyDeposited(2), new MoneyDeposited(3)));
        await test.Store.Advanced.ApplyEventDataMasking(m => m.IncludeStream(id).AddHeader("masked", true));
        await using var session = test.Session();
        session.Events.CompletelyReplaceEvent(2, new Measured(5, "new"));
        session.Events.CompletelyReplaceEvent(1, new MoneyDeposited(9));
        await session.SaveChangesAsync();
        Assert.Equal([new MoneyDeposited(9), new Measured(5, "new"), new MoneyDeposited(3)], (await session.Events.FetchStreamAsync(id)).Select(e => e.Data));
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_events where encode(coalesce(bdata, ''), 'escape') like '%secret%'"));
    }

    /// <summary>One line for each member, which is enough to tell it from JSON.</summary>
    private sealed class Lines : global::Marten.Events.IEventBinarySerializer
    {
        public byte[] Serialize(Type type, object data) => Encoding.UTF8.GetBytes(data switch
        {
            Measured measured => $"{measured.Value}\n{measured.Unit}",
            Weighed weighed => $"{weighed.Value}",
            _ => throw new ArgumentException(type.Name),
        });

        public object Deserialize(Type type, byte[] data)
        {
            var lines = Encoding.UTF8.GetString(data).Split('\n');
            var value = int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture);
            return type == typeof(Measured) ? new Measured(value, lines[1]) : new Weighed(value);
        }
    }
}
