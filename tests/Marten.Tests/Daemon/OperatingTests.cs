using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.Events.TestSupport;
using Marten;
using Marten.Events;
using Marten.Events.Daemon.Coordination;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>What operators and tests do with the daemon.</summary>
public sealed class OperatingTests
{
    [Theory]
    [InlineData(CatchUpMode.AndResumeNormally)]
    [InlineData(CatchUpMode.AndDoNothing)]
    public async Task A_host_can_be_made_to_catch_up_in_the_call(CatchUpMode mode)
    {
        var dataSource = await TestStore.SharedAsync();
        using var host = DaemonProcess.BuildHost(dataSource, TestStore.NewSchema());
        await host.StartAsync();
        var store = host.Services.GetRequiredService<IDaemonStore>();
        await using (var session = store.LightweightSession())
        {
            session.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("Ada", 1));
            await session.SaveChangesAsync();
        }

        Assert.Empty(await host.ForceAllMartenDaemonActivityToCatchUpAsync<IDaemonStore>(default, mode));
        await using var query = store.QuerySession();
        Assert.Equal(1, (await query.LoadAsync<Wealth>("Ada"))!.Accounts);
        var daemon = host.Services.GetRequiredService<IProjectionCoordinator<IDaemonStore>>().DaemonForMainDatabase();
        if (mode == CatchUpMode.AndResumeNormally)
            await Poll.UntilAsync(() => Task.FromResult(daemon.IsRunning));
        else
            Assert.False(daemon.IsRunning);
        await host.StopAsync();
    }

    [Fact]
    public async Task What_did_not_catch_up_says_why_and_the_others_did()
    {
        var dataSource = await TestStore.SharedAsync();
        var services = new ServiceCollection();
        services.AddMarten(o =>
        {
            o.Connection(dataSource);
            o.DatabaseSchemaName = TestStore.NewSchema();
            o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async);
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async);
            o.Projections.Errors.SkipApplyErrors = false;
        });
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession())
        {
            session.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("Ada", 1), new SomethingElse("poison"));
            await session.SaveChangesAsync();
        }

        Assert.IsType<ApplyEventException>(Assert.Single(await provider.ForceAllMartenDaemonActivityToCatchUpAsync(default)));
        await using var query = store.QuerySession();
        Assert.NotNull(await query.LoadAsync<Wealth>("Ada"));
    }

    [Fact]
    public async Task Shards_are_paused_and_given_up_one_by_one()
    {
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async);
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async);
            o.Projections.Errors.SkipApplyErrors = false;
            o.Projections.AgentPauseTime = TimeSpan.FromMinutes(5);
        });
        using var daemon = await test.StartDaemonAsync();
        Assert.False(daemon.IsHighWaterStale);
        Assert.NotNull(daemon.HighWaterLastPolledAt);
        await daemon.PauseShardAsync("Wealth", null, default);
        Assert.Equal(AgentStatus.Stopped, daemon.StatusFor("Wealth:All"));
        await Assert.ThrowsAsync<ArgumentException>(() => daemon.PauseShardAsync("Wealth", "red", default));
        await daemon.StartAgentAsync("Wealth", default);

        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new SomethingElse("poison")));
        var paused = await daemon.Tracker.WaitForShardCondition(s => s.Action == ShardAction.Paused, "the pause", DaemonStore.Patience);
        Assert.Equal(("Fragile:All", "Paused"), (paused.ShardName, paused.AgentStatus));
        Assert.Contains("poisoned", paused.PauseReason, StringComparison.Ordinal);
        daemon.EjectPausedShard("Wealth");
        daemon.EjectPausedShard("Fragile");
        Assert.False(daemon.HasAnyPaused());
        Assert.Equal("Wealth:All", Assert.Single(daemon.CurrentAgents()).Name.Identity);
    }

    [Fact]
    public async Task Progress_is_advanced_and_corrected_without_a_daemon()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async));
        await test.OpenAccountAsync("Ada", 1);
        await test.Store.Advanced.AdvanceHighWaterMarkToLatestAsync(default);
        Assert.Equal(2L, await test.ScalarAsync("select last_seq_id from {0}.mt_event_progression where name = 'HighWaterMark'"));
        await test.ExecuteAsync("insert into {0}.mt_event_progression (name, last_seq_id) values ('Wealth:All', 77), ('Other:All', 1); update {0}.mt_event_progression set last_seq_id = 99 where name = 'HighWaterMark'");
        await test.Store.Advanced.TryCorrectProgressInDatabaseAsync(default);
        Assert.Equal("HighWaterMark 2, Other:All 1, Wealth:All 2", await test.ScalarAsync("select string_agg(name || ' ' || last_seq_id, ', ' order by name) from {0}.mt_event_progression"));
    }

    [Fact]
    public async Task The_tracker_tells_who_observes_it_and_ends_all_observations()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async));
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        var observer = new Observer();
        using var subscription = daemon.Tracker.Subscribe(observer);
        await daemon.Tracker.MarkHighWaterAsync(5, DateTimeOffset.UnixEpoch);
        await daemon.Tracker.MarkSkippingAsync(5, 9);
        await daemon.Tracker.Complete();
        await daemon.Tracker.MarkHighWaterAsync(10);
        Assert.Equal([(5L, ShardAction.Updated, 0L), (9L, ShardAction.Skipped, 5L)], observer.States.Select(s => (s.Sequence, s.Action, s.PreviousGoodMark)));
        Assert.True(observer.IsCompleted);
        daemon.Tracker.MarkAsRestarted(ShardName.HighWaterMarkFor());
        Assert.Null(daemon.Tracker.CurrentState("HighWaterMark"));
    }

    [Theory]
    [InlineData("Wealth:All", "Wealth", "All", 1, null)]
    [InlineData("Wealth:V2:All", "Wealth", "All", 2, null)]
    [InlineData("Wealth:V2:All:red", "Wealth", "All", 2, "red")]
    [InlineData("Wealth:Part:red", "Wealth", "Part", 1, "red")]
    [InlineData("HighWaterMark", "HighWaterMark", "All", 1, null)]
    [InlineData("HighWaterMark:red", "HighWaterMark", "All", 1, "red")]
    public void Names_of_shards_are_read_as_they_are_written(string identity, string name, string key, int version, string? tenant)
    {
        Assert.True(ShardName.TryParse(identity, out var shard));
        Assert.Equal((name, key, (uint)version, tenant, identity), (shard.Name, shard.ShardKey, shard.Version, shard.TenantId, shard.Identity));
        Assert.Equal(shard, ShardName.Compose(name, key, tenant, (uint)version));
        var stage = shard.ForCompositeStage(2, "Bank");
        Assert.Equal((2u, "Bank", identity), (stage.StageNumber, stage.CompositeParentName, stage.Identity));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Wealth")]
    [InlineData("Wealth:")]
    [InlineData("Wealth:V2:All:red:more")]
    public void Other_texts_name_no_shard(string? text) => Assert.False(ShardName.TryParse(text, out _));

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    public async Task A_scenario_tells_how_projections_follow_step_by_step(ProjectionLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Add<WealthProjection>(lifecycle);
            o.Projections.Snapshot<Account>(lifecycle == ProjectionLifecycle.Inline ? SnapshotLifecycle.Inline : SnapshotLifecycle.Async);
        });
        await test.OpenAccountAsync("Eve");
        var id = Guid.CreateVersion7();
        await test.Store.Advanced.EventProjectionScenario(s =>
        {
            s.DocumentShouldNotExist<Wealth>("Eve");
            s.StartStream<Account>(id, new AccountOpened("Ada", 1));
            s.Append(id, new MoneyDeposited(3));
            s.DocumentShouldExist<Account>(id, a => Assert.Equal(3, a.Balance));
            s.DocumentShouldExist<Wealth>("Ada");
            s.AppendEvents("close it", e => e.Append(id, new AccountClosed("moved")));
            s.DocumentShouldNotExist<Account>(id);
            s.AssertAgainstProjectedData("one owner", async (query, token) => Assert.Equal(1, await query.Query<Wealth>().CountAsync(token)));
            s.Append(Guid.CreateVersion7(), new AccountOpened("Eve", 1));
        });
        Assert.NotNull(await test.LoadAsync<Wealth>("Eve"));
    }

    [Fact]
    public async Task A_scenario_names_the_steps_that_failed()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Inline));
        var failure = await Assert.ThrowsAsync<ProjectionScenarioException>(() => test.Store.Advanced.EventProjectionScenario(s =>
        {
            s.DocumentShouldExist<Wealth>("Ada");
            s.Append(Guid.CreateVersion7(), new AccountOpened("Ada", 1));
            s.DocumentShouldNotExist<Wealth>("Ada");
            s.AppendEvents("break", _ => throw new InvalidOperationException("Broken."));
            s.DocumentShouldExist<Wealth>("never reached");
        }));
        Assert.Equal([typeof(ProjectionScenarioAssertionException), typeof(ProjectionScenarioAssertionException), typeof(InvalidOperationException)], failure.InnerExceptions.Select(e => e.GetType()));
        Assert.Contains("4. FAILED: break: Broken.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("never reached", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Observer : IObserver<ShardState>
    {
        public List<ShardState> States { get; } = [];

        public bool IsCompleted { get; private set; }

        public void OnCompleted() => IsCompleted = true;

        public void OnError(Exception error) => throw error;

        public void OnNext(ShardState value) => States.Add(value);
    }
}
