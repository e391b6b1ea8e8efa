using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Failures;

/// <summary>Texts that would change a statement if they were ever part of one, through every way a text gets in.</summary>
public sealed class HostileTextTests
{
    public static TheoryData<string> Texts =>
    [
        "'; drop table mt_events cascade; --",
        "' or '1'='1",
        "\"; delete from mt_streams; --",
        "$1",
        "$$; select 1; $$",
        "{0} {1:x}",
        "\\'; truncate mt_events; --",
        "E'\\x27'",
        "@id :key ?",
        "/* */ -- \n ;",
        "ключ 鍵 🔑 ' \" \\ %_",
        "' || (select version()) || '",
        "]]} '] {\"a\": 1}",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Keys_types_bodies_headers_and_metadata_come_back_as_they_were(string text)
    {
        await using var test = await CreateAsync(text);
        await using (var session = test.Store.LightweightSession(text))
        {
            session.CorrelationId = text;
            session.CausationId = text;
            session.LastModifiedBy = text;
            session.SetHeader(text, text);
            session.Events.StartStream<Ledger>(text, new AccountOpened(text, 1), new SomethingElse(text));
            await session.SaveChangesAsync();
            session.Events.Append(text, new MoneyDeposited(1));
            session.Events.Append(text, 4, new MoneyDeposited(2));
            await session.SaveChangesAsync();
            await session.Events.AppendOptimistic(text, new MoneyDeposited(3));
            await session.SaveChangesAsync();
            await session.Events.AppendExclusive(text, new MoneyDeposited(4));
            await session.SaveChangesAsync();
        }

        await using var reader = test.Store.LightweightSession(text);
        var events = await reader.Events.FetchStreamAsync(text);
        Assert.Equal([1L, 2, 3, 4, 5, 6], events.Select(e => e.Version));
        Assert.Equal(new SomethingElse(text), events[1].Data);
        Assert.Equal((text, text, text, text, text), (events[0].StreamKey, events[0].CorrelationId, events[0].CausationId, events[0].UserName, events[0].TenantId));
        Assert.Equal(text, events[0].GetHeader(text));
        Assert.Equal(text, events[1].EventTypeName);
        Assert.Equal(10, (await reader.Events.AggregateStreamAsync<Ledger>(text))!.Total);
        var exclusive = await reader.Events.FetchForExclusiveWriting<Ledger>(text);
        Assert.Equal(6, exclusive.StartingVersion);
        exclusive.AppendOne(new Archived(text));
        await reader.SaveChangesAsync();

        var raw = reader.Events.QueryAllRawEvents();
        Assert.Equal(7, await raw.CountAsync(e => e.StreamKey == text && e.TenantId == text && e.EventTypeName != text + "x"));
        Assert.Equal(1, await raw.CountAsync(e => e.EventTypeName == text));
        Assert.Equal(1, await raw.CountAsync(e => e.EventTypesAre(typeof(SomethingElse))));
        Assert.Equal(2, await raw.CountAsync(e => e.CorrelationId!.Contains(text) && e.UserName!.StartsWith(text) && e.Headers!.ContainsKey(text) && e.Version < 3));
        Assert.Equal(7, await raw.CountAsync(e => e.TenantIsOneOf(text, "other")));
        Assert.Equal([text], await reader.Events.QueryRawEventDataOnly<SomethingElse>().Where(e => e.Text == text).Select(e => e.Text).ToListAsync());
        reader.Events.ArchiveStream(text);
        await reader.SaveChangesAsync();
        Assert.True((await reader.Events.FetchStreamStateAsync(text))!.IsArchived);
        Assert.Equal(7L, await test.ScalarAsync("select count(*) from {0}.mt_events"));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Bulk_insertion_tombstones_and_rewriting_take_them_too(string text)
    {
        await using var test = await CreateAsync(text);
        var item = Event.For(new SomethingElse(text));
        item.SetHeader(text, text);
        await test.Store.BulkInsertEventsAsync(text, [StreamAction.Start(text, item)]);
        await using var session = test.Store.LightweightSession(text);
        session.Events.StartStream(text, new SomethingElse(text));
        await Assert.ThrowsAsync<global::Marten.Exceptions.ExistingStreamIdCollisionException>(() => session.SaveChangesAsync());
        session.EjectAllPendingChanges();
        var stored = (await session.Events.FetchStreamAsync(text)).Single();
        stored.SetHeader(text, text + text);
        session.Events.OverwriteEvent(stored);
        await session.SaveChangesAsync();
        session.Events.CompletelyReplaceEvent(stored.Sequence, new SomethingElse(text + text));
        await session.SaveChangesAsync();
        Assert.Equal(new SomethingElse(text + text), (await session.Events.FetchStreamAsync(text)).Single().Data);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_events where type = 'tombstone'"));
    }

    private static Task<TestStore> CreateAsync(string text) => TestStore.CreateAsync(o =>
    {
        o.Events.StreamIdentity = StreamIdentity.AsString;
        o.Events.TenancyStyle = TenancyStyle.Conjoined;
        o.Events.AppendMode = EventAppendMode.Rich;
        o.Events.MetadataConfig.EnableAll();
        o.Events.MapEventType<SomethingElse>(text);
        o.Projections.LiveStreamAggregation<Ledger>();
    });
}
