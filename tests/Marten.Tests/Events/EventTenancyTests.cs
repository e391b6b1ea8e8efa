using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class EventTenancyTests
{
    [Theory]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    [InlineData(EventAppendMode.Rich)]
    public async Task Streams_of_one_name_belong_to_different_tenants(EventAppendMode mode)
    {
        await using var test = await CreateAsync(mode);
        foreach (var (tenant, amount) in new[] { ("red", 1), ("blue", 20) })
        {
            await SaveAsync(test, tenant, s => s.Events.StartStream<Ledger>("cash", new AccountOpened(tenant, 0), new MoneyDeposited(amount)));
            await SaveAsync(test, tenant, s => s.Events.Append("cash", new MoneyDeposited(amount)));
            await SaveAsync(test, tenant, s => s.Events.Append("cash", 4, new MoneyDeposited(amount)));
        }

        await using var red = test.Store.LightweightSession("red");
        await using var blue = test.Store.LightweightSession("blue");
        Assert.Equal(3, (await red.Events.AggregateStreamAsync<Ledger>("cash"))!.Total);
        Assert.Equal(60, (await blue.Events.FetchLatest<Ledger>("cash"))!.Total);
        Assert.All(await red.Events.FetchStreamAsync("cash", version: 3), e => Assert.Equal("red", e.TenantId));
        Assert.Equal(4L, (await red.Events.FetchStreamStateAsync("cash"))!.Version);
        Assert.Equal(4, await red.Events.QueryAllRawEvents().CountAsync());
        Assert.Equal(8, await red.Events.QueryAllRawEvents().CountAsync(e => e.AnyTenant()));
        Assert.Equal(4, await red.Events.QueryAllRawEvents().CountAsync(e => e.TenantIsOneOf("blue", "green")));
        Assert.Equal([1, 1, 1], await red.Events.QueryRawEventDataOnly<MoneyDeposited>().Select(d => d.Amount).ToListAsync());
        var foreign = (await blue.Events.FetchStreamAsync("cash"))[0];
        Assert.Null(await red.Events.LoadAsync(foreign.Id));
        Assert.NotNull(await blue.Events.LoadAsync(foreign.Id));
    }

    [Fact]
    public async Task What_a_tenant_does_to_its_stream_leaves_the_other_alone()
    {
        await using var test = await CreateAsync(EventAppendMode.QuickWithServerTimestamps);
        foreach (var tenant in new[] { "red", "blue" })
            await SaveAsync(test, tenant, s => s.Events.StartStream<Ledger>("cash", new AccountOpened(tenant, 0)));
        await using var red = test.Store.LightweightSession("red");
        var stream = await red.Events.FetchForWriting<Ledger>("cash", 1);
        await SaveAsync(test, "blue", s => s.Events.Append("cash", new MoneyDeposited(1)));
        stream.AppendOne(new MoneyDeposited(5));
        await red.SaveChangesAsync();
        await using (var exclusive = test.Store.LightweightSession("red"))
        {
            // The lock of one tenant's stream does not stop the other.
            var locked = await exclusive.Events.FetchForExclusiveWriting<Ledger>("cash");
            Assert.Equal(5, locked.Aggregate!.Total);
            await using var other = test.Store.LightweightSession("blue");
            await other.Events.AppendExclusive("cash", new MoneyDeposited(2));
            await other.SaveChangesAsync();
        }

        red.Events.ArchiveStream("cash");
        await red.SaveChangesAsync();
        await using var blue = test.Store.QuerySession("blue");
        Assert.Equal((3L, false), (await blue.Events.FetchStreamStateAsync("cash")) is { } state ? (state.Version, state.IsArchived) : default);
        Assert.All(await blue.Events.FetchStreamAsync("cash"), e => Assert.False(e.IsArchived));
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => SaveAsync(test, "blue", s => s.Events.StartStream("cash", new MoneyDeposited(1))));
        await SaveAsync(test, "green", s => s.Events.StartStream("cash", new MoneyDeposited(1)));
    }

    [Fact]
    public async Task The_tenant_is_part_of_the_keys()
    {
        await using var test = await CreateAsync(EventAppendMode.Rich);
        await SaveAsync(test, "red", s => s.Events.StartStream("cash", new MoneyDeposited(1)));
        Assert.Equal("fkey_mt_events_stream_id_tenant_id,pkey_mt_events_seq_id,pkey_mt_streams_tenant_id_id", await test.ScalarAsync(
            "select string_agg(conname, ',' order by conname) from pg_constraint where conrelid in ('{0}.mt_events'::regclass, '{0}.mt_streams'::regclass)"));
        Assert.Equal(Weasel.Core.SchemaPatchDifference.None, (await test.Store.Storage.CreateMigrationAsync()).Difference);
    }

    [Fact]
    public async Task Snapshots_are_kept_apart_with_their_streams()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.TenancyStyle = TenancyStyle.Conjoined;
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline).MultiTenanted();
        });
        var id = Guid.CreateVersion7();
        foreach (var (tenant, amount) in new[] { ("red", 1), ("blue", 20) })
        {
            await SaveAsync(test, tenant, s => s.Events.StartStream<Account>(id, new AccountOpened(tenant, 0), new MoneyDeposited(amount)));
            await SaveAsync(test, tenant, s => s.Events.Append(id, new MoneyDeposited(amount)));
            await using var session = test.Store.LightweightSession(tenant);
            await session.Events.WriteToAggregate<Account>(id, stream => stream.AppendOne(new MoneyDeposited(amount)));
            await session.Events.WriteExclusivelyToAggregate<Account>(id, stream =>
            {
                Assert.Equal((tenant, 3 * amount), (stream.Aggregate!.Owner, stream.Aggregate.Balance));
                stream.AppendOne(new MoneyWithdrawn(amount));
            });
        }

        await using var red = test.Store.LightweightSession("red");
        red.ForTenant("blue").Events.Append(id, new MoneyDeposited(1000));
        red.Events.Append(id, new AccountClosed("moved"));
        await red.SaveChangesAsync();
        Assert.Null(await red.LoadAsync<Account>(id));
        await using var blue = test.Store.QuerySession("blue");
        Assert.Equal(("blue", 1040, 6L), (await blue.LoadAsync<Account>(id)) is { } account ? (account.Owner, account.Balance, account.Version) : default);
    }

    [Theory]
    [InlineData(TenancyStyle.Conjoined, false, SnapshotLifecycle.Inline)]
    [InlineData(TenancyStyle.Single, true, SnapshotLifecycle.Inline)]
    [InlineData(TenancyStyle.Conjoined, false, SnapshotLifecycle.Async)]
    public async Task A_snapshot_that_would_mix_tenants_is_refused(TenancyStyle style, bool hasTenants, SnapshotLifecycle lifecycle)
    {
        var exception = await Assert.ThrowsAsync<InvalidProjectionException>(() => TestStore.CreateAsync(o =>
        {
            o.Events.TenancyStyle = style;
            var document = o.Projections.Snapshot<Account>(lifecycle);
            if (hasTenants)
                document.MultiTenanted();
        }));
        Assert.Contains("tenant", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_needs_a_tenant_with_a_name()
    {
        await using var test = await CreateAsync(EventAppendMode.Quick);
        Assert.Throws<ArgumentException>(() => test.Store.LightweightSession(" "));
        await using var session = test.Session();
        Assert.Equal("*DEFAULT*", session.TenantId);
    }

    private static Task<TestStore> CreateAsync(EventAppendMode mode) => TestStore.CreateAsync(o =>
    {
        o.Events.StreamIdentity = StreamIdentity.AsString;
        o.Events.TenancyStyle = TenancyStyle.Conjoined;
        o.Events.AppendMode = mode;
    });

    private static async Task SaveAsync(TestStore test, string tenant, Action<IDocumentSession> work)
    {
        await using var session = test.Store.LightweightSession(tenant);
        work(session);
        await session.SaveChangesAsync();
    }
}
