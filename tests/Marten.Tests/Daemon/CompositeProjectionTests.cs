using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using ModularMonolith.Marten.Tests.Events;
using ModularMonolith.Marten.Tests.Projections;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>Projections that run together, in stages, over each page of events.</summary>
public sealed class CompositeProjectionTests
{
    [Fact]
    public async Task A_later_stage_sees_what_an_earlier_one_did_with_the_same_events()
    {
        await using var test = await CreateAsync();
        using var daemon = await test.StartDaemonAsync();
        var ids = new List<Guid>();
        for (var i = 1; i <= 3; i++)
            ids.Add(await test.OpenAccountAsync("Ada", i, 10));
        await test.OpenAccountAsync("Bob", 7);
        await AssertFortuneAsync(test, "Ada", 36, 3);
        await test.SaveAsync(s => s.Events.Append(ids[0], new AccountClosed("moved")));
        await AssertFortuneAsync(test, "Ada", 25, 2);
        Assert.Equal(7L, await test.ScalarAsync("select count(*) from {0}.mt_doc_receipt"));

        await test.ExecuteAsync("update {0}.mt_doc_fortune set data = jsonb_set(data, '{{Balances}}', '{{}}')");
        await daemon.RebuildProjectionAsync<Fortune>(default);
        await AssertFortuneAsync(test, "Ada", 25, 2);
        await AssertFortuneAsync(test, "Bob", 7, 1);
    }

    [Fact]
    public async Task All_parts_stand_where_the_whole_does()
    {
        await using var test = await CreateAsync();
        using var daemon = await test.StartDaemonAsync();
        await test.OpenAccountAsync("Ada", 1);
        await test.SaveAsync(s => s.Events.Append(Guid.CreateVersion7(), new SomethingElse("nobody cares")));
        await test.CaughtUpAsync();
        Assert.Equal("3,3,3,3", await test.ScalarAsync("select string_agg(last_seq_id::text, ',') from {0}.mt_event_progression where name in ('Bank:All', 'Account:All', 'Fortune:All', 'ModularMonolith.Marten.Tests.Daemon.ReceiptProjection:All')"));
        Assert.Equal(["Bank:All"], test.Store.Advanced.AllAsyncProjectionShardNames().Select(n => n.Identity));
        await using var query = test.Query();
        Assert.Equal(1, await query.QueryForNonStaleData<Fortune>(DaemonStore.Patience).CountAsync());
    }

    [Fact]
    public async Task A_page_that_fails_leaves_nothing_of_any_part()
    {
        await using var test = await CreateAsync(o => o.Projections.Errors.SkipApplyErrors = false);
        using var daemon = await test.StartDaemonAsync();
        var id = await test.OpenAccountAsync("poison", 1);
        await Poll.UntilAsync(() => Task.FromResult(daemon.HasAnyPaused()));
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account"));
        Assert.Null(await test.LoadAsync<Fortune>("poison"));
        await using var session = test.Session();
        Assert.Equal(1, (await session.Events.FetchLatest<Account>(id))!.Balance);
    }

    [Fact]
    public async Task An_event_at_which_one_part_fails_is_left_out_for_all_and_kept_as_a_dead_letter()
    {
        await using var test = await CreateAsync();
        using var daemon = await test.StartDaemonAsync();
        await test.OpenAccountAsync("poison");
        await test.OpenAccountAsync("Ada", 2);
        await AssertFortuneAsync(test, "Ada", 2, 1);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_account"));
        Assert.Equal("Bank 1", await test.ScalarAsync("select string_agg((data ->> 'ProjectionName') || ' ' || (data ->> 'EventSequence'), ',') from {0}.mt_doc_deadletterevent"));
    }

    [Fact]
    public async Task Side_effects_follow_when_all_stages_are_done()
    {
        await using var test = await CreateAsync();
        using var daemon = await test.StartDaemonAsync();
        await test.OpenAccountAsync("Ada", 5);
        await test.CaughtUpAsync();
        Assert.Equal("fortune of 5", (await test.LoadAsync<Remark>("Ada"))!.Name);
    }

    [Fact]
    public async Task The_version_of_the_whole_is_that_of_its_parts()
    {
        await using var test = await CreateAsync(version: 3);
        using var daemon = await test.StartDaemonAsync();
        await test.OpenAccountAsync("Ada", 5);
        await AssertFortuneAsync(test, "Ada", 5, 1);
        Assert.Equal("Bank:V3:All,Fortune:V3:All", await test.ScalarAsync("select string_agg(name, ',' order by name) from {0}.mt_event_progression where name like 'Bank%' or name like 'Fortune%'"));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_fortune_3"));
    }

    [Fact]
    public async Task What_cannot_run_together_is_refused()
    {
        await Assert.ThrowsAsync<InvalidProjectionException>(() => DaemonStore.CreateAsync(o => o.Projections.CompositeProjectionFor("Nothing")));
        await Assert.ThrowsAsync<InvalidProjectionException>(() => DaemonStore.CreateAsync(o =>
        {
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
            o.Projections.CompositeProjectionFor("Twice", c => c.Snapshot<Account>());
        }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => DaemonStore.CreateAsync(o => o.Projections.CompositeProjectionFor("Early", c => c.Snapshot<Account>(0))));
    }

    private static Task<TestStore> CreateAsync(Action<StoreOptions>? configure = null, uint version = 1) => DaemonStore.CreateAsync(o =>
    {
        o.Projections.CompositeProjectionFor("Bank", c =>
        {
            c.Version = version;
            c.Options.BatchSize = 3;
            c.Add(new FortuneProjection(), 2);
            c.Snapshot<Account>();
            c.Add<ReceiptProjection>();
        });
        o.Schema.For<Remark>();
        o.Schema.For<Fortune>().DocumentAlias("fortune");
        configure?.Invoke(o);
    });

    private static async Task AssertFortuneAsync(TestStore test, string owner, int total, int accounts)
    {
        await test.CaughtUpAsync();
        var fortune = await test.LoadAsync<Fortune>(owner);
        Assert.Equal((total, accounts), (fortune!.Balances.Values.Sum(), fortune.Balances.Count));
    }

    /// <summary>What all accounts of one owner hold together.</summary>
    internal sealed class Fortune
    {
        public string Id { get; set; } = "";

        public Dictionary<Guid, int> Balances { get; set; } = [];
    }

    internal sealed class FortuneProjection : MultiStreamProjection<Fortune, string>
    {
        public FortuneProjection()
        {
            Identity<Updated<Account>>(u => u.Entity.Owner);
            CustomGrouping(async (session, events, grouping) =>
            {
                foreach (var deleted in events.Where(e => e.Data is ProjectionDeleted<Account>))
                {
                    var id = ((DeletedIdentity<Guid>)deleted.Data).Identity;
                    var owners = await session.Query<Fortune>().ToListAsync();
                    grouping.AddEvents(owners.Single(f => f.Balances.ContainsKey(id)).Id, [deleted]);
                }
            });
        }

        public override async ValueTask<Fortune?> EvolveAsync(Fortune? snapshot, string id, IQuerySession session, IEvent e, CancellationToken cancellation)
        {
            snapshot ??= new Fortune { Id = id };
            if (e.Data is Updated<Account> updated)
            {
                if (updated.Entity.Owner == "poison")
                    throw new InvalidOperationException("This owner is poisoned.");
                Assert.Equal(ActionType.Store, updated.Action);

                // The page is not saved yet, and the first stage's document can be loaded all the same.
                Assert.Same(updated.Entity, await session.LoadAsync<Account>(updated.Entity.Id, cancellation));
                snapshot.Balances[updated.Entity.Id] = updated.Entity.Balance;
            }
            else if (e.Data is ProjectionDeleted<Account, Guid> deleted)
            {
                snapshot.Balances.Remove(deleted.Identity);
            }

            return snapshot;
        }

        public override ValueTask RaiseSideEffects(IDocumentOperations operations, IEventSlice<Fortune> slice)
        {
            operations.Store(new Remark { Id = slice.Snapshot!.Id, Name = $"fortune of {slice.Snapshot.Balances.Values.Sum()}" });
            return ValueTask.CompletedTask;
        }
    }
}
