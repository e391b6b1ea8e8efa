using JasperFx.Events.Projections;
using Marten;
using ModularMonolith.Marten.Tests.Daemon;
using ModularMonolith.Marten.Tests.Documents;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Projections;

public sealed class ProjectionTests
{
    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    public async Task Parts_of_an_event_change_documents_of_their_own(ProjectionLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<SalesProjection>(lifecycle));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new Basket("Ada", [new Item("tea", 2), new Item("milk", 1)])));
        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new Basket("Bob", [new Item("tea", 3)])));
        await CatchUpAsync(test);
        var tea = await test.LoadAsync<Sales>("tea");
        Assert.Equal(5, tea!.Sold);
        Assert.Equal(1, (await test.LoadAsync<Sales>("milk"))!.Sold);
        Assert.All(tea.Log, l => Assert.StartsWith("True", l, StringComparison.Ordinal));

        await test.SaveAsync(s => s.Events.StartStream(Guid.CreateVersion7(), new Renamed("tea", "chai")));
        await CatchUpAsync(test);
        Assert.Null(await test.LoadAsync<Sales>("tea"));
        Assert.NotNull(await test.LoadAsync<Sales>("milk"));
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    public async Task Events_find_their_documents_by_one_id_by_several_and_by_a_lookup(ProjectionLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<OwnerProjection>(lifecycle));
        await test.SaveAsync(s => s.Store(new Remark { Id = "Bob" }));
        await test.SaveAsync(s => s.Events.StartStream(
            Guid.CreateVersion7(),
            new SomethingElse("Bob"),
            new Shared(["Ada", "Bob"]),
            new Basket("Ada", [new Item("tea", 1), new Item("milk", 1)]),
            new SomethingElse("Nobody"),
            new Shared(["Ada"])));
        await CatchUpAsync(test);
        Assert.Equal(["shared 2", "basket 2", "item tea", "item milk", "shared 1"], (await test.LoadAsync<Sales>("Ada"))!.Log);
        Assert.Equal(["text Bob", "shared 2"], (await test.LoadAsync<Sales>("Bob"))!.Log);
        Assert.Null(await test.LoadAsync<Sales>("Nobody"));
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    [InlineData(ProjectionLifecycle.Live)]
    public async Task A_projection_may_decide_about_all_events_at_once(ProjectionLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<TallyProjection>(lifecycle));
        var id = await test.OpenAccountAsync("Ada", 1, 2);
        await test.SaveAsync(s => s.Events.Append(id, new SomethingElse("not included")));
        await CatchUpAsync(test);
        Assert.Equal(3, (await LatestAsync<Tally>(test, id))!.Events);
        if (lifecycle == ProjectionLifecycle.Async)
            Assert.Equal(3, (await test.LoadAsync<Tally>(id))!.Events);

        await test.SaveAsync(s => s.Events.Append(id, new AccountClosed("x")));
        await CatchUpAsync(test);
        Assert.Null(await LatestAsync<Tally>(test, id));
        if (lifecycle != ProjectionLifecycle.Live)
            Assert.Null(await test.LoadAsync<Tally>(id));
    }

    [Fact]
    public async Task A_projection_may_look_things_up_and_cause_events_and_documents()
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<GreetingProjection>(ProjectionLifecycle.Async));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Store(new User { Id = id, Name = "Ada Lovelace" }));
        using var daemon = await test.StartDaemonAsync();
        await test.SaveAsync(s => s.Events.StartStream<Events.Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(1)));
        await test.CaughtUpAsync();
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
        await test.CaughtUpAsync();
        Assert.Equal("Ada Lovelace", (await test.LoadAsync<Greeting>(id))!.Text);
        Assert.NotNull(await test.LoadAsync<Remark>(id.ToString()));
        await using var session = test.Session();
        Assert.Equal(["two deposits"], (await session.Events.FetchStreamAsync(id)).Select(e => e.Data).OfType<SomethingElse>().Select(e => e.Text));

        // What follows from events followed already; building the documents anew must not let it follow again.
        await daemon.RebuildProjectionAsync<Greeting>(default);
        await test.CaughtUpAsync();
        Assert.Equal(4, (await session.Events.FetchStreamAsync(id)).Count);
        Assert.Equal(2, (await test.LoadAsync<Greeting>(id))!.Deposits);
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    public async Task Single_events_become_documents(ProjectionLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<AuditProjection>(lifecycle));
        var id = await test.OpenAccountAsync("Ada", 7);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyWithdrawn(1)));
        await CatchUpAsync(test);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyWithdrawn(2), new AccountClosed("moved")));
        await CatchUpAsync(test);
        await using var session = test.Query();
        var remarks = await session.Query<Remark>().OrderBy(r => r.Id).ToListAsync();
        Assert.Equal(["closed moved", "deposit 7", "opened Ada True", "withdrawals"], remarks.Select(r => r.Id));
        Assert.Equal("1;2;", remarks[3].Name);
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    public async Task A_projection_may_handle_events_and_pages_itself(ProjectionLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o =>
        {
            o.Projections.Add(new ExplicitAudit(), lifecycle);
            o.Projections.Add(new PageCounter(), lifecycle, "pages", a => a.BatchSize = 2);
        });
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await test.ExecuteAsync("create table {0}.pages (n int)");
        await test.OpenAccountAsync("Ada", 1, 2);
        await CatchUpAsync(test);
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_doc_remark where id in ('account_opened', 'money_deposited')"));
        Assert.Equal(lifecycle == ProjectionLifecycle.Inline ? "3" : "2,1", await test.ScalarAsync("select string_agg(n::text, ',' order by n desc) from {0}.pages"));
    }

    [Theory]
    [InlineData(ProjectionLifecycle.Inline)]
    [InlineData(ProjectionLifecycle.Async)]
    public async Task Events_become_rows_of_a_table(ProjectionLifecycle lifecycle)
    {
        await using var test = await DaemonStore.CreateAsync(o => o.Projections.Add<AccountTable>(lifecycle));
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        var id = await test.OpenAccountAsync("Ada", 5, 6);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyWithdrawn(2)));
        var closed = await test.OpenAccountAsync("Bob");
        await test.SaveAsync(s => s.Events.Append(closed, new AccountClosed("x")));
        await CatchUpAsync(test);
        const string Row = "select string_agg(concat_ws(' ', id, deposits, owner, credit, status, level, balance), ';') from {0}.account_table";
        Assert.Equal($"{id} 2 x 5 open 2 9", await test.ScalarAsync(Row));

        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await test.ExecuteAsync("update {0}.account_table set balance = 1000");
        await daemon.RebuildProjectionAsync("accounts", default);
        Assert.Equal($"{id} 2 x 5 open 2 9", await test.ScalarAsync(Row));
    }

    [Fact]
    public void Projections_that_cannot_work_are_refused_when_the_store_is_built()
    {
        static string Refused(Action<StoreOptions> configure) => Assert.Throws<InvalidProjectionException>(() => DocumentStore.For(o =>
        {
            o.Connection("Host=nowhere.invalid");
            configure(o);
        })).Message;

        Assert.Contains("does not say which documents", Refused(o => o.Projections.Add<Aimless>(ProjectionLifecycle.Async)), StringComparison.Ordinal);
        Assert.Contains("cannot run live", Refused(o => o.Projections.Add<SalesProjection>(ProjectionLifecycle.Live)), StringComparison.Ordinal);
        Assert.Contains("has no public Project", Refused(o => o.Projections.Add<Empty>(ProjectionLifecycle.Async)), StringComparison.Ordinal);
        Assert.Contains("must be a Guid", Refused(o => o.Projections.Add<Mistyped>(ProjectionLifecycle.Async)), StringComparison.Ordinal);
        Assert.Contains("primary key", Refused(o => o.Projections.Add(new global::Marten.Events.Projections.Flattened.FlatTableProjection(new Weasel.Core.DbObjectName("a", "b")), ProjectionLifecycle.Async)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StoreOptions().Projections.Add(new PageCounter(), ProjectionLifecycle.Live));
    }

    private static async Task CatchUpAsync(TestStore test)
    {
        using var daemon = await test.Store.BuildProjectionDaemonAsync();
        await daemon.CatchUpAsync(DaemonStore.Patience, default);
    }

    private static async Task<T?> LatestAsync<T>(TestStore test, Guid id) where T : class
    {
        await using var session = test.Session();
        return await session.Events.FetchLatest<T>(id);
    }

    private sealed class Aimless : global::Marten.Events.Projections.MultiStreamProjection<Sales, string>
    {
        public static void Apply(Item item, Sales sales) => sales.Sold += item.Quantity;
    }

    private sealed class Mistyped : global::Marten.Events.Projections.MultiStreamProjection<Sales, Guid>
    {
        public Mistyped() => Identity<Item>(_ => Guid.Empty);

        public static void Apply(Item item, Sales sales) => sales.Sold += item.Quantity;
    }

    private sealed class Empty : global::Marten.Events.Projections.EventProjection;
}
