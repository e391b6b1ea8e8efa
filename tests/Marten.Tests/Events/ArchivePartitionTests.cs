using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.Events.Tags;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events.Archiving;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

/// <summary>Archived streams in partitions of their own.</summary>
public sealed class ArchivePartitionTests
{
    [Theory]
    [InlineData(EventAppendMode.Rich, TenancyStyle.Single, true)]
    [InlineData(EventAppendMode.Quick, TenancyStyle.Conjoined, false)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, TenancyStyle.Single, false)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps, TenancyStyle.Conjoined, true)]
    public async Task A_stream_moves_with_everything_about_it(EventAppendMode mode, TenancyStyle tenancy, bool isStrict)
    {
        await using var test = await CreateAsync(o =>
        {
            o.Events.AppendMode = mode;
            o.Events.TenancyStyle = tenancy;
            o.Events.EnableStrictStreamIdentityEnforcement = isStrict;
            o.Events.EnableUniqueIndexOnEventId = true;
            o.Events.EnableEventTypeIndex = true;
            if (tenancy == TenancyStyle.Conjoined)
                o.Schema.For<Invoice>().MultiTenanted();
            o.Projections.Snapshot<Invoice>(SnapshotLifecycle.Inline);
        });
        var (gone, kept) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (number, other, tag) = (new InvoiceNumber("1"), new InvoiceNumber("2"), new StudentId(Guid.CreateVersion7()));
        await test.SaveAsync(s => s.Events.StartStream<Invoice>(gone, s.Events.BuildEvent(new InvoiceDrafted(number, "Ada")).WithTag(tag), new InvoicePaid(1)));
        await test.SaveAsync(s => s.Events.StartStream<Invoice>(kept, s.Events.BuildEvent(new InvoiceDrafted(other, "Bob")).WithTag(tag)));
        await test.SaveAsync(s => s.Events.Append(gone, [.. Enumerable.Range(0, 12).Select(i => (object)new InvoicePaid(i))]));
        await test.SaveAsync(s => s.Events.ArchiveStream(gone));
        await test.SaveAsync(s => s.Events.ArchiveStream(gone));

        Assert.Equal("1,14,1,1", await test.ScalarAsync(
            "select (select count(*) from {0}.mt_streams_archived) || ',' || (select count(*) from {0}.mt_events_archived) || ',' || (select count(*) from {0}.mt_event_tag_student_archived) || ',' || (select count(*) from {0}.mt_natural_key_invoice_archived)"));
        Assert.Equal("1,1,1,1", await test.ScalarAsync(
            "select (select count(*) from {0}.mt_streams_default) || ',' || (select count(*) from {0}.mt_events_default) || ',' || (select count(*) from {0}.mt_event_tag_student_default) || ',' || (select count(*) from {0}.mt_natural_key_invoice_default)"));
        await using var session = test.Session();
        Assert.Equal(14, (await session.Events.FetchStreamAsync(gone)).Count);
        Assert.True((await session.Events.FetchStreamStateAsync(gone))!.IsArchived);
        Assert.Equal(1, await session.Events.QueryAllRawEvents().CountAsync());
        Assert.Equal(15, await session.Events.QueryAllRawEvents().CountAsync(e => e.MaybeArchived()));
        Assert.Equal(14, await session.Events.QueryAllRawEvents().CountAsync(e => e.IsArchived));
        Assert.Equal(kept, (await session.Events.QueryByTagsAsync(EventTagQuery.For(tag))).Single().StreamId);
        Assert.Null(await session.Events.FetchLatest<Invoice, InvoiceNumber>(number));
        Assert.Equal(kept, (await session.Events.FetchLatest<Invoice, InvoiceNumber>(other))!.Id);
        await RefusedAsync(test, gone);
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await test.Store.Advanced.Clean.DeleteSingleEventStreamAsync(gone);
        await test.SaveAsync(s => s.Events.StartStream(gone, new InvoicePaid(1)));
        await test.Store.Advanced.Clean.DeleteAllEventDataAsync();
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
    }

    [Fact]
    public async Task An_event_that_ends_a_stream_moves_it_too()
    {
        await using var test = await CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(3)));
        await test.SaveAsync(s => s.Events.Append(id, new Archived("done")));
        Assert.Equal(3L, await test.ScalarAsync("select count(*) from {0}.mt_events_archived"));
        await RefusedAsync(test, id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_daemon_ends_a_stream_whose_snapshot_it_keeps(bool isPartitioned)
    {
        await using var test = await CreateAsync(o =>
        {
            o.Events.UseArchivedStreamPartitioning = isPartitioned;
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Async);
        });
        var (ended, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await test.SaveAsync(s => s.Events.StartStream<Account>(ended, new AccountOpened("Ada", 1), new MoneyDeposited(3)));
        await test.SaveAsync(s => s.Events.StartStream<Account>(other, new AccountOpened("Bob", 1)));
        await test.SaveAsync(s => s.Events.Append(ended, new MoneyDeposited(4), new Archived("done")));
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.CatchUpAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        Assert.Equal(7, (await test.LoadAsync<Account>(ended))!.Balance);
        Assert.Equal("4,1", await test.ScalarAsync("select count(*) filter (where is_archived) || ',' || count(*) filter (where not is_archived) from {0}.mt_events"));
        await using var session = test.Session();
        Assert.True((await session.Events.FetchStreamStateAsync(ended))!.IsArchived);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Writers_that_race_with_archiving_append_before_it_or_not_at_all(bool isPartitioned)
    {
        await using var test = await CreateAsync(o => o.Events.UseArchivedStreamPartitioning = isPartitioned);
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        var appended = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await test.SaveAsync(s =>
                {
                    if (i == 4)
                        s.Events.ArchiveStream(id);
                    else
                        s.Events.Append(id, new MoneyDeposited(1));
                });
                Interlocked.Add(ref appended, i == 4 ? 0 : 1);
            }
            catch (Exception exception) when (exception is InvalidStreamOperationException or EventStreamUnexpectedMaxEventIdException)
            {
                // The stream was archived first.
            }
        }));
        Assert.Equal($"{appended + 1},1,0", await test.ScalarAsync(
            "select (select count(*) from {0}.mt_events where is_archived) || ',' || (select count(*) from {0}.mt_streams) || ',' || (select count(*) from {0}.mt_events where not is_archived)"));
    }

    private static async Task RefusedAsync(TestStore test, Guid id)
    {
        await using var session = test.Session();
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s => s.Events.StartStream(id, new InvoicePaid(1))));
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s =>
        {
            s.Events.StartStream(id, new InvoicePaid(1));
            s.Events.StartStream(Guid.CreateVersion7(), new InvoicePaid(1));
        }));
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => test.SaveAsync(s => s.Events.Append(id, new SomethingElse("x"))));
        Assert.True(refusal is InvalidStreamOperationException or EventStreamUnexpectedMaxEventIdException, refusal.ToString());
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.Events.WriteToAggregate<Account>(id, s => s.AppendOne(new SomethingElse("x"))));
        await using var locking = test.Session();
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => locking.Events.WriteExclusivelyToAggregate<Account>(id, s => s.AppendOne(new SomethingElse("x"))));
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.Store.BulkInsertEventsAsync([StreamAction.Start(id, Event.For(new InvoicePaid(1)))]));
    }

    private static Task<TestStore> CreateAsync(Action<StoreOptions>? configure = null) => TestStore.CreateAsync(o =>
    {
        o.Events.UseArchivedStreamPartitioning = true;
        o.Events.RegisterTagType<StudentId>("student");
        configure?.Invoke(o);
    });
}
