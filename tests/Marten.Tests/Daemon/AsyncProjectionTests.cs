using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

public sealed class AsyncProjectionTests
{
    [Fact]
    public async Task An_asynchronous_snapshot_follows_its_stream()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Async));
        using var daemon = await test.StartDaemonAsync();
        var id = await test.OpenAccountAsync("Ada", 3, 4);
        await test.CaughtUpAsync();
        Assert.Equal((7, 3L), await StateAsync(test, id));

        await test.SaveAsync(s => s.Events.Append(id, new MoneyWithdrawn(2)));
        await test.CaughtUpAsync();
        Assert.Equal((5, 4L), await StateAsync(test, id));
        Assert.Equal(4L, await test.ScalarAsync("select mt_version from {0}.mt_doc_account"));

        await test.SaveAsync(s => s.Events.Append(id, new AccountClosed("x")));
        await test.CaughtUpAsync();
        Assert.Null(await test.LoadAsync<Account>(id));
        Assert.Equal(5, daemon.HighWaterMark());
        Assert.Equal(5, await test.Store.Advanced.ProjectionProgressFor(new ShardName("Account")));
    }

    [Fact]
    public async Task Progress_and_statistics_can_be_read()
    {
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Async);
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async);
        });
        Assert.Equal(["Account:All", "Wealth:All"], test.Store.Advanced.AllAsyncProjectionShardNames().Select(n => n.Identity));
        await test.OpenAccountAsync("Ada", 3);
        await test.OpenAccountAsync("Bob");
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.CatchUpAsync(default);
        Assert.False(daemon.IsRunning);

        var progress = (await test.Store.Advanced.AllProjectionProgress()).ToDictionary(s => s.ShardName, s => s.Sequence);
        Assert.Equal(new Dictionary<string, long> { ["Account:All"] = 3, ["HighWaterMark"] = 3, ["Wealth:All"] = 3 }, progress);
        var statistics = await test.Store.Advanced.FetchEventStoreStatistics();
        Assert.Equal((3, 2, 3), (statistics.EventCount, statistics.StreamCount, statistics.EventSequenceNumber));
    }

    [Fact]
    public async Task A_daemon_continues_where_another_stopped()
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(collector));
        using (var first = await test.StartDaemonAsync())
        {
            await test.OpenAccountAsync("Ada", 1, 2);
            await test.CaughtUpAsync();
        }

        await test.OpenAccountAsync("Bob", 3);
        using var second = await test.StartDaemonAsync();
        await test.CaughtUpAsync();
        Assert.Equal([1L, 2, 3, 4, 5], collector.Sequences);
    }

    [Fact]
    public async Task Shards_stop_start_and_report()
    {
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Async);
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async);
        });
        using var daemon = await test.StartDaemonAsync();
        await daemon.StopAgentAsync("Wealth:All");
        Assert.Equal(AgentStatus.Stopped, daemon.StatusFor("Wealth:All"));
        Assert.Equal(AgentStatus.Running, daemon.StatusFor("Account:All"));
        await test.OpenAccountAsync("Ada", 3);
        await daemon.Tracker.WaitForShardState("Account:All", 2, DaemonStore.Patience);
        Assert.Equal(0, await test.Store.Advanced.ProjectionProgressFor(new ShardName("Wealth")));

        var agent = await daemon.StartAgentAsync(new ShardName("Wealth"), default);
        await daemon.WaitForNonStaleData(DaemonStore.Patience);
        Assert.Equal((2L, AgentStatus.Running), (agent.Position, agent.Status));
        Assert.Equal(2, daemon.CurrentAgents().Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => daemon.StartAgentAsync("Nobody", default));

        await daemon.StopAllAsync();
        Assert.False(daemon.IsRunning);
        await daemon.StartAllAsync();
        await daemon.WaitForShardToBeRunning("Wealth:All", DaemonStore.Patience);
    }

    [Fact]
    public async Task Waiting_for_a_daemon_that_does_not_run_ends_with_the_progress()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Async));
        await test.OpenAccountAsync("Ada");
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => test.Store.WaitForNonStaleProjectionDataAsync(TimeSpan.FromMilliseconds(100)));
        Assert.Contains("daemon", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_of_several_streams_carry_the_sequence()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async));
        using var daemon = await test.StartDaemonAsync();
        for (var i = 0; i < 3; i++)
            await test.OpenAccountAsync("Ada");
        await test.OpenAccountAsync("Bob");
        await test.SaveAsync(s => s.Events.Append(Guid.CreateVersion7(), new OwnedDeposit("Ada", 7)));
        await test.CaughtUpAsync();
        var ada = await test.LoadAsync<Wealth>("Ada");
        Assert.Equal((3, 7, 5L), (ada!.Accounts, ada.Turnover, ada.Version));
        Assert.Equal(1, (await test.LoadAsync<Wealth>("Bob"))!.Accounts);
    }

    [Fact]
    public async Task Sixteen_writers_lose_nothing_and_nothing_counts_twice()
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Subscribe(collector, s => s.Options.BatchSize = 7);
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 5);
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Async, a => a.BatchSize = 11);
        });
        using var daemon = await test.StartDaemonAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                var id = await test.OpenAccountAsync($"owner {i % 4}", i);
                await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(round), new OwnedDeposit($"owner {i % 4}", 1)));
            }
        })));
        await test.CaughtUpAsync();
        Assert.Equal(640, collector.Sequences.Count);
        Assert.Equal(collector.Sequences.Order(), collector.Sequences);
        Assert.Equal(640, collector.Sequences.Distinct().Count());
        for (var owner = 0; owner < 4; owner++)
        {
            var wealth = await test.LoadAsync<Wealth>($"owner {owner}");
            Assert.Equal((40, 40), (wealth!.Accounts, wealth.Turnover));
        }

        Assert.Equal(160L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account where mt_version = 3"));
    }

    [Fact]
    public async Task A_query_waits_for_the_projections_that_it_reads()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async));
        using var daemon = await test.StartDaemonAsync();
        for (var i = 1; i <= 5; i++)
        {
            await test.OpenAccountAsync("Ada");
            await using var session = test.Query();
            Assert.Equal(i, (await session.QueryForNonStaleData<Wealth>(DaemonStore.Patience).Where(w => w.Id == "Ada").SingleAsync()).Accounts);
        }

        await daemon.StopAllAsync();
        await test.OpenAccountAsync("Ada");
        await using var late = test.Query();
        await Assert.ThrowsAsync<TimeoutException>(() => late.QueryForNonStaleData<Wealth>(TimeSpan.FromMilliseconds(50)).CountAsync());
    }

    [Fact]
    public void Two_projections_of_one_name_are_refused()
    {
        Assert.Throws<DuplicateSubscriptionNamesException>(() => DocumentStore.For(o =>
        {
            o.Connection("Host=localhost");
            o.Projections.Subscribe(new Collector());
            o.Projections.Subscribe(new Collector());
        }));
    }

    private static async Task<(int, long)> StateAsync(TestStore test, Guid id)
    {
        var account = await test.LoadAsync<Account>(id);
        return (account!.Balance, account.Version);
    }
}
