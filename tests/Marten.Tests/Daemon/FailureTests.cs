using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

public sealed class FailureTests
{
    [Fact]
    public async Task A_poisoned_event_becomes_a_dead_letter_and_the_others_count()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new AccountOpened("Ada", 1), new SomethingElse("poison"), new SomethingElse("food"), new SomethingElse("poison"), new MoneyDeposited(1)));
        using var daemon = await test.StartDaemonAsync();
        await test.CaughtUpAsync();
        Assert.Equal(3, (await test.LoadAsync<Fragile>(id))!.Count);
        await using var session = test.Query();
        var letters = await session.Query<DeadLetterEvent>().OrderBy(d => d.EventSequence).ToListAsync();
        Assert.Equal([2L, 4], letters.Select(l => l.EventSequence));
        Assert.All(letters, l => Assert.Equal(("Fragile", "All", "System.InvalidOperationException", "This event is poisoned."), (l.ProjectionName, l.ShardName, l.ExceptionType, l.ExceptionMessage)));
    }

    [Fact]
    public async Task A_poisoned_event_pauses_its_shard_and_no_other()
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Errors.SkipApplyErrors = false;
            o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async);
            o.Projections.Subscribe(collector);
        });
        using var daemon = await test.StartDaemonAsync();
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("Ada", 1), new SomethingElse("poison")));
        var state = await daemon.Tracker.WaitForShardCondition(s => s.ShardName == "Fragile:All" && s.Action == ShardAction.Paused, "paused", DaemonStore.Patience);
        Assert.IsType<ApplyEventException>(state.Exception);
        await test.SaveAsync(s => s.Events.Append(Guid.CreateVersion7(), new SomethingElse("food")));
        await daemon.Tracker.WaitForShardState("Collector:All", 3, DaemonStore.Patience);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_event_progression where name = 'Fragile:All'"));

        await test.ExecuteAsync("update {0}.mt_events set data = '{{\"Text\": \"healed\"}}' where seq_id = 2");
        await test.CaughtUpAsync();
        Assert.Equal(AgentStatus.Running, daemon.StatusFor("Fragile:All"));
    }

    [Fact]
    public async Task A_page_that_cannot_be_read_pauses_the_shard_until_it_can()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async));
        using var daemon = await test.StartDaemonAsync();
        var id = await test.OpenAccountAsync("Ada", 1);
        await test.CaughtUpAsync();
        await test.ExecuteAsync("alter table {0}.mt_events rename column is_archived to is_hidden; insert into {0}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type) select 3, gen_random_uuid(), stream_id, 3, data, type, timestamp, mt_dotnet_type from {0}.mt_events where seq_id = 2; select nextval('{0}.mt_events_sequence')");

        var state = await daemon.Tracker.WaitForShardCondition(static s => s.ShardName == "Fragile:All" && s.Action == ShardAction.Paused, "paused", DaemonStore.Patience);
        Assert.IsType<EventLoaderException>(state.Exception);
        Assert.IsAssignableFrom<Npgsql.PostgresException>(state.Exception!.InnerException);

        await test.ExecuteAsync("alter table {0}.mt_events rename column is_hidden to is_archived");
        await test.CaughtUpAsync();
        Assert.NotNull(await test.LoadAsync<Fragile>(id));
    }

    [Fact]
    public async Task Unreadable_and_unknown_events_are_skipped_or_pause_the_shard()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async));
        var id = await test.OpenAccountAsync("Ada", 1, 2, 3);
        await test.ExecuteAsync("update {0}.mt_events set data = '\"nonsense\"' where seq_id = 2");
        await test.ExecuteAsync("update {0}.mt_events set type = 'gone', mt_dotnet_type = 'No.Such.Type, Nowhere' where seq_id = 3");
        await using var strict = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Errors.SkipSerializationErrors = false;
            o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async);
        }, test.Schema);
        using (var pausing = await strict.StartDaemonAsync())
        {
            var state = await pausing.Tracker.WaitForShardCondition(s => s.Action == ShardAction.Paused, "paused", DaemonStore.Patience);
            Assert.IsType<global::Marten.Exceptions.EventDeserializationFailureException>(state.Exception);
        }

        using var daemon = await test.StartDaemonAsync();
        await test.CaughtUpAsync();
        Assert.Equal(2, (await test.LoadAsync<Fragile>(id))!.Count);
        await using var session = test.Query();
        Assert.Equal([2L], (await session.Query<DeadLetterEvent>().ToListAsync()).Select(l => l.EventSequence));
    }

    [Fact]
    public async Task Two_daemons_at_once_count_nothing_twice()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 3));
        await using var other = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 3), test.Schema);
        using var first = await test.StartDaemonAsync();
        using var second = await other.StartDaemonAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
                await test.OpenAccountAsync("Ada");
        })));
        await test.CaughtUpAsync();
        Assert.Equal(100, (await test.LoadAsync<Wealth>("Ada"))!.Accounts);
    }
}
