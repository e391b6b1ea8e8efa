using JasperFx.Events;
using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class BulkInsertEventsTests
{
    [Fact]
    public async Task Streams_are_copied_with_their_metadata_in_batches()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.MetadataConfig.EnableAll());
        var streams = Enumerable.Range(0, 25).Select(i =>
        {
            var opened = Event.For(new AccountOpened($"owner {i}", i));
            opened.SetHeader("number", i);
            opened.CorrelationId = "import";
            var stream = StreamAction.Start(Guid.CreateVersion7(), opened, Event.For(new MoneyDeposited(i)));
            stream.AggregateType = typeof(Account);
            return stream;
        }).ToList();
        await test.Store.BulkInsertEventsAsync(streams, batchSize: 7);
        await using var session = test.Session();
        foreach (var stream in streams)
        {
            var account = (await session.Events.AggregateStreamAsync<Account>(stream.Id))!;
            Assert.Equal((stream.Events[0].Data is AccountOpened opened ? opened.Owner : "", 2L), (account.Owner, account.Version));
        }

        var first = (await session.Events.FetchStreamAsync(streams[3].Id))[0];
        Assert.Equal((3L, "import", null), (first.GetHeader("number"), first.CorrelationId, first.CausationId));
        Assert.Equal(typeof(Account), (await session.Events.FetchStreamStateAsync(streams[3].Id))!.AggregateType);
        Assert.Equal("1,50", await test.ScalarAsync("select min(seq_id) || ',' || max(seq_id) from {0}.mt_events"));
        session.Events.Append(streams[0].Id, 3, new MoneyDeposited(1));
        await session.SaveChangesAsync();
    }

    [Fact]
    public async Task A_stream_that_exists_stops_the_whole_insertion()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.StreamIdentity = StreamIdentity.AsString);
        await test.SaveAsync(s => s.Events.StartStream("taken", new MoneyDeposited(1)));
        var exception = await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.Store.BulkInsertEventsAsync(
            [StreamAction.Start("new", Event.For(new MoneyDeposited(1))), StreamAction.Start("taken", Event.For(new MoneyDeposited(1)))]));
        Assert.Equal("taken", exception.Id);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_streams"));
        await Assert.ThrowsAsync<EmptyEventStreamException>(() => test.Store.BulkInsertEventsAsync([StreamAction.Start("empty")]));
        await test.Store.BulkInsertEventsAsync([]);
    }

    [Fact]
    public async Task A_cancelled_insertion_leaves_nothing()
    {
        await using var test = await TestStore.CreateAsync();
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        using var source = new CancellationTokenSource();
        var streams = Enumerable.Range(0, 10).Select(_ => StreamAction.Start(Guid.CreateVersion7(), Event.For(new Cancelling(source)))).ToList();
        await Assert.ThrowsAnyAsync<Exception>(() => test.Store.BulkInsertEventsAsync(streams, 2, source.Token));
        await using var session = test.Session();
        Assert.Empty(await session.Events.QueryAllRawEvents().ToListAsync());
    }

    /// <summary>Cancels the insertion while it is written.</summary>
    internal sealed class Cancelling(CancellationTokenSource source)
    {
        public string Text
        {
            get
            {
                source.Cancel();
                return "cancelled";
            }
        }
    }
}
