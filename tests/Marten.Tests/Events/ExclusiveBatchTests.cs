using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

/// <summary>Streams that are locked by a batch.</summary>
public sealed class ExclusiveBatchTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Writers_that_lock_a_stream_in_a_batch_lose_nothing(bool isSnapshot, bool isConjoined)
    {
        await using var test = await CreateAsync(isSnapshot, isConjoined);
        var id = Guid.CreateVersion7();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var session = Session(test, isConjoined);
            var batch = session.CreateBatchQuery();
            var state = batch.Events.FetchStreamState(id);
            var fetching = batch.Events.FetchForExclusiveWriting<Account>(id);
            var other = batch.Events.FetchForExclusiveWriting<Account>(Guid.CreateVersion7());
            await batch.Execute();
            await state;
            Assert.Equal(0L, (await other).StartingVersion);
            var stream = await fetching;
            Assert.Equal(stream.StartingVersion ?? 0, stream.Aggregate?.Version ?? 0);
            stream.AppendOne(stream.Aggregate is null ? new AccountOpened("first", 1) : new MoneyDeposited(1));
            await session.SaveChangesAsync();
        }));
        await using var reader = Session(test, isConjoined);
        var account = (await reader.Events.FetchLatest<Account>(id))!;
        Assert.Equal((5, 6L), (account.Balance, account.Version));
    }

    [Fact]
    public async Task A_lock_that_is_not_given_up_is_reported_for_its_stream()
    {
        await using var test = await CreateAsync(true, false);
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1)));
        await using var owner = test.Session();
        await owner.Events.FetchForExclusiveWriting<Account>(id);
        await using var waiting = test.Store.LightweightSession(new global::Marten.Services.SessionOptions { Timeout = 1 });
        var batch = waiting.CreateBatchQuery();
        var stream = batch.Events.FetchForExclusiveWriting<Account>(id);
        await Assert.ThrowsAsync<StreamLockedException>(() => batch.Execute());
        await Assert.ThrowsAsync<StreamLockedException>(() => stream);
    }

    [Fact]
    public async Task A_session_that_only_reads_locks_nothing()
    {
        await using var test = await CreateAsync(false, false);
        await using var session = test.Query();
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CreateBatchQuery().Events.FetchForExclusiveWriting<Account>(Guid.CreateVersion7()));
    }

    private static IDocumentSession Session(TestStore test, bool isConjoined) => isConjoined ? test.Store.LightweightSession("red") : test.Session();

    private static Task<TestStore> CreateAsync(bool isSnapshot, bool isConjoined) => TestStore.CreateAsync(o =>
    {
        if (isConjoined)
        {
            o.Events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined;
            o.Schema.For<Account>().MultiTenanted();
        }

        if (isSnapshot)
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
    });
}
