using JasperFx.Events.Projections;
using Marten.Events;
using Marten.Events.Daemon.Coordination;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Marten.Tests.Events;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>What happens to the daemon's work when something violent happens around it.</summary>
public sealed class TakeOverTests
{
    [Fact]
    public async Task A_host_takes_over_from_a_leader_that_was_killed_in_the_middle_of_its_work()
    {
        var database = await (await TestServer.SharedAsync()).CreateDatabaseAsync();
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        const string Schema = "take_over";
        using var host = DaemonProcess.BuildHost(dataSource, Schema);
        var store = host.Services.GetRequiredService<IDaemonStore>();
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var leader = await DaemonProcess.StartAsync(database.ConnectionString, Schema);
        await OpenAsync(store, 1);
        await Poll.UntilAsync(async () => await ProgressAsync(store) == 1);

        await host.StartAsync();
        var coordinator = host.Services.GetRequiredService<IProjectionCoordinator<IDaemonStore>>();
        Assert.False(coordinator.DaemonForMainDatabase().IsRunning);
        var writer = Task.Run(() => OpenAsync(store, 300));
        await Poll.UntilAsync(async () => await ProgressAsync(store) > 50);
        Assert.False(coordinator.DaemonForMainDatabase().IsRunning);
        await leader.KillAsync();
        await writer;
        await host.WaitForNonStaleProjectionDataAsync<IDaemonStore>(DaemonStore.Patience);
        Assert.True(coordinator.DaemonForMainDatabase().IsRunning);
        await using var session = store.QuerySession();
        Assert.Equal(301, (await session.LoadAsync<Wealth>("Ada"))!.Accounts);
        await host.StopAsync();
    }

    [Fact]
    public async Task All_projections_are_rebuilt_while_eight_writers_append()
    {
        string[] names = [];
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 20);
            o.Projections.Add<ReceiptProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 20);
            o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 20);
            names = o.Projections.AllProjectionNames();
        });
        using var daemon = await test.StartDaemonAsync();
        var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var round = 0; round < 12; round++)
            {
                var id = await test.OpenAccountAsync("Ada", 1, 2);
                await SnapshotRebuildTests.DepositAsync(test, id, 2);
            }
        })).ToList();
        for (var round = 0; round < 2; round++)
        {
            foreach (var name in names)
                await daemon.RebuildProjectionAsync(name, default);
        }

        await Task.WhenAll(writers);
        await test.CaughtUpAsync();
        Assert.Equal(96, (await test.LoadAsync<Wealth>("Ada"))!.Accounts);
        Assert.Equal(96L * 4, await test.ScalarAsync("select count(*) from {0}.mt_doc_receipt"));
        Assert.Equal(96L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account where data ->> 'Balance' = '5' and mt_version = 5"));
        Assert.Equal(96L, await test.ScalarAsync("select count(*) from {0}.mt_doc_fragile where data ->> 'Count' = '5'"));
    }

    private static async Task<long> ProgressAsync(IDaemonStore store) => await store.Advanced.ProjectionProgressFor(new ShardName("Wealth"));

    private static async Task OpenAsync(IDaemonStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var session = store.LightweightSession();
            session.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("Ada", 1));
            await session.SaveChangesAsync();
        }
    }
}
