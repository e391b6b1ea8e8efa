using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using Marten.Subscriptions;
using ModularMonolith.Marten.Tests.Documents;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task A_subscription_may_begin_at_the_present_a_number_or_a_time()
    {
        var (present, number, time) = (new Collector("present"), new Collector("number"), new Collector("time"));
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(new Collector("all")));
        await test.OpenAccountAsync("Ada", 1, 2);
        await test.ExecuteAsync("update {0}.mt_events set timestamp = now() - interval '1 day'");
        await using var later = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Subscribe(present, s => s.Options.SubscribeFromPresent());
            o.Projections.Subscribe(number, s => s.Options.SubscribeFromSequence(2));
            o.Projections.Subscribe(time, s => s.Options.SubscribeFromTime(DateTimeOffset.UtcNow.AddHours(-1)));
        }, test.Schema);
        using var daemon = await later.StartDaemonAsync();
        await test.OpenAccountAsync("Bob");
        await later.CaughtUpAsync();
        Assert.Equal([4L], present.Sequences);
        Assert.Equal([3L, 4], number.Sequences);
        Assert.Equal([4L], time.Sequences);
    }

    [Fact]
    public async Task A_subscription_receives_only_what_it_asks_for()
    {
        var collector = new Collector();
        collector.IncludeType<MoneyDeposited>();
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(collector));
        var typed = new Collector("typed");
        typed.FilterIncomingEventsOnStreamType(typeof(Events.Account));
        await using var other = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(typed), test.Schema);
        await test.OpenAccountAsync("Ada", 1, 2);
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new SomethingElse("x")));
        using var daemon = await test.StartDaemonAsync();
        using var second = await other.StartDaemonAsync();
        await test.CaughtUpAsync();
        await other.CaughtUpAsync();
        Assert.Equal([2L, 3], collector.Sequences);
        Assert.Equal([1L, 2, 3], typed.Sequences);
        Assert.Equal(4L, await test.Store.Advanced.ProjectionProgressFor(new ShardName("Collector")));
    }

    [Fact]
    public async Task A_subscription_does_not_see_what_stands_for_events_that_were_not_saved()
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Events.AppendMode = JasperFx.Events.EventAppendMode.Rich;
            o.Projections.Subscribe(collector);
        });
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await Assert.ThrowsAsync<global::Marten.Exceptions.ExistingStreamIdCollisionException>(() => test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(2))));
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(3)));
        using var daemon = await test.StartDaemonAsync();
        await test.CaughtUpAsync();
        Assert.Equal([1L, 3], collector.Sequences);
    }

    [Fact]
    public async Task Effects_and_progress_are_saved_together()
    {
        var attempts = 0;
        var subscription = new Writer(() => ++attempts == 1);
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(subscription));
        await test.OpenAccountAsync("Ada", 1, 2);
        using var daemon = await test.StartDaemonAsync();
        await test.CaughtUpAsync();
        Assert.Equal(2, attempts);
        Assert.Equal(3L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));

        // Told after the commit, which is what shows that the daemon has caught up.
        await Poll.UntilAsync(() => Task.FromResult(subscription.Commits == 1));
    }

    [Fact]
    public async Task A_critical_failure_keeps_what_was_processed_before_it()
    {
        var collector = new Collector();
        var failed = false;
        collector.Before = async (page, controller) =>
        {
            if (failed)
                return;
            failed = true;
            page.Events.RemoveAll(e => e.Sequence > 2);
            await controller.ReportCriticalFailureAsync(new InvalidOperationException("no more"), 2);
        };
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(collector));
        await test.OpenAccountAsync("Ada", 1, 2, 3);
        using var daemon = await test.StartDaemonAsync();
        await test.CaughtUpAsync();
        Assert.Equal([1L, 2, 3, 4], collector.Sequences);
    }

    [Fact]
    public async Task A_subscription_can_be_rewound()
    {
        var collector = new Collector();
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Subscribe(collector));
        await test.OpenAccountAsync("Ada", 1, 2);
        using var daemon = await test.StartDaemonAsync();
        await test.CaughtUpAsync();
        await daemon.RewindSubscriptionAsync("Collector", default, 1);
        await test.CaughtUpAsync();
        await daemon.RewindSubscriptionAsync("Collector", default);
        await test.CaughtUpAsync();
        Assert.Equal([1L, 2, 3, 2, 3, 1, 2, 3], collector.Sequences);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => daemon.RebuildProjectionAsync("Collector", default));
    }

    private sealed class Writer(Func<bool> fails) : ISubscription, IChangeListener
    {
        public int Commits { get; private set; }

        public Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
        {
            operations.Store(page.Events.Select(e => new User { Id = e.Id }).ToArray());
            return fails() ? throw new InvalidOperationException("The first attempt fails.") : Task.FromResult<IChangeListener>(this);
        }

        public Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
        {
            Commits += commit.Updated.Count() == 3 ? 1 : 0;
            return Task.CompletedTask;
        }

        public Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => Task.CompletedTask;
    }
}
