using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Events.Aggregation;
using Marten.Events.Projections;

namespace ModularMonolith.Marten.Tests.Events;

internal readonly record struct WalletId(Guid Value);

internal sealed record WalletKey(string Value);

internal sealed record WalletRenamed(string Owner);

/// <summary>An aggregate whose identity wraps that of its stream.</summary>
internal sealed class Wallet
{
    public WalletId? Id { get; set; }

    public int Version { get; set; }

    public string Owner { get; set; } = "";

    public int Balance { get; set; }

    public void Apply(WalletRenamed renamed) => Owner = renamed.Owner;

    public void Apply(MoneyDeposited deposited) => Balance += deposited.Amount;

    public bool ShouldDelete(AccountClosed closed) => closed.Reason.Length > 0;
}

internal sealed record Purse(WalletKey Id, int Balance);

internal sealed class PurseProjection : SingleStreamProjection<Purse, WalletKey>
{
    public override Purse? Evolve(Purse? snapshot, WalletKey id, IEvent e) => e.Data switch
    {
        MoneyDeposited deposited => new Purse(id, (snapshot?.Balance ?? 0) + deposited.Amount),
        AccountClosed => null,
        _ => snapshot,
    };
}

/// <summary>The wallets of one owner, by an identity that wraps a text.</summary>
internal sealed class OwnerWallets
{
    public WalletKey Id { get; set; } = null!;

    public int Renamings { get; set; }

    public void Apply(WalletRenamed renamed) => Renamings += renamed.Owner.Length > 0 ? 1 : 0;
}

internal sealed partial class OwnerWalletsProjection : MultiStreamProjection<OwnerWallets, WalletKey>
{
    public OwnerWalletsProjection() => Identity<WalletRenamed>(e => new WalletKey(e.Owner));
}

/// <summary>Aggregates whose identities wrap those of their streams.</summary>
public sealed class WrappedAggregateTests
{
    [Theory]
    [InlineData(SnapshotLifecycle.Inline)]
    [InlineData(SnapshotLifecycle.Async)]
    [InlineData(null)]
    public async Task An_aggregate_is_found_by_the_wrapper_of_its_streams_id(SnapshotLifecycle? lifecycle)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            if (lifecycle is { } stored)
                o.Projections.Snapshot<Wallet>(stored);
            else
                o.Projections.LiveStreamAggregation<Wallet>();
        });
        var id = new WalletId(Guid.CreateVersion7());
        await using var session = test.Session();
        var missing = await session.Events.FetchForWriting<Wallet, WalletId>(id);
        Assert.Null(missing.Aggregate);
        missing.AppendMany(new WalletRenamed("Ada"), new MoneyDeposited(5));
        await session.SaveChangesAsync();

        var stream = await session.Events.FetchForWriting<Wallet, WalletId>(id);
        Assert.Equal((id, 5, 2L), (stream.Aggregate!.Id, stream.Aggregate.Balance, stream.StartingVersion));
        stream.AppendOne(new MoneyDeposited(1));
        await session.SaveChangesAsync();
        var locked = await session.Events.FetchForExclusiveWriting<Wallet, WalletId>(id);
        Assert.Equal((id.Value, 6), (locked.Id, locked.Aggregate!.Balance));
        locked.AppendOne(new MoneyDeposited(1));
        await session.SaveChangesAsync();

        await session.Events.WriteToAggregate<Wallet>(id.Value, s => s.AppendOne(new MoneyDeposited(s.Aggregate!.Balance)));
        var latest = (await session.Events.FetchLatest<Wallet, WalletId>(id))!;
        Assert.Equal((id, "Ada", 14, 5), (latest.Id, latest.Owner, latest.Balance, latest.Version));
        Assert.Equal((id, 6), ((await session.Events.AggregateStreamAsync<Wallet>(id.Value, 3)) is { } third ? (third.Id, third.Balance) : default));
        if (lifecycle == SnapshotLifecycle.Async)
            await CatchUpAsync(test);
        if (lifecycle is not null)
            Assert.Equal((id, 14), ((await test.LoadAsync<Wallet>(id)) is { } stored ? (stored.Id, stored.Balance) : default));
        await test.SaveAsync(s => s.Events.Append(id.Value, new AccountClosed("gone")));
        Assert.Null(await session.Events.FetchLatest<Wallet, WalletId>(id));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Events.FetchForWriting<Wallet, WalletKey>(new WalletKey("x")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Events.FetchForWriting<Wallet, int>(3));
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    [InlineData(ProjectionLifecycle.Live)]
    public async Task A_projection_receives_the_wrapper_of_the_streams_key(ProjectionLifecycle lifecycle)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Projections.Add(new PurseProjection(), lifecycle);
        });
        var key = new WalletKey("it's");
        await test.SaveAsync(s => s.Events.StartStream<Purse>(key.Value, new MoneyDeposited(5)));
        await test.SaveAsync(s => s.Events.Append(key.Value, new MoneyDeposited(6)));
        await using var session = test.Session();
        Assert.Equal(new Purse(key, 11), await session.Events.FetchLatest<Purse, WalletKey>(key));
        if (lifecycle == ProjectionLifecycle.Live)
            return;
        await CatchUpAsync(test);
        Assert.Equal(new Purse(key, 11), await test.LoadAsync<Purse>(key));
        await test.ExecuteAsync("delete from {0}.mt_doc_purse");
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync("Purse", CancellationToken.None);
        Assert.Equal(new Purse(key, 11), await test.LoadAsync<Purse>(key));
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    public async Task Documents_of_several_streams_may_have_wrapped_identities(ProjectionLifecycle lifecycle)
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Add(new OwnerWalletsProjection(), lifecycle));
        for (var i = 0; i < 2; i++)
        {
            await test.SaveAsync(s =>
            {
                s.Events.StartStream(Guid.CreateVersion7(), new WalletRenamed("Ada"), new WalletRenamed("Bob"));
                s.Events.StartStream(Guid.CreateVersion7(), new WalletRenamed("Ada"));
            });
            await CatchUpAsync(test);
        }

        Assert.Equal((4, 2), ((await test.LoadAsync<OwnerWallets>(new WalletKey("Ada")))!.Renamings, (await test.LoadAsync<OwnerWallets>(new WalletKey("Bob")))!.Renamings));
    }

    [Fact]
    public async Task An_identity_that_wraps_something_else_than_the_streams_is_refused()
    {
        var exception = await Assert.ThrowsAsync<InvalidProjectionException>(() => TestStore.CreateAsync(o => o.Projections.Add(new PurseProjection(), ProjectionLifecycle.Inline)));
        Assert.Contains("Purse", exception.Message, StringComparison.Ordinal);
    }

    private static async Task CatchUpAsync(TestStore test)
    {
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.CatchUpAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    [Fact]
    public void The_identity_of_an_aggregate_is_read_from_events_and_actions()
    {
        var id = Guid.CreateVersion7();
        var stream = StreamAction.Start(id, Event.For(new MoneyDeposited(1)));
        Assert.Equal(id, IEvent.CreateAggregateIdentitySource<Guid>()(stream.Events[0]));
        Assert.Equal(new WalletId(id), IEvent.CreateAggregateIdentitySource<WalletId>()(stream.Events[0]));
        Assert.Equal(new WalletId(id), StreamAction.CreateAggregateIdentitySource<WalletId>()(stream));
        var named = StreamAction.Start("key", Event.For(new MoneyDeposited(1)));
        Assert.Equal("key", IEvent.CreateAggregateIdentitySource<string>()(named.Events[0]));
        Assert.Equal(new WalletKey("key"), StreamAction.CreateAggregateIdentitySource<WalletKey>()(named));
        Assert.Throws<NotSupportedException>(() => IEvent.CreateAggregateIdentitySource<int>());
    }
}
