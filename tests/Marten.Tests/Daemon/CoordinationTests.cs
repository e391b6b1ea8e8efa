using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Events.Daemon.Coordination;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

internal interface IDaemonStore : IDocumentStore;

public sealed class CoordinationTests
{
    [Fact]
    public async Task A_host_runs_the_daemon_of_each_store()
    {
        var dataSource = await TestStore.SharedAsync();
        var (one, two) = (TestStore.NewSchema(), TestStore.NewSchema());
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMarten(o => Configure(o, dataSource, one)).AddAsyncDaemon(DaemonMode.Solo);
        builder.Services.AddMartenStore<IDaemonStore>(o => Configure(o, dataSource, two)).AddAsyncDaemon(DaemonMode.HotCold);
        using var host = builder.Build();
        await host.StartAsync();
        await AppendAsync(host.Services.GetRequiredService<IDocumentStore>());
        await AppendAsync(host.Services.GetRequiredService<IDaemonStore>());
        await host.WaitForNonStaleProjectionDataAsync(DaemonStore.Patience);
        await host.WaitForNonStaleProjectionDataAsync<IDaemonStore>(DaemonStore.Patience);

        var coordinator = host.Services.GetRequiredService<IProjectionCoordinator>();
        Assert.True(coordinator.DaemonForMainDatabase().IsRunning);
        await coordinator.PauseAsync();
        Assert.False(coordinator.DaemonForMainDatabase().IsRunning);
        await AppendAsync(host.Services.GetRequiredService<IDocumentStore>());
        await coordinator.ResumeAsync();
        await host.WaitForNonStaleProjectionDataAsync(DaemonStore.Patience);
        await host.StopAsync();
        Assert.False(coordinator.DaemonForMainDatabase().IsRunning);
    }

    [Fact]
    public async Task Projections_and_subscriptions_may_need_services()
    {
        var dataSource = await TestStore.SharedAsync();
        var schema = TestStore.NewSchema();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddScoped<Pages>();
        builder.Services.AddMartenStore<IDaemonStore>(o => Configure(o, dataSource, schema)).AddAsyncDaemon(DaemonMode.Solo)
            .AddProjectionWithServices<Receipts>(ProjectionLifecycle.Async, ServiceLifetime.Singleton, p => p.Name = "receipts")
            .AddProjectionWithServices<Scoped>(ProjectionLifecycle.Async, ServiceLifetime.Scoped)
            .AddSubscriptionWithServices<ScopedSubscription>(ServiceLifetime.Scoped, s => s.Name = "scoped");
        using var host = builder.Build();
        await host.StartAsync();
        var store = host.Services.GetRequiredService<IDaemonStore>();
        await AppendAsync(store);
        await AppendAsync(store);
        await host.WaitForNonStaleProjectionDataAsync<IDaemonStore>(DaemonStore.Patience);
        await using var session = store.QuerySession();
        Assert.Equal(["page 1", "page 1", "receipt", "scope 1", "scope 1"], (await session.Query<Projections.Remark>().ToListAsync()).Select(r => r.Name).Order());
        Assert.Contains(store.Advanced.AllAsyncProjectionShardNames(), n => n.Identity == "receipts:All");
        await host.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_host_takes_over_when_the_leader_ends(bool killed)
    {
        var dataSource = await TestStore.SharedAsync();
        var schema = TestStore.NewSchema();
        var hosts = new List<IHost>();
        for (var i = 0; i < 2; i++)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddMartenStore<IDaemonStore>(o => Configure(o, dataSource, schema)).AddAsyncDaemon(DaemonMode.HotCold);
            hosts.Add(builder.Build());
        }

        var stores = hosts.ConvertAll(h => h.Services.GetRequiredService<IDaemonStore>());
        foreach (var host in hosts)
            await host.StartAsync();
        await AppendAsync(stores[0]);
        await hosts[0].WaitForNonStaleProjectionDataAsync<IDaemonStore>(DaemonStore.Patience);
        var leader = hosts.Single(IsRunning);
        var other = hosts.Single(h => h != leader);

        if (killed)
        {
            // The lock is held again at once by either host; what counts is that one of them runs and nothing counts twice.
            await using var kill = dataSource.CreateCommand(
                "select count(pg_terminate_backend(l.pid)) from pg_locks as l where l.locktype = 'advisory' and l.classid = 4444 and l.objid::bigint = hashtext($1)::bit(32)::bigint and l.granted");
            kill.Parameters.Add(new Npgsql.NpgsqlParameter { Value = $"{schema}.mt_events" });
            Assert.Equal(1L, await kill.ExecuteScalarAsync());
        }
        else
        {
            await leader.StopAsync();
            await Poll.UntilAsync(() => Task.FromResult(IsRunning(other)));
        }

        await AppendAsync(stores[1]);
        await hosts[1].WaitForNonStaleProjectionDataAsync<IDaemonStore>(DaemonStore.Patience);
        await using var session = stores[0].QuerySession();
        Assert.Equal(2, (await session.LoadAsync<Wealth>("Ada"))!.Accounts);
        foreach (var host in hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    internal sealed class Pages
    {
        public int Count { get; set; }
    }

    internal sealed class Receipts(IHostEnvironment environment) : global::Marten.Events.Projections.EventProjection
    {
        public override ValueTask ApplyAsync(IDocumentOperations operations, JasperFx.Events.IEvent e, CancellationToken cancellation)
        {
            operations.Store(new Projections.Remark { Id = environment.EnvironmentName, Name = "receipt" });
            return ValueTask.CompletedTask;
        }
    }

    internal sealed class Scoped(Pages pages) : global::Marten.Events.Projections.IProjection
    {
        public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<JasperFx.Events.IEvent> events, CancellationToken cancellation)
        {
            pages.Count++;
            operations.Store(events.Select(e => new Projections.Remark { Id = $"p{e.Sequence}", Name = $"page {pages.Count}" }).ToArray());
            return Task.CompletedTask;
        }
    }

    internal sealed class ScopedSubscription(Pages pages) : global::Marten.Subscriptions.SubscriptionBase
    {
        public override Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
        {
            pages.Count++;
            operations.Store(page.Events.Select(e => new Projections.Remark { Id = $"s{e.Sequence}", Name = $"scope {pages.Count}" }).ToArray());
            return Task.FromResult(NullChangeListener.Instance);
        }
    }

    private static bool IsRunning(IHost host) => host.Services.GetRequiredService<IProjectionCoordinator<IDaemonStore>>().DaemonForMainDatabase().IsRunning;

    private static void Configure(StoreOptions options, Npgsql.NpgsqlDataSource dataSource, string schema)
    {
        options.Connection(dataSource);
        options.DatabaseSchemaName = schema;
        options.CommandTimeout = 30;
        options.Projections.LeadershipPollingTime = 50;
        options.Projections.SlowPollingTime = TimeSpan.FromMilliseconds(50);
        options.Projections.Add<WealthProjection>(ProjectionLifecycle.Async);
    }

    private static async Task AppendAsync(IDocumentStore store)
    {
        await using var session = store.LightweightSession();
        session.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("Ada", 1));
        await session.SaveChangesAsync();
    }
}
