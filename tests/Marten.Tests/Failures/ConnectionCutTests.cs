using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Failures;

public sealed class ConnectionCutTests
{
    [Theory]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    [InlineData(EventAppendMode.Rich)]
    public async Task A_cut_before_the_batch_arrives_saves_nothing_and_the_session_can_save_again(EventAppendMode mode)
    {
        await using var test = await CreateAsync(mode);
        var id = Guid.CreateVersion7();
        await using var session = test.Store.LightweightSession();
        session.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(5));
        session.Store(new Ticket { Id = id });
        test.Proxy.CutBefore("insert into public.mt_streams");
        await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        Assert.Equal(1, test.Proxy.Cuts);
        Assert.Equal((0L, 0L), (await test.CountAsync("mt_events where type <> 'tombstone'"), await test.CountAsync("mt_doc_ticket")));

        await session.SaveChangesAsync();
        Assert.Equal((2L, 1L), (await test.CountAsync("mt_events where type <> 'tombstone'"), await test.CountAsync("mt_doc_ticket")));
        Assert.Equal(5, (await session.Events.FetchLatest<Account>(id))!.Balance);
    }

    [Fact]
    public async Task A_cut_after_the_commit_is_reported_and_never_repeated()
    {
        await using var test = await CreateAsync(EventAppendMode.QuickWithServerTimestamps);
        var id = Guid.CreateVersion7();
        await using var session = test.Store.LightweightSession();
        session.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(5));
        test.Proxy.CutAfter("insert into public.mt_streams");
        await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        Assert.Equal((1, 2L), (test.Proxy.Cuts, await test.CountAsync("mt_events")));

        // The caller who tries again learns that the first attempt had succeeded.
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => session.SaveChangesAsync());
        Assert.Equal(2L, await test.CountAsync("mt_events"));
        await using var reader = test.Store.QuerySession();
        Assert.Equal(5, (await reader.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task An_append_that_was_cut_after_its_commit_is_not_made_twice()
    {
        await using var test = await CreateAsync(EventAppendMode.QuickWithServerTimestamps);
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1)));
        await using var session = test.Store.LightweightSession();
        var stream = await session.Events.FetchForWriting<Account>(id);
        stream.AppendOne(new MoneyDeposited(5));
        test.Proxy.CutAfter("update public.mt_streams");
        await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
        Assert.Equal(2L, await test.CountAsync("mt_events"));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_cut_at_the_commit_of_a_transaction_saves_all_or_nothing(bool afterCommit, int saved)
    {
        await using var test = await CreateAsync(EventAppendMode.QuickWithServerTimestamps);
        var id = Guid.CreateVersion7();
        await using var session = test.Store.LightweightSession();
        await session.BeginTransactionAsync(default);
        session.Events.StartStream<Account>(id, new AccountOpened("Ada", 1));
        session.Store(new Ticket { Id = id });
        if (afterCommit)
            test.Proxy.CutAfter("commit\0");
        else
            test.Proxy.CutBefore("commit\0");
        await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        Assert.Equal(1, test.Proxy.Cuts);

        // The server notices that a client is gone when it reads or writes the next time.
        await Poll.UntilAsync(async () => await test.CountAsync("pg_stat_activity where state like 'idle in transaction%' and datname = current_database()") == 0);
        Assert.Equal(((long)saved, (long)saved), (await test.CountAsync("mt_events"), await test.CountAsync("mt_doc_ticket")));
    }

    [Fact]
    public async Task A_read_that_was_cut_is_repeated()
    {
        await using var test = await CreateAsync(EventAppendMode.QuickWithServerTimestamps);
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(5)));
        await using var session = test.Store.QuerySession();
        test.Proxy.CutBefore("from public.mt_events");
        Assert.Equal(2, (await session.Events.FetchStreamAsync(id)).Count);
        test.Proxy.CutAfter("from public.mt_doc_account");
        Assert.Equal(5, (await session.LoadAsync<Account>(id))!.Balance);
        test.Proxy.CutAfter("from public.mt_events");
        Assert.Equal(2, await session.Events.QueryAllRawEvents().CountAsync());
        Assert.Equal(3, test.Proxy.Cuts);
    }

    [Fact]
    public async Task A_bulk_insertion_that_was_cut_leaves_nothing()
    {
        await using var test = await CreateAsync(EventAppendMode.QuickWithServerTimestamps);
        var streams = Enumerable.Range(0, 50).Select(i => StreamAction.Start(Guid.CreateVersion7(), Event.For(new MoneyDeposited(i)))).ToList();
        test.Proxy.CutBefore("copy public.mt_events");
        await Assert.ThrowsAsync<MartenCommandException>(() => test.Store.BulkInsertEventsAsync(streams, batchSize: 10));
        Assert.Equal((0L, 0L), (await test.CountAsync("mt_streams"), await test.CountAsync("mt_events")));
        await test.Store.BulkInsertEventsAsync(streams, batchSize: 10);
        Assert.Equal(50L, await test.CountAsync("mt_events"));
    }

    private static Task<ProxiedStore> CreateAsync(EventAppendMode mode) => ProxiedStore.CreateAsync(o =>
    {
        o.Events.AppendMode = mode;
        o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        o.RegisterDocumentType<Ticket>();
    });
}

internal sealed class Ticket
{
    public Guid Id { get; set; }
}
