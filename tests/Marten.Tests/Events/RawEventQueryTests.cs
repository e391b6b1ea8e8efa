using System.Text;
using System.Text.Json;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Events.Archiving;
using Marten.Exceptions;
using Marten.Pagination;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class RawEventQueryTests
{
    [Fact]
    public async Task All_members_of_an_event_can_be_asked_for()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.MetadataConfig.EnableAll();
            o.Events.EnableEventSkippingInProjectionsOrSubscriptions = true;
        });
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s =>
        {
            s.CorrelationId = "correlation";
            s.CausationId = "causation";
            s.LastModifiedBy = "ada";
            s.SetHeader("colour", "blue");
            s.Events.StartStream(id, new MoneyDeposited(1), new MoneyWithdrawn(2));
        });
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new MoneyDeposited(3)));
        await using var session = test.Query();
        var all = session.Events.QueryAllRawEvents();
        var first = (await session.Events.FetchStreamAsync(id))[0];
        Assert.Equal(1, await all.CountAsync(e => e.Id == first.Id));
        Assert.Equal(2, await all.CountAsync(e => e.StreamId == id));
        Assert.Equal(2, await all.CountAsync(e => e.Sequence <= 2));
        Assert.Equal(1, await all.CountAsync(e => e.Version == 2));
        Assert.Equal(3, await all.CountAsync(e => e.Timestamp >= first.Timestamp));
        Assert.Equal(2, await all.CountAsync(e => e.EventTypeName == "money_deposited"));
        Assert.Equal(2, await all.CountAsync(e => e.DotNetTypeName.Contains("MoneyDeposited")));
        Assert.Equal(3, await all.CountAsync(e => e.TenantId == "*DEFAULT*"));
        Assert.Equal(2, await all.CountAsync(e => e.CorrelationId == "correlation" && e.CausationId == "causation" && e.UserName == "ada"));
        Assert.Equal(2, await all.CountAsync(e => e.Headers!.ContainsKey("colour")));
        Assert.Equal(3, await all.CountAsync(e => !e.IsSkipped));
        Assert.Equal([first.Id], await all.Where(e => e.StreamId == id).OrderBy(e => e.Version).Select(e => e.Id).Take(1).ToListAsync());
    }

    [Fact]
    public async Task Events_can_be_asked_for_by_their_types()
    {
        await using var test = await SampleAsync();
        await using var session = test.Query();
        var all = session.Events.QueryAllRawEvents();
        Assert.Equal(3, await all.CountAsync(e => e.EventTypesAre(typeof(MoneyDeposited))));
        Assert.Equal(4, await all.CountAsync(e => e.EventTypesAre(typeof(MoneyDeposited), typeof(MoneyWithdrawn))));
        Assert.Equal(1, await all.CountAsync(e => !e.EventTypesAre(typeof(MoneyDeposited))));
        Assert.Equal(0, await all.CountAsync(e => e.EventTypesAre(typeof(SomethingElse))));
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<Account>().Where(a => ((IEvent)(object)a).EventTypesAre(typeof(Account))).ToListAsync());
    }

    [Fact]
    public async Task Archived_events_appear_when_the_query_names_them()
    {
        await using var test = await SampleAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(100), new SomethingElse("x")));
        await test.SaveAsync(s => s.Events.ArchiveStream(id));
        await using var session = test.Query();
        var all = session.Events.QueryAllRawEvents();
        Assert.Equal(4, await all.CountAsync());
        Assert.Equal(6, await all.CountAsync(e => e.MaybeArchived()));
        Assert.Equal(2, await all.CountAsync(e => e.IsArchived));
        Assert.Equal(4, await all.CountAsync(e => !e.IsArchived));
        Assert.Equal(3, (await session.Events.QueryRawEventDataOnly<MoneyDeposited>().ToListAsync()).Count);
        Assert.All(await all.Where(e => e.IsArchived).ToListAsync(), e => Assert.True(e.IsArchived));
        Assert.True((await session.Events.FetchStreamStateAsync(id))!.IsArchived);
    }

    [Fact]
    public async Task Events_come_in_pages_in_streams_and_as_JSON()
    {
        await using var test = await SampleAsync();
        await using var session = test.Query();
        var page = await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToPagedListAsync(2, 3);
        Assert.Equal((4L, 1), (page.TotalItemCount, page.Count));
        var sequences = new List<long>();
        await foreach (var item in session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToAsyncEnumerable())
            sequences.Add(item.Sequence);
        Assert.Equal([1, 2, 3, 4], sequences);
        using var json = new MemoryStream();
        await session.Events.QueryRawEventDataOnly<MoneyDeposited>().Where(e => e.Amount > 1).OrderBy(e => e.Amount).StreamJsonArray(json);
        Assert.Equal([10, 20], JsonSerializer.Deserialize<MoneyDeposited[]>(Encoding.UTF8.GetString(json.ToArray()))!.Select(d => d.Amount));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_latest_state_is_streamed_as_JSON(bool isSnapshot)
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            if (isSnapshot)
                o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
            else
                o.Projections.LiveStreamAggregation<Account>();
        });
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(5)));
        await using var session = test.Session();
        using var json = new MemoryStream();
        Assert.True(await session.Events.StreamLatestJson<Account>(id, json));
        var account = JsonSerializer.Deserialize<Account>(json.ToArray())!;
        Assert.Equal((id, "Ada", 5), (account.Id, account.Owner, account.Balance));
        using var nothing = new MemoryStream();
        Assert.False(await session.Events.StreamLatestJson<Account>(Guid.CreateVersion7(), nothing));
        Assert.Equal(0, nothing.Length);
    }

    [Fact]
    public async Task The_last_known_state_survives_the_deletion_of_the_aggregate()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new AccountOpened("Ada", 1), new MoneyDeposited(5), new AccountClosed("moved"), new SomethingElse("after")));
        await using var session = test.Query();
        Assert.Null(await session.Events.AggregateStreamAsync<Account>(id));
        Assert.Equal(5, (await session.Events.AggregateStreamToLastKnownAsync<Account>(id))!.Balance);
        Assert.Equal(0, (await session.Events.AggregateStreamToLastKnownAsync<Account>(id, version: 1))!.Balance);
        Assert.Null(await session.Events.AggregateStreamToLastKnownAsync<Account>(Guid.CreateVersion7()));
    }

    private static async Task<TestStore> SampleAsync()
    {
        var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new MoneyDeposited(1), new MoneyWithdrawn(2), new MoneyDeposited(10)));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new MoneyDeposited(20)));
        return test;
    }
}
