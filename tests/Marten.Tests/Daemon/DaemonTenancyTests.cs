using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Projections;
using ModularMonolith.Marten.Tests.Events;
using ModularMonolith.Marten.Tests.Projections;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>Events of several tenants reach the documents of their own tenants, and no others.</summary>
public sealed class DaemonTenancyTests
{
    private static readonly string[] Tenants = ["red", "blue"];

    [Fact]
    public async Task Snapshots_of_streams_of_one_id_are_those_of_their_tenants()
    {
        await using var test = await CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Async, a => a.BatchSize = 3).MultiTenanted());
        var id = Guid.CreateVersion7();
        using var daemon = await test.StartDaemonAsync();
        await OpenAsync(test, id);
        for (var i = 0; i < 5; i++)
        {
            await SaveAsync(test, "red", s => s.Events.Append(id, new MoneyDeposited(1)));
            await SaveAsync(test, "blue", s => s.Events.Append(id, new MoneyDeposited(20)));
        }

        await AssertBalancesAsync(test, id, 5, 100);
        await daemon.RebuildProjectionAsync<Account>(default);
        await AssertBalancesAsync(test, id, 5, 100);
        await SaveAsync(test, "red", s => s.Events.Append(id, new AccountClosed("moved")));
        await test.CaughtUpAsync();
        Assert.Equal("blue", await test.ScalarAsync("select string_agg(tenant_id, ',') from {0}.mt_doc_account"));
    }

    [Fact]
    public async Task One_tenants_snapshots_are_rebuilt_and_the_others_stay_as_they_are()
    {
        await using var test = await CreateAsync(o =>
        {
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Async).MultiTenanted();
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async);
        });
        var id = Guid.CreateVersion7();
        using var daemon = await test.StartDaemonAsync();
        await OpenAsync(test, id);
        await test.CaughtUpAsync();
        await test.ExecuteAsync("update {0}.mt_doc_account set data = jsonb_set(data, '{{Balance}}', '-1')");
        await daemon.RebuildProjectionAsync("Account", "red", default);
        await AssertBalancesAsync(test, id, 0, -1);
        await test.Store.Advanced.RebuildSingleStreamAsync<Account>(id, "blue");
        await SaveAsync(test, "blue", s => s.Events.Append(id, new MoneyDeposited(7)));
        await AssertBalancesAsync(test, id, 0, 7);
        await Assert.ThrowsAsync<InvalidOperationException>(() => daemon.RebuildProjectionAsync("Wealth", "red", default));
    }

    [Theory]
    [InlineData(true, TenancyGrouping.RespectTenant, "blue 1, red 2")]
    [InlineData(true, TenancyGrouping.AcrossTenants, "*DEFAULT* 3")]
    [InlineData(false, TenancyGrouping.RespectTenant, "all 3")]
    public async Task Events_of_several_streams_are_grouped_by_tenant_where_their_documents_are(bool apart, TenancyGrouping grouping, string expected)
    {
        await using var test = await CreateAsync(o =>
        {
            o.Projections.Add(new WealthProjection { TenancyGrouping = grouping }, ProjectionLifecycle.Async);
            if (apart)
                o.Schema.For<Wealth>().MultiTenanted();
        });
        using var daemon = await test.StartDaemonAsync();
        foreach (var tenant in new[] { "red", "blue", "red" })
            await SaveAsync(test, tenant, s => s.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("Ada", 1)));
        for (var round = 0; round < 2; round++)
        {
            await test.CaughtUpAsync();
            Assert.Equal(expected, await test.ScalarAsync($"select string_agg({(apart ? "tenant_id" : "'all'")} || ' ' || (data ->> 'Accounts'), ', ' order by data ->> 'Accounts') from {{0}}.mt_doc_wealth"));
            await daemon.RebuildProjectionAsync("Wealth", default);
        }
    }

    [Fact]
    public async Task A_document_may_sum_up_what_happened_to_each_tenant()
    {
        await using var test = await CreateAsync(o => o.Projections.Add<RollUp>(ProjectionLifecycle.Async));
        using var daemon = await test.StartDaemonAsync();
        foreach (var tenant in new[] { "red", "blue", "red" })
            await SaveAsync(test, tenant, s => s.Events.StartStream(Guid.CreateVersion7(), new AccountOpened("Ada", 1)));
        await test.CaughtUpAsync();
        Assert.Equal(2, (await test.LoadAsync<Wealth>("red"))!.Accounts);
        Assert.Equal(1, (await test.LoadAsync<Wealth>("blue"))!.Accounts);
        Assert.Throws<InvalidOperationException>(() => new WrongRollUp());
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Async)]
    [InlineData(ProjectionLifecycle.Inline)]
    public async Task Projections_of_events_write_as_the_tenant_of_each(ProjectionLifecycle lifecycle)
    {
        await using var test = await CreateAsync(o =>
        {
            o.Projections.Add<ReceiptProjection>(lifecycle);
            o.Projections.Add(new TenantNames(), lifecycle);
            o.Schema.For<Receipt>().MultiTenanted();
            o.Schema.For<Remark>().MultiTenanted();
        });
        using var daemon = await test.StartDaemonAsync();
        await using (var session = test.Store.LightweightSession("red"))
        {
            session.Events.StartStream(Guid.CreateVersion7(), new MoneyDeposited(1));
            session.ForTenant("blue").Events.StartStream(Guid.CreateVersion7(), new MoneyDeposited(20), new MoneyDeposited(20));
            await session.SaveChangesAsync();
        }

        await test.CaughtUpAsync();
        Assert.Equal("blue 2, red 1", await test.ScalarAsync("select string_agg(t.tenant_id || ' ' || t.n, ', ' order by t.tenant_id) from (select tenant_id, count(*) as n from {0}.mt_doc_receipt group by 1) as t"));
        Assert.Equal("blue: blue 2, red: red 1", await test.ScalarAsync("select string_agg(tenant_id || ': ' || (data ->> 'Name'), ', ' order by tenant_id) from {0}.mt_doc_remark"));
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Async)]
    [InlineData(ProjectionLifecycle.Inline)]
    public async Task A_global_aggregate_belongs_to_all_tenants(ProjectionLifecycle lifecycle)
    {
        await using var test = await CreateAsync(o =>
        {
            o.Policies.AllDocumentsAreMultiTenanted();
            o.Projections.AddGlobalProjection(new SingleStreamProjection<Account, Guid>(), lifecycle);
            o.Projections.Snapshot<Journal>(SnapshotLifecycle.Inline);
        });
        var (id, own) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var daemon = await test.StartDaemonAsync();
        await SaveAsync(test, "red", s =>
        {
            s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1));
            s.Events.StartStream<Journal>(own, new Note("mine"));
        });
        await SaveAsync(test, "blue", s => s.Events.Append(id, new MoneyDeposited(20)));
        await using (var session = test.Store.LightweightSession("green"))
        {
            var stream = await session.Events.FetchForWriting<Account>(id);
            Assert.Equal((20, 2L), (stream.Aggregate!.Balance, stream.StartingVersion));
            stream.AppendOne(new MoneyDeposited(1));
            await session.SaveChangesAsync();
            Assert.Equal(21, (await session.Events.FetchLatest<Account>(id))!.Balance);
            Assert.Equal(21, (await session.Events.AggregateStreamAsync<Account>(id))!.Balance);
        }

        for (var round = 0; round < 2; round++)
        {
            await test.CaughtUpAsync();
            Assert.Equal(21, (await test.LoadAsync<Account>(id))!.Balance);
            Assert.Equal("*DEFAULT* 3, red 1", await test.ScalarAsync("select string_agg(tenant_id || ' ' || version, ', ' order by tenant_id) from {0}.mt_streams"));
            await daemon.RebuildProjectionAsync<Account>(default);
        }
    }

    [Fact]
    public async Task What_one_tenant_fetched_is_not_what_another_one_has()
    {
        await using var test = await CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline).MultiTenanted());
        var id = Guid.CreateVersion7();
        await OpenAsync(test, id);
        await using (var session = test.Store.IdentitySession("red"))
        {
            (await session.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
            session.ForTenant("blue").Events.Append(id, new MoneyDeposited(20));
            await session.SaveChangesAsync();
        }

        await AssertBalancesAsync(test, id, 1, 20);
        await using var query = test.Store.QuerySession("blue");
        Assert.Equal("blue", (await query.LoadAsync<Account>(id))!.Owner);
    }

    [Fact]
    public async Task A_store_whose_events_know_no_tenants_cannot_write_documents_that_are_kept_apart()
    {
        await Assert.ThrowsAsync<InvalidProjectionException>(() => DaemonStore.CreateAsync(o =>
        {
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async);
            o.Schema.For<Wealth>().MultiTenanted();
        }));
    }

    private static Task<TestStore> CreateAsync(Action<StoreOptions> configure) => DaemonStore.CreateAsync(o =>
    {
        o.Events.TenancyStyle = TenancyStyle.Conjoined;
        configure(o);
    });

    private static async Task OpenAsync(TestStore test, Guid id)
    {
        foreach (var tenant in Tenants)
            await SaveAsync(test, tenant, s => s.Events.StartStream<Account>(id, new AccountOpened(tenant, 5)));
    }

    private static async Task SaveAsync(TestStore test, string tenant, Action<IDocumentSession> work)
    {
        await using var session = test.Store.LightweightSession(tenant);
        work(session);
        await session.SaveChangesAsync();
    }

    private static async Task AssertBalancesAsync(TestStore test, Guid id, params int[] balances)
    {
        await test.CaughtUpAsync();
        foreach (var (tenant, balance) in Tenants.Zip(balances))
        {
            await using var query = test.Store.QuerySession(tenant);
            var account = await query.LoadAsync<Account>(id);
            Assert.Equal((tenant, balance), (account!.Owner, account.Balance));
        }
    }

    internal sealed partial class RollUp : MultiStreamProjection<Wealth, string>
    {
        public RollUp() => RollUpByTenant();

        public static void Apply(AccountOpened opened, Wealth wealth) => wealth.Accounts += opened.Limit;
    }

    internal sealed partial class WrongRollUp : MultiStreamProjection<Account, Guid>
    {
        public WrongRollUp() => RollUpByTenant();
    }

    internal sealed class TenantNames : IProjection
    {
        public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
        {
            operations.Store(new Remark { Id = events[0].TenantId, Name = $"{string.Join('+', events.Select(e => e.TenantId).Distinct())} {events.Count}" });
            return Task.CompletedTask;
        }
    }
}
