using JasperFx.Events;
using JasperFx.Events.Projections;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class FetchForWritingTests
{
    [Fact]
    public async Task A_missing_stream_has_no_aggregate_and_is_created_by_appending()
    {
        await using var test = await CreateAsync();
        var id = Guid.CreateVersion7();
        await using (var session = test.Session())
        {
            var stream = await session.Events.FetchForWriting<Account>(id);
            Assert.Null(stream.Aggregate);
            Assert.Equal(0, stream.StartingVersion);
            stream.AppendOne(new AccountOpened("Ada", 100));
            stream.AppendMany(new MoneyDeposited(30), new MoneyDeposited(12));
            Assert.Equal(3, stream.CurrentVersion);
            await session.SaveChangesAsync();
        }

        var account = await test.LoadAsync<Account>(id);
        Assert.Equal((id, 3L, "Ada", 42), (account!.Id, account.Version, account.Owner, account.Balance));
        Assert.Equal(3L, await test.ScalarAsync("select mt_version from {0}.mt_doc_account"));
        Assert.Equal(3L, await test.ScalarAsync("select version from {0}.mt_streams"));
        Assert.Equal("account_opened,money_deposited,money_deposited", await test.ScalarAsync("select string_agg(type, ',' order by version) from {0}.mt_events"));
    }

    [Fact]
    public async Task An_existing_stream_goes_on_from_its_snapshot()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        await using (var session = test.Session())
        {
            var stream = await session.Events.FetchForWriting<Account>(id);
            Assert.Equal(100, stream.Aggregate!.Balance);
            Assert.Equal(2, stream.StartingVersion);
            stream.AppendOne(new MoneyWithdrawn(1));
            await session.SaveChangesAsync();
            Assert.Equal(3, stream.Events[0].Version);
            Assert.True(stream.Events[0].Sequence > 0);
        }

        var account = await test.LoadAsync<Account>(id);
        Assert.Equal((99, 1, 3L), (account!.Balance, account.Withdrawals, account.Version));
    }

    [Fact]
    public async Task The_second_of_two_writers_fails_and_leaves_nothing()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        await using var one = test.Session();
        await using var other = test.Session();
        (await one.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
        (await other.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(10));
        other.Store(new Documents.User { Name = "must not be stored" });
        await one.SaveChangesAsync();

        var exception = await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => other.SaveChangesAsync());
        Assert.Equal($"Unexpected starting version number for event stream '{id}', expected 2 but was -1", exception.Message);
        Assert.Equal(101, (await test.LoadAsync<Account>(id))!.Balance);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    private static Task<TestStore> CreateAsync() => TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));

    private static async Task<Guid> StartAsync(TestStore test)
    {
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 5), new MoneyDeposited(100)));
        return id;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fetched_stream_goes_on_after_a_save(bool isNew)
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var id = Guid.CreateVersion7();
        if (!isNew)
            await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1)));
        await using var session = test.Session();
        var stream = await session.Events.FetchForWriting<Account>(id);
        for (var i = 1; i <= 3; i++)
        {
            stream.AppendOne(new MoneyDeposited(i));
            stream.TryFastForwardVersion();
            await session.SaveChangesAsync();
            stream.TryFastForwardVersion();
            Assert.Equal((i + (isNew ? 0 : 1), 0), (stream.StartingVersion!.Value, stream.Events.Count));
        }

        Assert.Equal(6, (await test.LoadAsync<Account>(id))!.Balance);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(10)));
        stream.AppendOne(new MoneyDeposited(1));
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
        Assert.Equal(16, (await test.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task A_stream_whose_events_were_ejected_does_not_go_on()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await using var session = test.Session();
        var stream = await session.Events.FetchForWriting<Account>(id);
        stream.AppendOne(new MoneyDeposited(1));
        session.EjectAllPendingChanges();
        stream.TryFastForwardVersion();
        Assert.Throws<InvalidOperationException>(() => stream.AppendOne(new MoneyDeposited(2)));
    }
}
