using System.Runtime.CompilerServices;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

/// <summary>Imports whose events come one by one.</summary>
public sealed class BulkImportTests
{
    private const string Tenant = "*DEFAULT*";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Events_keep_their_order_across_streams(int batchSize)
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new MoneyDeposited(1)));
        var ids = Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7()).ToArray();
        var headers = ids.Select(id => new BulkEventStreamHeader { Id = id, Version = 5, AggregateType = typeof(Account) }).ToList();
        await test.Store.BulkInsertEventStreamAsync(Tenant, headers, Interleaved(ids, 5), batchSize);

        await using var session = test.Session();
        var all = await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync();
        Assert.Equal(Enumerable.Range(1, 21).Select(i => (long)i), all.Select(e => e.Sequence));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (ids[i % 4], i / 4 + 1L, 100 + i)), all.Skip(1).Select(e => (e.StreamId, e.Version, ((MoneyDeposited)e.Data).Amount)));
        Assert.Equal((5L, typeof(Account)), ((await session.Events.FetchStreamStateAsync(ids[2])) is { } state ? (state.Version, state.AggregateType!) : default));
        session.Events.Append(ids[0], 6, new MoneyDeposited(1));
        await session.SaveChangesAsync();
        Assert.Equal(22, (await session.Events.FetchStreamAsync(ids[0]))[^1].Sequence);
    }

    [Fact]
    public async Task Events_that_keep_their_sequences_leave_the_next_number_free()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.StreamIdentity = StreamIdentity.AsString);
        await test.Store.BulkInsertEventStreamAsync(
            Tenant,
            [new BulkEventStreamHeader { Key = "a", Version = 2 }, new BulkEventStreamHeader { Key = "b", Version = 7, AggregateTypeName = "old_name", IsArchived = true }],
            Of(Item("a", 0, 10), Item("b", 6, 12), Item("b", 7, 13), Item("a", 0, 40)),
            BulkEventSequenceMode.PreserveSourceSequence,
            batchSize: 3);
        await test.SaveAsync(s => s.Events.StartStream("c", new MoneyDeposited(1)));
        Assert.Equal("a1:10,b6:12,b7:13,a2:40,c1:41", await test.ScalarAsync("select string_agg(stream_id || version || ':' || seq_id, ',' order by seq_id) from {0}.mt_events"));
        Assert.Equal("old_name 7", await test.ScalarAsync("select type || ' ' || version from {0}.mt_streams where is_archived"));
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_events where is_archived"));

        await test.Store.BulkInsertEventStreamAsync(Tenant, [new BulkEventStreamHeader { Key = "d", Version = 1 }], Of(Item("d", 1, 5)), BulkEventSequenceMode.PreserveSourceSequence);
        await test.SaveAsync(s => s.Events.Append("d", new MoneyDeposited(1)));
        Assert.Equal(42L, await test.ScalarAsync("select max(seq_id) from {0}.mt_events"));
    }

    [Fact]
    public async Task What_does_not_fit_together_is_refused_as_a_whole()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.StreamIdentity = StreamIdentity.AsString);
        await test.SaveAsync(s => s.Events.StartStream("taken", new MoneyDeposited(1)));
        BulkEventStreamHeader Header(string key, long version = 2) => new() { Key = key, Version = version };
        Task Import(BulkEventSequenceMode mode, BulkEventStreamHeader[] headers, params IEvent[] events) => test.Store.BulkInsertEventStreamAsync(Tenant, headers, Of(events), mode, 1);

        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => Import(BulkEventSequenceMode.AssignNew, [Header("a"), Header("taken")], Item("a", 1)));
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => Import(BulkEventSequenceMode.AssignNew, [Header("a"), Header("a")], Item("a", 1)));
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => Import(BulkEventSequenceMode.AssignNew, [Header("a")], Item("a", 1), Item("b", 1)));
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => Import(BulkEventSequenceMode.AssignNew, [Header("a")], Item("a", 1), Item("a", 2), Item("a", 3)));
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => Import(BulkEventSequenceMode.AssignNew, [Header("a")], Item("a", 2), Item("a", 1)));
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => Import(BulkEventSequenceMode.PreserveSourceSequence, [Header("a")], Item("a", 1, 9), Item("a", 2, 9)));
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => Import(BulkEventSequenceMode.PreserveSourceSequence, [Header("a")], Item("a", 1)));
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => Import(BulkEventSequenceMode.PreserveSourceSequence, [Header("a")], Item("a", 1, 1)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Import(BulkEventSequenceMode.AssignNew, [Header("a", 0)]));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Import(BulkEventSequenceMode.AssignNew, [new BulkEventStreamHeader { Version = 1 }]));
        Assert.Equal("taken", await test.ScalarAsync("select string_agg(id, ',') from {0}.mt_streams"));
    }

    [Fact]
    public async Task An_import_asks_for_no_more_events_than_a_block_needs()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        var given = new List<WeakReference>();
        await test.Store.BulkInsertEventStreamAsync(Tenant, [new BulkEventStreamHeader { Id = id, Version = 5000 }], Many(id, given), 100);
        Assert.Equal(5000L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
        GC.Collect();
        Assert.True(given.Count(g => g.IsAlive) < 500, "An import holds the events of the blocks that it has written.");
    }

    [Fact]
    public async Task A_source_that_fails_leaves_nothing()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await Assert.ThrowsAsync<IOException>(() => test.Store.BulkInsertEventStreamAsync(Tenant, [new BulkEventStreamHeader { Id = id, Version = 9 }], Failing(id), 2));
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            test.Store.BulkInsertEventStreamAsync(Tenant, [new BulkEventStreamHeader { Id = id, Version = 5000 }], Many(id, [], source), 2, source.Token));
        Assert.Equal(0L, await test.ScalarAsync("select (select count(*) from {0}.mt_streams) + (select count(*) from {0}.mt_events)"));
    }

    private static async IAsyncEnumerable<IEvent> Interleaved(Guid[] ids, int count)
    {
        for (var i = 0; i < ids.Length * count; i++)
        {
            await Task.Yield();
            var item = Event.For(new MoneyDeposited(100 + i));
            (item.StreamId, item.Version) = (ids[i % ids.Length], i / ids.Length + 1);
            yield return item;
        }
    }

    private static async IAsyncEnumerable<IEvent> Many(Guid id, List<WeakReference> given, CancellationTokenSource? stop = null, [EnumeratorCancellation] CancellationToken token = default)
    {
        for (var i = 0; i < 5000; i++)
        {
            token.ThrowIfCancellationRequested();
            await Task.Yield();
            var item = Event.For(new MoneyDeposited(i));
            item.StreamId = id;
            given.Add(new WeakReference(item));
            if (i == 7 && stop is not null)
                await stop.CancelAsync();
            yield return item;
        }
    }

    private static async IAsyncEnumerable<IEvent> Failing(Guid id)
    {
        for (var i = 0; i < 5; i++)
        {
            await Task.Yield();
            var item = Event.For(new MoneyDeposited(i));
            item.StreamId = id;
            yield return item;
        }

        throw new IOException("The source is gone.");
    }

    private static IEvent Item(string key, long version, long sequence = 0)
    {
        var item = Event.For(new MoneyDeposited(1));
        (item.StreamKey, item.Version, item.Sequence) = (key, version, sequence);
        return item;
    }

    private static async IAsyncEnumerable<IEvent> Of(params IEvent[] events)
    {
        foreach (var item in events)
        {
            await Task.Yield();
            yield return item;
        }
    }
}
