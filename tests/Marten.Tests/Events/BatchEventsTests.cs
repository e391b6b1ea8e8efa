using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class BatchEventsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Streams_states_events_and_aggregates_come_in_one_round_trip(bool isSnapshot)
    {
        await using var test = await CreateAsync(isSnapshot);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.SaveAsync(s =>
        {
            s.Events.StartStream<Account>(first, new AccountOpened("Ada", 1), new MoneyDeposited(5));
            s.Events.StartStream<Account>(second, new AccountOpened("Bob", 1), new MoneyDeposited(7), new MoneyDeposited(8));
        });
        await using var session = test.Session();
        var known = (await session.Events.FetchStreamAsync(first))[1];
        var before = session.RequestCount;
        var batch = session.CreateBatchQuery();
        var stream = batch.Events.FetchStream(first);
        var part = batch.Events.FetchStream(second, version: 2);
        var state = batch.Events.FetchStreamState(second);
        var missing = batch.Events.FetchStreamState(Guid.CreateVersion7());
        var single = batch.Events.Load(known.Id);
        var latest = batch.Events.FetchLatest<Account>(first);
        var writing = batch.Events.FetchForWriting<Account>(second);
        await batch.Execute();
        Assert.Equal(before + 1, session.RequestCount);
        Assert.Equal((2, 2, 3L, (StreamState?)null), ((await stream).Count, (await part).Count, (await state)!.Version, await missing));
        Assert.Equal((known.Id, 5), ((await single)!.Id, (await latest)!.Balance));
        var fetched = await writing;
        Assert.Equal((15, 3L), (fetched.Aggregate!.Balance, fetched.StartingVersion));
        fetched.AppendOne(new MoneyWithdrawn(1));
        await session.SaveChangesAsync();
        Assert.Equal(14, (await session.Events.FetchLatest<Account>(second))!.Balance);
    }

    [Fact]
    public async Task A_stream_that_was_changed_meanwhile_refuses_what_was_decided_on_a_batch()
    {
        await using var test = await CreateAsync(true);
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1)));
        await using var session = test.Session();
        var batch = session.CreateBatchQuery();
        var right = batch.Events.FetchForWriting<Account>(id, 1);
        await batch.Execute();
        var other = session.CreateBatchQuery();
        var wrong = other.Events.FetchForWriting<Account>(Guid.CreateVersion7(), 4);
        await other.Execute();
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => wrong);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
        (await right).AppendOne(new MoneyDeposited(2));
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
    }

    [Fact]
    public async Task A_session_that_only_reads_fetches_nothing_for_writing()
    {
        await using var test = await CreateAsync(false);
        await using var session = test.Query();
        var batch = session.CreateBatchQuery();
        await Assert.ThrowsAsync<InvalidOperationException>(() => batch.Events.FetchForWriting<Account>(Guid.CreateVersion7()));
    }

    [Fact]
    public async Task A_listener_sees_the_pending_streams_and_may_add_to_them()
    {
        await using var test = await CreateAsync(true);
        var listener = new Auditor();
        await using var session = test.Store.OpenSession(new global::Marten.Services.SessionOptions().ListenAt(listener));
        var id = Guid.CreateVersion7();
        session.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(5));
        await session.SaveChangesAsync();
        Assert.Equal("AccountOpened,MoneyDeposited", listener.Before);
        Assert.Equal("AccountOpened,MoneyDeposited,SomethingElse", listener.After);
        Assert.Equal(3, (await session.Events.FetchStreamAsync(id)).Count);
    }

    [Fact]
    public async Task Deleting_a_stream_of_a_tenant_leaves_that_of_another()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined;
        });
        foreach (var tenant in new[] { "red", "blue" })
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Events.StartStream("cash", new MoneyDeposited(1));
            await session.SaveChangesAsync();
        }

        await test.Store.Advanced.Clean.DeleteSingleEventStreamAsync("cash", "red");
        Assert.Equal("blue", await test.ScalarAsync("select string_agg(tenant_id, ',') from {0}.mt_events"));
        Assert.Equal("blue", await test.ScalarAsync("select string_agg(tenant_id, ',') from {0}.mt_streams"));
    }

    private static Task<TestStore> CreateAsync(bool isSnapshot) => TestStore.CreateAsync(o =>
    {
        if (isSnapshot)
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
    });

    private sealed class Auditor : DocumentSessionListenerBase
    {
        public string? Before { get; private set; }

        public string? After { get; private set; }

        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            var stream = Assert.Single(session.PendingChanges.Streams());
            Before = Names(stream.Events);
            session.Events.Append(stream.Id, new SomethingElse("audited"));
            return Task.CompletedTask;
        }

        public override Task AfterCommitAsync(IDocumentSession session, global::Marten.Services.IChangeSet commit, CancellationToken token)
        {
            After = Names(commit.GetEvents());
            return Task.CompletedTask;
        }

        private static string Names(IEnumerable<IEvent> events) => string.Join(',', events.Select(e => e.EventType.Name));
    }
}
