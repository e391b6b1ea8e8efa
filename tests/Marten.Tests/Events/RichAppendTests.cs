using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class RichAppendTests
{
    [Theory]
    [InlineData(StreamIdentity.AsGuid)]
    [InlineData(StreamIdentity.AsString)]
    public async Task Sequences_of_a_save_that_failed_are_filled_with_tombstones(StreamIdentity identity)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.AppendMode = EventAppendMode.Rich;
            o.Events.StreamIdentity = identity;
        });
        await test.SaveAsync(s => Start(s, identity, "a", new MoneyDeposited(1)));
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s => Start(s, identity, "a", new MoneyDeposited(2), new MoneyDeposited(3))));
        await test.SaveAsync(s => Start(s, identity, "b", new MoneyDeposited(4)));
        Assert.Equal("1:money_deposited,2:tombstone,3:tombstone,4:money_deposited", await test.ScalarAsync(
            "select string_agg(seq_id || ':' || type, ',' order by seq_id) from {0}.mt_events"));
        await using var session = test.Query();
        var tombstones = await session.Events.QueryAllRawEvents().Where(e => e.EventTypeName == "tombstone").ToListAsync();
        Assert.Equal([2L, 3L], tombstones.Select(e => e.Version).Order());
        Assert.All(tombstones, e => Assert.IsType<Tombstone>(e.Data));
    }

    [Fact]
    public async Task A_session_saves_its_events_after_a_failure_with_sequences_of_their_own()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.AppendMode = EventAppendMode.Rich);
        var taken = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(taken, new MoneyDeposited(1)));
        await using var session = test.Session();
        var stream = session.Events.StartStream(new MoneyDeposited(2));
        session.QueueSqlCommand($"insert into {test.Schema}.mt_streams (id, version) values (?, 1)", taken);
        await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        await test.ExecuteAsync($"delete from {{0}}.mt_streams where id = '{taken}'");
        await session.SaveChangesAsync();
        Assert.Equal(3, stream.Events[0].Sequence);
        Assert.Equal("2:tombstone,3:money_deposited", await test.ScalarAsync("select string_agg(seq_id || ':' || type, ',' order by seq_id) from {0}.mt_events"));
    }

    [Fact]
    public async Task An_inline_projection_knows_version_sequence_and_time_of_its_events()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.AppendMode = EventAppendMode.Rich;
            o.Projections.Snapshot<Positions>(SnapshotLifecycle.Inline);
        });
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1), new MoneyDeposited(2)));
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(3)));
        var positions = (await test.LoadAsync<Positions>(id))!;
        Assert.Equal(["1/1", "2/2", "3/3"], positions.Seen);
        Assert.NotEqual(default, positions.Last);
    }

    [Fact]
    public async Task Quick_writers_leave_gaps_and_no_tombstones()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(2))));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
    }

    [Fact]
    public async Task The_clock_of_the_store_stamps_events_in_the_modes_of_the_client()
    {
        var clock = new FixedClock(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
        foreach (var mode in new[] { EventAppendMode.Rich, EventAppendMode.Quick })
        {
            await using var test = await TestStore.CreateAsync(o =>
            {
                o.Events.AppendMode = mode;
                o.Events.TimeProvider = clock;
            });
            var id = Guid.CreateVersion7();
            await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
            await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
            await using var session = test.Query();
            Assert.All(await session.Events.FetchStreamAsync(id), e => Assert.Equal(clock.GetUtcNow(), e.Timestamp));
        }
    }

    private static void Start(IDocumentSession session, StreamIdentity identity, string name, params object[] events)
    {
        if (identity == StreamIdentity.AsString)
            session.Events.StartStream(name, events);
        else
            session.Events.StartStream(new Guid(name[0], 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), events);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    internal sealed class Positions
    {
        public Guid Id { get; set; }

        public List<string> Seen { get; set; } = [];

        public DateTimeOffset Last { get; set; }

        public void Apply(IEvent<MoneyDeposited> deposited)
        {
            Seen.Add($"{deposited.Version}/{deposited.Sequence}");
            Last = deposited.Timestamp;
        }
    }
}
