using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

/// <summary>Archiving, compacting and rewriting of streams, and the optional indexes.</summary>
public sealed class StreamLifeTests
{
    [Fact]
    public async Task The_event_Archived_archives_a_stream_that_a_snapshot_follows()
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var (ended, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.SaveAsync(s =>
        {
            s.Events.StartStream<Account>(ended, new AccountOpened("Ada", 1));
            s.Events.StartStream<Account>(other, new AccountOpened("Bob", 1));
        });
        await test.SaveAsync(s => s.Events.Append(ended, new MoneyDeposited(4), new Archived("closed")));
        await using var session = test.Session();
        Assert.True((await session.Events.FetchStreamStateAsync(ended))!.IsArchived);
        Assert.False((await session.Events.FetchStreamStateAsync(other))!.IsArchived);
        var events = await session.Events.FetchStreamAsync(ended);
        Assert.Equal(new Archived("closed"), events[^1].Data);
        Assert.All(events, e => Assert.True(e.IsArchived));
        Assert.Equal(1, await session.Events.QueryAllRawEvents().CountAsync());
        Assert.Equal(4, (await session.LoadAsync<Account>(ended))!.Balance);
        session.Events.Append(ended, new MoneyDeposited(1));
        await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync());
    }

    [Fact]
    public async Task An_archived_stream_takes_no_more_events()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await test.SaveAsync(s => s.Events.ArchiveStream(id));
        var exception = await Assert.ThrowsAsync<InvalidStreamOperationException>(() => test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1))));
        Assert.Contains("archived", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1))));
    }

    [Fact]
    public async Task A_compacted_stream_keeps_its_state_and_its_version()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(5), new MoneyDeposited(6), new MoneyWithdrawn(1)));
        await using (var session = test.Session())
        {
            await session.Events.CompactStreamAsync<Account>(id, r => r.Version = 3);
            await session.SaveChangesAsync();
        }

        await using var reader = test.Session();
        var events = await reader.Events.FetchStreamAsync(id);
        Assert.Equal([3L, 4L], events.Select(e => e.Version));
        Assert.Equal(11, Assert.IsType<Compacted<Account>>(events[0].Data).Snapshot.Balance);
        var stream = await reader.Events.FetchForWriting<Account>(id);
        Assert.Equal((10, "Ada", 4L), (stream.Aggregate!.Balance, stream.Aggregate.Owner, stream.StartingVersion));
        stream.AppendOne(new MoneyDeposited(2));
        await reader.SaveChangesAsync();
        Assert.Equal((12, 5L), (await reader.Events.AggregateStreamAsync<Account>(id)) is { } now ? (now.Balance, now.Version) : default);
        await reader.Events.CompactStreamAsync<Account>(id);
        await reader.SaveChangesAsync();
        await reader.Events.CompactStreamAsync<Account>(id);
        Assert.False(reader.PendingChanges.HasOutstandingWork());
        Assert.Equal(12, (await reader.Events.FetchLatest<Account>(id))!.Balance);
    }

    [Fact]
    public async Task A_stream_without_an_aggregate_cannot_be_compacted()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new AccountOpened("Ada", 1), new AccountClosed("x")));
        await using var session = test.Session();
        await Assert.ThrowsAsync<InvalidStreamOperationException>(() => session.Events.CompactStreamAsync<Account>(id));
        await session.Events.CompactStreamAsync<Account>(Guid.CreateVersion7());
        Assert.False(session.PendingChanges.HasOutstandingWork());
    }

    [Fact]
    public async Task Protected_data_is_masked_where_it_is_stored()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.MetadataConfig.HeadersEnabled = true;
            o.Events.AddMaskingRuleForProtectedInformation<AccountOpened>(opened => opened! with { Owner = "***" });
            o.Events.AddMaskingRuleForProtectedInformation<Letter>(letter => letter!.Text = "***");
        });
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.SaveAsync(s =>
        {
            s.Events.StartStream(first, new AccountOpened("Ada", 7), new Letter { Text = "secret" }, new MoneyDeposited(1));
            s.Events.StartStream(second, new AccountOpened("Bob", 8));
        });
        await test.Store.Advanced.ApplyEventDataMasking(m => m.IncludeStream(first).AddHeader("masked", true));
        await using var session = test.Query();
        var events = await session.Events.FetchStreamAsync(first);
        Assert.Equal(new AccountOpened("***", 7), events[0].Data);
        Assert.Equal("***", ((Letter)events[1].Data).Text);
        Assert.Equal([true, true, null], events.Select(e => e.GetHeader("masked")));
        Assert.Equal(new AccountOpened("Bob", 8), (await session.Events.FetchStreamAsync(second))[0].Data);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_events where data::text like '%secret%'"));
        await test.Store.Advanced.ApplyEventDataMasking(m => m.IncludeEvents(e => e.StreamId == second));
        Assert.Equal(new AccountOpened("***", 8), (await session.Events.FetchStreamAsync(second))[0].Data);
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.Store.Advanced.ApplyEventDataMasking(_ => { }));
    }

    [Fact]
    public async Task A_masked_event_of_an_old_type_is_stored_as_its_present_type()
    {
        await using var old = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await old.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(7)));
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.Upcast<MoneyDeposited, MoneyPaid>(d => new MoneyPaid(d.Amount, "EUR"));
            o.Events.AddMaskingRuleForProtectedInformation<MoneyPaid>(paid => paid! with { Cents = 0 });
        }, old.Schema);
        await test.Store.Advanced.ApplyEventDataMasking(m => m.IncludeStream(id, e => e.Version == 1));
        await using var session = test.Query();
        Assert.Equal(new MoneyPaid(0, "EUR"), (await session.Events.FetchStreamAsync(id))[0].Data);
    }

    [Fact]
    public async Task An_event_is_replaced_in_its_place()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1), new MoneyDeposited(2)));
        await using var session = test.Session();
        var replacement = session.Events.CompletelyReplaceEvent(2, new SomethingElse("instead"));
        await session.SaveChangesAsync();
        var events = await session.Events.FetchStreamAsync(id);
        Assert.Equal((replacement, 2L, 2L, (object)new SomethingElse("instead")), (events[1].Id, events[1].Version, events[1].Sequence, events[1].Data));
        session.Events.CompletelyReplaceEvent(99, new SomethingElse("nowhere"));
        var exception = await Assert.ThrowsAsync<InvalidStreamOperationException>(() => session.SaveChangesAsync());
        Assert.Contains("99", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optional_indexes_and_columns_are_created()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.EnableUniqueIndexOnEventId = true;
            o.Events.EnableEventTypeIndex = true;
            o.Events.EnableEventSkippingInProjectionsOrSubscriptions = true;
        });
        var id = Guid.CreateVersion7();
        var deposited = Event.For(new MoneyDeposited(1));
        deposited.Id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, deposited));
        Assert.Equal("idx_mt_events_event_id,idx_mt_events_event_type_seq_id,pk_mt_events_stream_and_version,pkey_mt_events_seq_id", await test.ScalarAsync(
            "select string_agg(indexname, ',' order by indexname) from pg_indexes where schemaname = '{0}' and tablename = 'mt_events'"));
        var again = Event.For(new MoneyDeposited(2));
        again.Id = deposited.Id;
        await Assert.ThrowsAsync<MartenCommandException>(() => test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), again)));
        await test.ExecuteAsync("update {0}.mt_events set is_skipped = TRUE");
        await using var session = test.Query();
        Assert.True((await session.Events.FetchStreamAsync(id))[0].IsSkipped);
        Assert.Equal(Weasel.Core.SchemaPatchDifference.None, (await test.Store.Storage.CreateMigrationAsync()).Difference);
    }

    internal sealed class Letter
    {
        public string Text { get; set; } = "";
    }
}
