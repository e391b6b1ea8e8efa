using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events.Aggregation;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

internal sealed record InvoiceNumber(string Value);

internal sealed record InvoiceDrafted(InvoiceNumber Number, string Customer);

internal sealed record InvoiceNumbered(InvoiceNumber? NewNumber);

internal sealed record InvoicePaid(int Amount);

internal class Invoice
{
    public Guid Id { get; set; }

    public int Version { get; set; }

    [NaturalKey]
    public InvoiceNumber? Number { get; set; }

    public int Paid { get; set; }

    [NaturalKeySource]
    public void Apply(InvoiceDrafted drafted) => Number = drafted.Number;

    [NaturalKeySource]
    public void Apply(IEvent<InvoiceNumbered> numbered) => Number = numbered.Data.NewNumber ?? Number;

    public void Apply(InvoicePaid paid) => Paid += paid.Amount;
}

internal sealed record SeatTaken(int Row, int Place);

/// <summary>Its key is a number that follows from the whole event.</summary>
internal sealed class Seat
{
    public string Id { get; set; } = "";

    [NaturalKey]
    public int Code { get; set; }

    public static Seat Create(SeatTaken taken) => new() { Code = taken.Row * 100 + taken.Place };

    public void Apply(MoneyDeposited deposited) => Code += deposited.Amount > 0 ? 0 : 1;
}

internal sealed partial class SeatProjection : SingleStreamProjection<Seat, string>
{
    public SeatProjection() => NaturalKeyFor(k => k.SetBy<SeatTaken>(e => e.Row * 100 + e.Place));
}

/// <summary>The event does not tell the key.</summary>
internal sealed class Riddle
{
    public Guid Id { get; set; }

    [NaturalKey]
    public string Answer { get; set; } = "";

    [NaturalKeySource]
    public void Apply(InvoicePaid paid, IQuerySession session) => Answer = paid.Amount + session.ToString();
}

/// <summary>Streams that are found by a value of their aggregate.</summary>
public sealed class NaturalKeyTests
{
    [Theory]
    [InlineData(null, EventAppendMode.QuickWithServerTimestamps)]
    [InlineData(SnapshotLifecycle.Inline, EventAppendMode.Rich)]
    [InlineData(SnapshotLifecycle.Inline, EventAppendMode.Quick)]
    [InlineData(SnapshotLifecycle.Async, EventAppendMode.Quick)]
    public async Task A_stream_is_found_by_its_present_key(SnapshotLifecycle? lifecycle, EventAppendMode mode)
    {
        await using var test = await CreateAsync(lifecycle, o => o.Events.AppendMode = mode);
        var (first, second) = (new InvoiceNumber("2026-1"), new InvoiceNumber("it's 2"));
        await test.SaveAsync(s => s.Events.StartStream<Invoice>(new InvoiceDrafted(first, "Ada"), new InvoicePaid(1)));
        await using var session = test.Session();
        var stream = await session.Events.FetchForWriting<Invoice, InvoiceNumber>(first);
        Assert.Equal((first, 1, 2L), (stream.Aggregate!.Number, stream.Aggregate.Paid, stream.StartingVersion));
        stream.AppendMany(new InvoiceNumbered(second), new InvoicePaid(2));
        Assert.Same(stream, await session.Events.FetchForWriting<Invoice, InvoiceNumber>(second));
        await session.SaveChangesAsync();

        Assert.Null(await session.Events.FetchLatest<Invoice, InvoiceNumber>(first));
        Assert.Equal(3, (await session.Events.FetchLatest<Invoice, InvoiceNumber>(second))!.Paid);
        var locked = await session.Events.FetchForExclusiveWriting<Invoice, InvoiceNumber>(second);
        Assert.Equal((stream.Id, 4L), (locked.Id, locked.StartingVersion));
        locked.AppendOne(new InvoiceNumbered(null));
        await session.SaveChangesAsync();
        Assert.Equal(second, (await session.Events.FetchLatest<Invoice, InvoiceNumber>(second))!.Number);
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task A_key_that_names_no_stream_begins_one()
    {
        await using var test = await CreateAsync(SnapshotLifecycle.Inline);
        var number = new InvoiceNumber("new");
        await using var session = test.Session();
        var stream = await session.Events.FetchForWriting<Invoice, InvoiceNumber>(number);
        Assert.Equal((null, 0L), (stream.Aggregate, stream.StartingVersion));
        stream.AppendOne(new InvoiceDrafted(number, "Ada"));
        await session.SaveChangesAsync();
        Assert.Equal(stream.Id, (await session.Events.FetchLatest<Invoice, InvoiceNumber>(number))!.Id);
        await Assert.ThrowsAsync<ArgumentException>(() => session.Events.FetchForWriting<Invoice, InvoiceNumber>(new InvoiceNumber("")));
    }

    [Fact]
    public async Task Only_one_of_many_streams_gets_a_key()
    {
        await using var test = await CreateAsync(SnapshotLifecycle.Inline);
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var number = new InvoiceNumber("wanted");
        var won = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            await using var session = test.Session();
            session.Events.StartStream<Invoice>(Guid.CreateVersion7(), new InvoiceDrafted(number, $"customer {i}"));
            try
            {
                await session.SaveChangesAsync();
                Interlocked.Increment(ref won);
            }
            catch (InvalidStreamOperationException)
            {
                // Another stream has the key; nothing of this one may remain.
            }
        }));
        Assert.Equal(1, won);
        Assert.Equal("1,1,1", await test.ScalarAsync("select (select count(*) from {0}.mt_streams) || ',' || (select count(*) from {0}.mt_events) || ',' || (select count(*) from {0}.mt_doc_invoice)"));
    }

    [Fact]
    public async Task Each_tenant_has_keys_of_its_own()
    {
        await using var test = await CreateAsync(null, o => o.Events.TenancyStyle = TenancyStyle.Conjoined);
        var number = new InvoiceNumber("1");
        foreach (var tenant in new[] { "red", "blue" })
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Events.StartStream<Invoice>(new InvoiceDrafted(number, tenant), new InvoicePaid(tenant.Length));
            await session.SaveChangesAsync();
        }

        await using var blue = test.Store.LightweightSession("blue");
        Assert.Equal(4, (await blue.Events.FetchLatest<Invoice, InvoiceNumber>(number))!.Paid);
        await using var green = test.Store.LightweightSession("green");
        Assert.Null(await green.Events.FetchLatest<Invoice, InvoiceNumber>(number));
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task Archived_and_deleted_streams_are_not_found()
    {
        await using var test = await CreateAsync(null);
        var (first, second) = (new InvoiceNumber("1"), new InvoiceNumber("2"));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s =>
        {
            s.Events.StartStream<Invoice>(id, new InvoiceDrafted(first, "Ada"));
            s.Events.StartStream<Invoice>(new InvoiceDrafted(second, "Bob"));
        });
        await test.SaveAsync(s => s.Events.ArchiveStream(id));
        await using var session = test.Session();
        Assert.Null(await session.Events.FetchLatest<Invoice, InvoiceNumber>(first));
        await test.Store.Advanced.Clean.DeleteAllEventDataAsync();
        Assert.Null(await session.Events.FetchLatest<Invoice, InvoiceNumber>(second));
    }

    [Fact]
    public async Task A_rebuild_finds_the_keys_of_events_from_before()
    {
        await using var test = await CreateAsync(SnapshotLifecycle.Inline);
        await test.SaveAsync(s => s.Events.StartStream<Invoice>(new InvoiceDrafted(new InvoiceNumber("1"), "Ada"), new InvoiceNumbered(new InvoiceNumber("2"))));
        await test.ExecuteAsync("delete from {0}.mt_natural_key_invoice");
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync<Invoice>(CancellationToken.None);
        Assert.Equal("2", await test.ScalarAsync("select string_agg(natural_key_value, ',') from {0}.mt_natural_key_invoice"));
    }

    [Fact]
    public async Task A_key_may_follow_from_a_whole_event()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Projections.Add<SeatProjection>(ProjectionLifecycle.Inline);
            Assert.Equal((typeof(int), "Code"), (o.Projections.FindNaturalKeyDefinition(typeof(Seat))!.InnerType, o.Projections.FindNaturalKeyDefinition(typeof(Seat))!.Member.Name));
        });
        await test.SaveAsync(s => s.Events.StartStream<Seat>("a seat", new SeatTaken(3, 7)));
        await using var session = test.Session();
        Assert.Equal("a seat", (await session.Events.FetchLatest<Seat, int>(307))!.Id);
        var other = await session.Events.FetchForWriting<Seat, int>(308);
        other.AppendOne(new SeatTaken(3, 8));
        await session.SaveChangesAsync();
        Assert.Equal(other.Key, (await session.Events.FetchLatest<Seat, int>(308))!.Id);
    }

    [Fact]
    public async Task A_key_that_no_event_tells_is_refused()
    {
        var exception = await Assert.ThrowsAsync<InvalidProjectionException>(() => TestStore.CreateAsync(o => o.Projections.Snapshot<Riddle>(SnapshotLifecycle.Inline)));
        Assert.Contains("NaturalKeyFor", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'; drop table mt_events; --")]
    [InlineData("$1 ?? :a @b {0} \\ \"")]
    public async Task A_key_is_never_SQL(string text)
    {
        await using var test = await CreateAsync(null);
        await test.SaveAsync(s => s.Events.StartStream<Invoice>(new InvoiceDrafted(new InvoiceNumber(text), "Ada")));
        await using var session = test.Session();
        Assert.Equal(text, (await session.Events.FetchLatest<Invoice, InvoiceNumber>(new InvoiceNumber(text)))!.Number!.Value);
    }

    private static Task<TestStore> CreateAsync(SnapshotLifecycle? lifecycle, Action<StoreOptions>? configure = null) => TestStore.CreateAsync(o =>
    {
        if (lifecycle is { } stored)
            o.Projections.Snapshot<Invoice>(stored);
        else
            o.Projections.LiveStreamAggregation<Invoice>();
        configure?.Invoke(o);
    });
}
