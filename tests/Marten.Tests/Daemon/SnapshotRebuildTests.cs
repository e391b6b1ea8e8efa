using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>What a rebuild of inline snapshots does to those who are about to write.</summary>
public sealed class SnapshotRebuildTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(11, false)]
    [InlineData(1, true)]
    [InlineData(11, true)]
    public async Task What_was_fetched_before_a_rebuild_cannot_bring_the_old_state_back(int count, bool conjoined)
    {
        await using var test = await CreateAsync(conjoined);
        var id = await test.OpenAccountAsync("Ada", 4);
        await test.ExecuteAsync("update {0}.mt_doc_account set data = jsonb_set(data, '{{Balance}}', '-1')");
        await using var session = test.Session();
        var stream = await session.Events.FetchForWriting<Account>(id);
        Assert.Equal(-1, stream.Aggregate!.Balance);
        stream.AppendMany(Enumerable.Repeat(new MoneyDeposited(1), count));

        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync<Account>(default);

        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
        await using var again = test.Session();
        (await again.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
        await again.SaveChangesAsync();
        var account = await test.LoadAsync<Account>(id);
        Assert.Equal((5, 3L), (account!.Balance, account.Version));
    }

    [Fact]
    public async Task A_stream_fetched_in_a_batch_before_a_rebuild_is_refused_too()
    {
        await using var test = await CreateAsync(false);
        var id = await test.OpenAccountAsync("Ada", 4);
        await using var session = test.Session();
        var batch = session.CreateBatchQuery();
        var fetched = batch.Events.FetchForWriting<Account>(id);
        await batch.Execute();
        (await fetched).AppendOne(new MoneyDeposited(1));
        await test.Store.Advanced.RebuildSingleStreamAsync<Account>(id);
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
    }

    [Fact]
    public async Task A_stream_that_was_locked_for_writing_makes_the_rebuild_wait_and_is_saved()
    {
        await using var test = await CreateAsync(false);
        var id = await test.OpenAccountAsync("Ada", 4);
        await test.ExecuteAsync("update {0}.mt_doc_account set data = jsonb_set(data, '{{Balance}}', '-1')");
        await using var session = test.Session();
        (await session.Events.FetchForExclusiveWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
        var rebuild = test.Store.Advanced.RebuildSingleStreamAsync<Account>(id);
        await session.SaveChangesAsync();
        await rebuild;
        Assert.Equal(5, (await test.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task Writers_that_decide_on_snapshots_and_rebuilds_of_them_lose_nothing()
    {
        await using var test = await CreateAsync(false);
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++)
            ids.Add(await test.OpenAccountAsync("Ada"));
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        var writers = ids.SelectMany(id => new[] { id, id }).Select(id => Task.Run(() => DepositAsync(test, id, 25))).ToList();
        for (var i = 0; i < 5; i++)
        {
            await test.ExecuteAsync("update {0}.mt_doc_account set data = jsonb_set(data, '{{Balance}}', '-1000')");
            await daemon.RebuildProjectionAsync<Account>(default);
        }

        await Task.WhenAll(writers);
        await using var query = test.Query();
        foreach (var id in ids)
        {
            var account = (await query.LoadAsync<Account>(id))!;
            Assert.Equal((50, 51L), (account.Balance, account.Version));
        }
    }

    [Fact]
    public async Task Snapshots_that_no_event_explains_are_deleted_and_those_of_archived_streams_stay()
    {
        await using var test = await CreateAsync(false);
        var (archived, foreign) = (await test.OpenAccountAsync("Ada", 4), Guid.CreateVersion7());
        await test.SaveAsync(s => s.Events.StartStream(foreign, new SomethingElse("text")));
        await test.SaveAsync(s => s.Store(new Account { Id = foreign }));
        await test.SaveAsync(s => s.Events.ArchiveStream(archived));
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync<Account>(default);
        Assert.Null(await test.LoadAsync<Account>(foreign));
        Assert.Equal(4, (await test.LoadAsync<Account>(archived))!.Balance);
    }

    [Fact]
    public async Task Snapshots_of_streams_of_one_name_stay_with_their_tenants()
    {
        await using var test = await CreateAsync(true);
        var id = Guid.CreateVersion7();
        foreach (var (tenant, amount) in new[] { ("red", 1), ("blue", 20) })
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Events.StartStream<Account>(id, new AccountOpened(tenant, 5), new MoneyDeposited(amount));
            await session.SaveChangesAsync();
        }

        await test.ExecuteAsync("update {0}.mt_doc_account set data = jsonb_set(data, '{{Balance}}', '-1')");
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync<Account>(default);
        foreach (var (tenant, amount) in new[] { ("red", 1), ("blue", 20) })
        {
            await using var query = test.Store.QuerySession(tenant);
            Assert.Equal(amount, (await query.LoadAsync<Account>(id))!.Balance);
        }

        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account"));
    }

    /// <summary>Appends by decision on the snapshot, until all is saved.</summary>
    internal static async Task DepositAsync(TestStore test, Guid id, int count)
    {
        while (count > 0)
        {
            await using var session = test.Session();
            (await session.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
            try
            {
                await session.SaveChangesAsync();
                count--;
            }
            catch (EventStreamUnexpectedMaxEventIdException)
            {
                // Another writer or the rebuild came first; what it did is read before the next attempt.
                await Task.Yield();
            }
        }
    }

    private static Task<TestStore> CreateAsync(bool conjoined) => DaemonStore.CreateAsync(o =>
    {
        o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        if (!conjoined)
            return;
        o.Events.TenancyStyle = TenancyStyle.Conjoined;
        o.Schema.For<Account>().MultiTenanted();
    });
}
