using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>An aggregate that the daemon keeps is read from its document and the events behind it.</summary>
public sealed class FollowingDocumentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_read_is_never_older_than_the_stream(bool conjoined)
    {
        await using var test = await CreateAsync(conjoined);
        var id = await test.OpenAccountAsync("Ada", 4);
        Assert.Equal((4, 2L), await StateAsync(test, id));
        using (var daemon = await test.StartDaemonAsync())
            await test.CaughtUpAsync();
        Assert.Equal((4, 2L), await StateAsync(test, id));
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1), new MoneyDeposited(1)));
        Assert.Equal((6, 4L), await StateAsync(test, id));
        await using var session = test.Session();
        Assert.Null(await session.Events.FetchLatest<Account>(Guid.CreateVersion7()));
        Assert.Equal(0L, (await session.Events.FetchForWriting<Account>(Guid.CreateVersion7())).StartingVersion);
    }

    [Fact]
    public async Task Only_the_events_behind_the_document_are_applied()
    {
        await using var test = await CreateAsync(false);
        var id = await test.OpenAccountAsync("Ada", 4);
        using (var daemon = await test.StartDaemonAsync())
            await test.CaughtUpAsync();
        await test.ExecuteAsync("update {0}.mt_doc_account set data = jsonb_set(data, '{{Balance}}', '1000')");
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
        Assert.Equal((1001, 3L), await StateAsync(test, id));
    }

    [Fact]
    public async Task A_deleted_aggregate_stays_deleted_and_may_begin_again()
    {
        await using var test = await CreateAsync(false);
        var id = await test.OpenAccountAsync("Ada", 4);
        await test.SaveAsync(s => s.Events.Append(id, new AccountClosed("moved")));
        await AssertDeletedAsync(test, id);
        using (var daemon = await test.StartDaemonAsync())
            await test.CaughtUpAsync();
        await AssertDeletedAsync(test, id);
        await test.SaveAsync(s => s.Events.Append(id, new AccountOpened("Eve", 1), new MoneyDeposited(3)));
        Assert.Equal((3, 5L), await StateAsync(test, id));
    }

    [Fact]
    public async Task A_decision_on_it_conflicts_with_other_writers_and_is_not_written_by_the_session()
    {
        await using var test = await CreateAsync(false);
        var id = await test.OpenAccountAsync("Ada", 4);
        using (var daemon = await test.StartDaemonAsync())
            await test.CaughtUpAsync();
        await using var session = test.Store.DirtyTrackedSession();
        var stream = await session.Events.FetchForWriting<Account>(id);
        stream.Aggregate!.Balance = 77;
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
        stream.AppendOne(new MoneyDeposited(1));
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
        Assert.Equal(4, (await test.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task Reading_while_the_daemon_runs_and_rebuilds_always_finds_what_the_events_say()
    {
        await using var test = await CreateAsync(false);
        using var daemon = await test.StartDaemonAsync();
        var id = await test.OpenAccountAsync("Ada");
        for (var i = 1; i <= 60; i++)
        {
            await test.SaveAsync(s => s.Events.Append(id, i % 20 == 0 ? new AccountClosed("again") : new MoneyDeposited(1)));
            if (i % 20 == 0)
                await test.SaveAsync(s => s.Events.Append(id, new AccountOpened("Ada", 1)));
            await using var session = test.Session();
            var expected = (await session.Events.AggregateStreamAsync<Account>(id))!;
            var state = await StateAsync(test, id);
            Assert.Equal((expected.Balance, expected.Version), state);
            if (i % 15 == 0)
                await daemon.RebuildProjectionAsync<Account>(default);
        }
    }

    private static async Task<(int Balance, long Version)> StateAsync(TestStore test, Guid id)
    {
        await using var session = test.Session();
        var latest = (await session.Events.FetchLatest<Account>(id))!;
        var stream = await session.Events.FetchForWriting<Account>(id);
        Assert.Equal((latest.Balance, latest.Version), (stream.Aggregate!.Balance, stream.StartingVersion));
        return (latest.Balance, latest.Version);
    }

    private static async Task AssertDeletedAsync(TestStore test, Guid id)
    {
        await using var session = test.Session();
        Assert.Null(await session.Events.FetchLatest<Account>(id));
        Assert.Equal(3L, (await session.Events.FetchForWriting<Account>(id)).StartingVersion);
    }

    private static Task<TestStore> CreateAsync(bool conjoined) => DaemonStore.CreateAsync(o =>
    {
        var document = o.Projections.Snapshot<Account>(SnapshotLifecycle.Async);
        if (!conjoined)
            return;
        o.Events.TenancyStyle = TenancyStyle.Conjoined;
        document.MultiTenanted();
    });
}
