using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class AppendingTests
{
    public static TheoryData<EventAppendMode> Modes => [EventAppendMode.Rich, EventAppendMode.Quick, EventAppendMode.QuickWithServerTimestamps];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Appended_events_are_fetched_in_order_with_their_metadata(EventAppendMode mode)
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.AppendMode = mode);
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new AccountOpened("Ada", 5), new MoneyDeposited(1)));
        await test.SaveAsync(s => s.Events.Append(id, new MoneyWithdrawn(2)));

        await using var session = test.Session();
        var events = await session.Events.FetchStreamAsync(id);
        Assert.Equal([new AccountOpened("Ada", 5), new MoneyDeposited(1), new MoneyWithdrawn(2)], events.Select(e => e.Data));
        Assert.Equal([1L, 2L, 3L], events.Select(e => e.Version));
        Assert.Equal(events.Select(e => e.Sequence).Order(), events.Select(e => e.Sequence));
        Assert.All(events, e => Assert.Equal(id, e.StreamId));
        Assert.All(events, e => Assert.NotEqual(Guid.Empty, e.Id));
        Assert.All(events, e => Assert.InRange(e.Timestamp, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5)));
        Assert.Equal("ModularMonolith.Marten.Tests.Events.AccountOpened, ModularMonolith.Marten.Tests", events[0].DotNetTypeName);
        Assert.Equal("money_deposited", events[1].EventTypeName);
        Assert.IsType<Event<MoneyWithdrawn>>(events[2]);
        Assert.Equal(events[1].Id, (await session.Events.LoadAsync<MoneyDeposited>(events[1].Id))!.Id);
        Assert.Null(await session.Events.LoadAsync(Guid.NewGuid()));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task The_expected_version_is_that_after_the_append(EventAppendMode mode)
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.AppendMode = mode);
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.Append(id, 2, new AccountOpened("Ada", 5), new MoneyDeposited(1)));
        await test.SaveAsync(s => s.Events.Append(id, 3, new MoneyDeposited(2)));

        var wrong = await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => test.SaveAsync(s => s.Events.Append(id, 3, new MoneyDeposited(3))));
        Assert.Equal(id, wrong.Id);
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => test.SaveAsync(s => s.Events.Append(id, 9, new MoneyDeposited(3))));
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => test.SaveAsync(s => s.Events.Append(id, 1, new MoneyDeposited(3))));
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => test.SaveAsync(s => s.Events.Append(Guid.NewGuid(), 4, new MoneyDeposited(3))));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => test.SaveAsync(s => s.Events.Append(id, 0, new MoneyDeposited(3))));
        Assert.Equal(3L, await test.ScalarAsync("select count(*) from {0}.mt_events where type <> 'tombstone'"));
    }

    [Fact]
    public async Task A_stream_is_started_once_and_never_empty()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.StreamIdentity = StreamIdentity.AsString);
        await test.SaveAsync(s => s.Events.StartStream<Ledger>("a", new MoneyDeposited(1)));

        var collision = await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s =>
        {
            s.Events.StartStream<Ledger>("b", new MoneyDeposited(1));
            s.Events.StartStream<Ledger>("a", new MoneyDeposited(1));
            s.Events.StartStream<Ledger>("c", new MoneyDeposited(1));
        }));
        Assert.Equal("Stream #a already exists in the database", collision.Message);
        Assert.Equal(("a", typeof(Ledger)), (collision.Id, collision.AggregateType));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_streams"));

        await using var session = test.Session();
        Assert.Throws<EmptyEventStreamException>(() => session.Events.StartStream<Ledger>("d"));
        session.Events.StartStream("e", new MoneyDeposited(1));
        Assert.Throws<ExistingStreamIdCollisionException>(() => session.Events.StartStream("e", new MoneyDeposited(1)));
    }

    [Fact]
    public async Task Five_hundred_streams_are_started_in_one_unit_of_work()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Projections.Snapshot<Ledger>(SnapshotLifecycle.Inline);
        });
        await test.SaveAsync(s =>
        {
            for (var i = 0; i < 500; i++)
                s.Events.StartStream<Ledger>($"main/sku {i}", new AccountOpened("Ada", i), new MoneyDeposited(i));
        });
        Assert.Equal(500L, await test.ScalarAsync("select count(*) from {0}.mt_streams where version = 2 and type = 'ledger'"));
        Assert.Equal(500L, await test.ScalarAsync("select count(*) from {0}.mt_doc_ledger where (data ->> 'Total')::int = substring(id from 10)::int and mt_version = 2"));
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_events e where (data ->> 'Amount') is not null and (data ->> 'Amount') <> substring(stream_id from 10)"));
    }

    [Fact]
    public async Task Appends_to_one_stream_in_one_session_are_one_action()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await using var session = test.Session();
        var action = session.Events.StartStream<Account>(id, new AccountOpened("Ada", 5));
        Assert.Same(action, session.Events.Append(id, new MoneyDeposited(1)));
        Assert.Same(action, session.Events.Append(id, 3, new MoneyDeposited(2)));
        await session.SaveChangesAsync();
        Assert.Equal(3, action.Version);

        var next = session.Events.Append(id, new MoneyDeposited(3));
        Assert.NotSame(action, next);
        await session.SaveChangesAsync();
        Assert.Equal((4L, 4L), (next.Version, next.Events[0].Version));
        Assert.Empty(session.PendingChanges.Streams());
    }

    [Fact]
    public async Task Ejected_events_are_not_saved()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await using var session = test.Session();
        session.Events.StartStream(id, new MoneyDeposited(1));
        session.EjectAllPendingChanges();
        session.Events.StartStream(id, new MoneyDeposited(2));
        await session.SaveChangesAsync();
        Assert.Equal(new MoneyDeposited(2), (await session.Events.FetchStreamAsync(id)).Single().Data);
    }

    [Fact]
    public async Task Optimistic_and_exclusive_appends_need_an_existing_stream()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await using (var session = test.Session())
        {
            await Assert.ThrowsAsync<NonExistentStreamException>(() => session.Events.AppendOptimistic(id, new MoneyDeposited(1)));
            await Assert.ThrowsAsync<NonExistentStreamException>(() => session.Events.AppendExclusive(id, new MoneyDeposited(1)));
        }

        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await using var optimist = test.Session();
        await optimist.Events.AppendOptimistic(id, new MoneyDeposited(2));
        await using (var exclusive = test.Session())
        {
            await exclusive.Events.AppendExclusive(id, new MoneyDeposited(3));
            await exclusive.SaveChangesAsync();
        }

        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => optimist.SaveChangesAsync());
    }

    [Fact]
    public async Task Nothing_is_appended_to_an_archived_stream()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await test.SaveAsync(s => s.Events.ArchiveStream(id));

        await using var session = test.Session();
        Assert.True((await session.Events.FetchStreamStateAsync(id))!.IsArchived);
        Assert.True((await session.Events.FetchStreamAsync(id)).Single().IsArchived);
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1))));
    }

    [Fact]
    public async Task A_stream_id_of_the_wrong_kind_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Session();
        Assert.Throws<InvalidOperationException>(() => session.Events.Append("key", new MoneyDeposited(1)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Events.FetchStreamAsync("key"));
    }

    [Fact]
    public async Task A_store_may_want_the_type_of_each_stream()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.UseMandatoryStreamTypeDeclaration = true);
        await using var session = test.Session();
        Assert.Throws<StreamTypeMissingException>(() => session.Events.StartStream(Guid.NewGuid(), new MoneyDeposited(1)));
        await Assert.ThrowsAsync<NonExistentStreamException>(() => test.SaveAsync(s => s.Events.Append(Guid.NewGuid(), new MoneyDeposited(1))));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new MoneyDeposited(1)));
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(2)));
        Assert.Equal((2L, typeof(Account)), ((await session.Events.FetchStreamStateAsync(id))!.Version, (await session.Events.FetchStreamStateAsync(id))!.AggregateType));
    }
}
