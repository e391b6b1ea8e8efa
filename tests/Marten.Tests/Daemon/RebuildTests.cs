using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

public sealed class RebuildTests
{
    [Fact]
    public async Task A_rebuild_deletes_what_is_wrong_and_builds_the_rest_anew()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async));
        using var daemon = await test.StartDaemonAsync();
        await test.OpenAccountAsync("Ada");
        await test.CaughtUpAsync();
        await test.SaveAsync(s => s.Store(new Wealth { Id = "Ada", Accounts = 99 }, new Wealth { Id = "Nobody" }));
        await daemon.RebuildProjectionAsync<WealthProjection>(default);
        Assert.Equal(1, (await test.LoadAsync<Wealth>("Ada"))!.Accounts);
        Assert.Null(await test.LoadAsync<Wealth>("Nobody"));

        await daemon.RebuildProjectionAsync("Wealth:All", default);
        await test.OpenAccountAsync("Ada");
        await test.CaughtUpAsync();
        Assert.Equal(2, (await test.LoadAsync<Wealth>("Ada"))!.Accounts);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => daemon.RebuildProjectionAsync("Nobody", default));
    }

    [Fact]
    public async Task Rebuilds_under_load_lose_nothing_and_nothing_counts_twice()
    {
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 20);
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Async, a => a.BatchSize = 20);
        });
        using var daemon = await test.StartDaemonAsync();
        var writers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 40; round++)
                await test.OpenAccountAsync("Ada", i, round);
        })).ToList();
        for (var i = 0; i < 3; i++)
        {
            await daemon.RebuildProjectionAsync("Wealth", default);
            await daemon.RebuildProjectionAsync<Account>(default);
        }

        await Task.WhenAll(writers);
        await test.CaughtUpAsync();
        Assert.Equal(160, (await test.LoadAsync<Wealth>("Ada"))!.Accounts);
        Assert.Equal(160L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account where mt_version = 3"));
        Assert.Equal(6L * 40 + (4 * 780), await test.ScalarAsync("select sum((data ->> 'Balance')::bigint)::bigint from {0}.mt_doc_account"));
    }

    [Fact]
    public async Task Inline_snapshots_are_rebuilt_while_events_are_appended()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var ids = new List<Guid>();
        for (var i = 0; i < 20; i++)
            ids.Add(await test.OpenAccountAsync("Ada", 1));
        await test.ExecuteAsync("update {0}.mt_doc_account set data = jsonb_set(data, '{{Balance}}', '-1')");
        await test.SaveAsync(s => s.Store(new Account { Id = Guid.CreateVersion7() }));
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        var rebuild = daemon.RebuildProjectionAsync("Account", default);
        await Task.WhenAll(ids.Select(id => SnapshotRebuildTests.DepositAsync(test, id, 1)));
        await rebuild;
        Assert.Equal(20L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account where data ->> 'Balance' = '2' and mt_version = 3"));
        Assert.Equal(20L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account"));
    }

    [Theory]
    [InlineData(SnapshotLifecycle.Inline)]
    [InlineData(SnapshotLifecycle.Async)]
    public async Task One_stream_can_be_rebuilt(SnapshotLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Snapshot<Account>(lifecycle));
        var id = await test.OpenAccountAsync("Ada", 4);
        await test.SaveAsync(s => s.Store(new Account { Id = id, Balance = -1 }));
        await test.Store.Advanced.RebuildSingleStreamAsync<Account>(id);
        var account = await test.LoadAsync<Account>(id);
        Assert.Equal((4, 2L), (account!.Balance, account.Version));
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Store.Advanced.RebuildSingleStreamAsync<Wealth>(id));
    }

    [Fact]
    public async Task A_new_version_is_built_beside_the_old_one()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async));
        using (var daemon = await test.StartDaemonAsync())
        {
            await test.OpenAccountAsync("Ada");
            await test.CaughtUpAsync();
        }

        await using var newer = await DaemonStore.CreateAsync(o => o.Projections.Add(new WealthProjection { Version = 2 }, ProjectionLifecycle.Async), test.Schema);
        using var second = await newer.StartDaemonAsync();
        await newer.CaughtUpAsync();
        Assert.Equal(1, (await newer.LoadAsync<Wealth>("Ada"))!.Accounts);
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_event_progression where name in ('Wealth:All', 'Wealth:V2:All') and last_seq_id = 1"));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_wealth_2"));
    }

    [Fact]
    public async Task A_rebuild_fails_at_a_poisoned_event_and_names_it()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<FragileProjection>(ProjectionLifecycle.Async));
        await test.OpenAccountAsync("Ada");
        await test.SaveAsync(s => s.Events.Append(Guid.CreateVersion7(), new SomethingElse("poison")));
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        var failure = await Assert.ThrowsAsync<ApplyEventException>(() => daemon.RebuildProjectionAsync("Fragile", default));
        Assert.Equal(2, failure.Event.Sequence);
    }
}
