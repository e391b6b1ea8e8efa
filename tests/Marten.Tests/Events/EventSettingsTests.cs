using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.MultiTenancy;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class EventSettingsTests
{
    [Theory]
    [InlineData(TenancyStyle.Single, EventAppendMode.Rich)]
    [InlineData(TenancyStyle.Conjoined, EventAppendMode.Quick)]
    [InlineData(TenancyStyle.Single, EventAppendMode.QuickWithServerTimestamps)]
    public async Task An_identity_that_was_used_is_refused_for_ever(TenancyStyle tenancy, EventAppendMode mode)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.EnableStrictStreamIdentityEnforcement = true;
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Events.TenancyStyle = tenancy;
            o.Events.AppendMode = mode;
        });
        await test.SaveAsync(s => s.Events.StartStream("one", new MoneyDeposited(1)));
        await test.SaveAsync(s =>
        {
            s.Events.StartStream("two", new MoneyDeposited(1));
            s.Events.StartStream("three", new MoneyDeposited(1));
        });
        await test.SaveAsync(s => s.Events.Append("four", new MoneyDeposited(1)));
        await test.Store.BulkInsertEventsAsync([StreamAction.Start("five", Event.For(new MoneyDeposited(1)))]);

        // The streams vanish behind the back of the store, as those do that are moved to another partition.
        await test.ExecuteAsync("delete from {0}.mt_events; delete from {0}.mt_streams;");
        foreach (var key in new[] { "one", "three", "four", "five" })
        {
            await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s => s.Events.StartStream(key, new MoneyDeposited(1))));
            await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.SaveAsync(s =>
            {
                s.Events.StartStream("new", new MoneyDeposited(1));
                s.Events.StartStream(key, new MoneyDeposited(1));
            }));
            await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => test.Store.BulkInsertEventsAsync([StreamAction.Start(key, Event.For(new MoneyDeposited(1)))]));
        }

        await test.SaveAsync(s => s.Events.StartStream("new", new MoneyDeposited(1)));
        await test.Store.Advanced.Clean.DeleteSingleEventStreamAsync("new");
        await test.SaveAsync(s => s.Events.StartStream("new", new MoneyDeposited(1)));
        await test.Store.Advanced.Clean.DeleteAllEventDataAsync();
        await test.SaveAsync(s => s.Events.StartStream("one", new MoneyDeposited(1)));
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task Another_tenant_may_use_the_same_identity()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.EnableStrictStreamIdentityEnforcement = true;
            o.Events.TenancyStyle = TenancyStyle.Conjoined;
        });
        var id = Guid.CreateVersion7();
        foreach (var tenant in new[] { "red", "blue" })
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Events.StartStream(id, new MoneyDeposited(1));
            await session.SaveChangesAsync();
        }

        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_streams_identity"));
    }

    [Fact]
    public async Task An_ignored_index_is_neither_created_nor_changed()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.EnableEventTypeIndex = true;
            o.Events.IgnoreIndex("idx_mt_events_event_type_seq_id").IgnoreIndex("idx_of_somebody");
            Assert.Equal(["idx_mt_events_event_type_seq_id", "idx_of_somebody"], o.Events.IgnoredIndexes);
            Assert.Throws<ArgumentException>(() => o.Events.IgnoreIndex("pk_mt_events_stream_and_version"));
        });
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new MoneyDeposited(1)));
        await test.ExecuteAsync("create index idx_of_somebody on {0}.mt_events (type)");
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from pg_indexes where schemaname = '{0}' and indexname in ('idx_mt_events_event_type_seq_id', 'idx_of_somebody')"));
    }

    [Fact]
    public void Stream_actions_name_begin_and_copy_streams()
    {
        var id = Guid.CreateVersion7();
        var reference = StreamAction.ForReference("key", "red");
        Assert.Equal(("key", "red", 0, false), (reference.Key, reference.TenantId, reference.Events.Count, reference.IsStarting()));
        Assert.Equal((id, "red"), (StreamAction.ForReference(id, "red").Id, StreamAction.ForReference(id, "red").TenantId));
        var first = Event.For(new MoneyDeposited(1));
        first.Version = 1;
        var start = StreamAction.For(id, [first]);
        Assert.Equal((StreamActionType.Start, true, id), (start.ActionType, start.IsStarting(), first.StreamId));
        var later = Event.For(new MoneyDeposited(1));
        later.Version = 2;
        var append = StreamAction.For("key", [later]);
        Assert.Equal((StreamActionType.Append, false), (append.ActionType, append.IsStarting()));
        append.ExpectedVersionOnServer = 1;
        var clone = append.Clone();
        clone.AddEvent(Event.For(new MoneyDeposited(3)));
        Assert.Equal((1, 2, 1L, "key"), (append.Events.Count, clone.Events.Count, clone.ExpectedVersionOnServer, clone.Key));
    }

    [Fact]
    public void Failures_say_what_kind_they_are()
    {
        Assert.Equal(ShardFailureCategory.UnknownEventType, new UnknownEventTypeException("x").Category);
    }
}
