using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using ModularMonolith.Marten.Tests.Documents;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class SessionTests
{
    [Fact]
    public async Task Several_streams_are_written_in_one_unit_of_work()
    {
        await using var test = await CreateAsync();
        var ids = new[] { await StartAsync(test), await StartAsync(test) };
        await using (var session = test.Session())
        {
            var from = await session.Events.FetchForWriting<Account>(ids[0]);
            var to = await session.Events.FetchForWriting<Account>(ids[1]);
            from.AppendOne(new MoneyWithdrawn(30));
            to.AppendOne(new MoneyDeposited(30));
            Assert.Same(from, await session.Events.FetchForWriting<Account>(ids[0]));
            session.Events.Append(ids[0], new MoneyWithdrawn(1));
            Assert.Equal(2, from.Events.Count);
            await session.SaveChangesAsync();
        }

        Assert.Equal((69, 4L), ((await test.LoadAsync<Account>(ids[0]))!.Balance, (await test.LoadAsync<Account>(ids[0]))!.Version));
        Assert.Equal(130, (await test.LoadAsync<Account>(ids[1]))!.Balance);
    }

    [Fact]
    public async Task A_save_is_one_round_trip_for_events_snapshots_and_documents()
    {
        await using var test = await CreateAsync();
        await StartAsync(test);
        await test.SaveAsync(s => s.Store(new User()));
        await using var session = test.Session();
        session.Events.StartStream<Account>(Guid.CreateVersion7(), new AccountOpened("Ada", 5));
        (await session.Events.FetchForWriting<Account>(Guid.CreateVersion7())).AppendOne(new AccountOpened("Grace", 5));
        session.Store(new User());
        var before = session.RequestCount;
        await session.SaveChangesAsync();
        Assert.Equal(1, session.RequestCount - before);
    }

    [Fact]
    public async Task A_failed_save_that_is_repeated_applies_its_events_once()
    {
        foreach (var tracking in new[] { DocumentTracking.None, DocumentTracking.IdentityOnly })
        {
            await using var test = await CreateAsync();
            var id = await StartAsync(test);
            var blocker = new User();
            await test.SaveAsync(s => s.Store(blocker));
            await using var session = test.Store.OpenSession(new SessionOptions { Tracking = tracking });
            (await session.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
            session.Insert(new User { Id = blocker.Id });
            await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync());
            await test.SaveAsync(s => s.Delete(blocker));
            await session.SaveChangesAsync();
            Assert.Equal((101, 3L), ((await test.LoadAsync<Account>(id))!.Balance, (await test.LoadAsync<Account>(id))!.Version));
        }
    }

    [Fact]
    public async Task A_session_that_remembers_documents_still_decides_on_the_present_snapshot()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        await using var session = test.Store.IdentitySession();
        Assert.Equal(100, (await session.LoadAsync<Account>(id))!.Balance);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(5)));

        session.Events.Append(id, new MoneyDeposited(1));
        await session.SaveChangesAsync();
        Assert.Equal(106, (await test.LoadAsync<Account>(id))!.Balance);
        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(10)));
        Assert.Equal(116, (await session.Events.FetchForWriting<Account>(id)).Aggregate!.Balance);
    }

    [Fact]
    public async Task Changes_of_the_fetched_aggregate_are_kept_only_where_it_is_the_one_that_is_saved()
    {
        foreach (var same in new[] { true, false })
        {
            await using var test = await TestStore.CreateAsync(o =>
            {
                o.Events.UseIdentityMapForAggregates = same;
                o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
            });
            var id = await StartAsync(test);
            await using var session = test.Session();
            var stream = await session.Events.FetchForWriting<Account>(id);
            stream.Aggregate!.Owner = "changed by hand";
            stream.AppendOne(new MoneyDeposited(1));
            await session.SaveChangesAsync();
            Assert.Equal((same ? "changed by hand" : "Ada", 101), ((await test.LoadAsync<Account>(id))!.Owner, (await test.LoadAsync<Account>(id))!.Balance));
        }
    }

    [Fact]
    public async Task The_expected_version_of_a_fetch_is_the_present_one()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        await using var session = test.Session();
        var exception = await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.Events.FetchForWriting<Account>(id, 1));
        Assert.Equal($"Unexpected starting version number for event stream '{id}', expected 1 but was 2", exception.Message);
        Assert.Equal(2, (await session.Events.FetchForWriting<Account>(id, 2)).StartingVersion);
        Assert.Null((await session.Events.FetchForWriting<Account>(Guid.NewGuid(), 0)).Aggregate);
    }

    [Fact]
    public async Task An_unchanged_stream_is_checked_on_demand()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        foreach (var enforce in new[] { false, true })
        {
            await using var session = test.Session();
            var stream = await session.Events.FetchForWriting<Account>(id);
            if (enforce)
                stream.AlwaysEnforceConsistency = true;
            await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(1)));
            session.Store(new User());
            if (enforce)
                await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.SaveChangesAsync());
            else
                await session.SaveChangesAsync();
        }

        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Writing_to_an_aggregate_fetches_and_saves()
    {
        await using var test = await TestStore.CreateAsync();
        var id = await StartAsync(test);
        await using var session = test.Session();
        await session.Events.WriteToAggregate<Account>(id, stream => stream.AppendOne(new MoneyWithdrawn(stream.Aggregate!.Balance)));
        await session.Events.WriteExclusivelyToAggregate<Account>(id, async stream =>
        {
            await Task.Yield();
            stream.AppendOne(new MoneyDeposited(7));
        });
        await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => session.Events.WriteToAggregate<Account>(id, 2, stream => stream.AppendOne(new MoneyDeposited(1))));
        Assert.Equal((7, 4L), ((await session.Events.FetchLatest<Account>(id))!.Balance, (await session.Events.FetchLatest<Account>(id))!.Version));
        Assert.Equal(false, await test.ScalarAsync("select exists(select 1 from pg_tables where schemaname = '{0}' and tablename = 'mt_doc_account')"));
    }

    [Fact]
    public async Task The_latest_projection_includes_the_pending_events()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        await using var session = test.Session();
        session.Events.Append(id, new MoneyDeposited(1));
        Assert.Equal((101, 3L), ((await session.Events.ProjectLatest<Account>(id))!.Balance, (await session.Events.ProjectLatest<Account>(id))!.Version));
        Assert.Equal(100, (await session.Events.FetchLatest<Account>(id))!.Balance);
        await session.SaveChangesAsync();
        Assert.Equal(101, (await session.Events.ProjectLatest<Account>(id))!.Balance);
    }

    [Fact]
    public async Task A_stream_of_a_former_unit_of_work_must_be_fetched_again()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        await using var session = test.Session();
        var stream = await session.Events.FetchForWriting<Account>(id);
        stream.AppendOne(new MoneyDeposited(1));
        await session.SaveChangesAsync();
        Assert.Throws<InvalidOperationException>(() => stream.AppendOne(new MoneyDeposited(2)));
        (await session.Events.FetchForWriting<Account>(id)).AppendOne(new MoneyDeposited(2));
        await session.SaveChangesAsync();
        Assert.Equal(103, (await test.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task Sessions_in_a_transaction_of_the_caller_are_committed_by_the_caller()
    {
        await using var test = await CreateAsync();
        var id = await StartAsync(test);
        foreach (var commit in new[] { false, true })
        {
            await using var connection = await test.DataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var one = test.Store.LightweightSession(SessionOptions.ForTransaction(transaction)))
            {
                (await one.Events.FetchForExclusiveWriting<Account>(id)).AppendOne(new MoneyDeposited(1));
                await one.SaveChangesAsync();
            }

            await using (var other = test.Store.LightweightSession(SessionOptions.ForTransaction(transaction)))
            {
                Assert.Equal(101, (await other.LoadAsync<Account>(id))!.Balance);
                other.Events.Append(id, new MoneyDeposited(2));
                await other.SaveChangesAsync();
            }

            if (commit)
                await transaction.CommitAsync();
            else
                await transaction.RollbackAsync();
            Assert.Equal(commit ? 103 : 100, (await test.LoadAsync<Account>(id))!.Balance);
        }
    }

    [Fact]
    public async Task A_lock_after_a_plain_fetch_decides_on_the_state_under_the_lock()
    {
        await using var test = await CreateAsync();
        var id = Guid.CreateVersion7();
        await using var session = test.Session();
        Assert.Null((await session.Events.FetchForWriting<Account>(id)).Aggregate);
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 5), new MoneyDeposited(100)));

        var locked = await session.Events.FetchForExclusiveWriting<Account>(id);
        Assert.Equal((100, 2L), (locked.Aggregate!.Balance, locked.StartingVersion));
        locked.AppendOne(new MoneyDeposited(1));
        await session.SaveChangesAsync();
        Assert.Equal(101, (await test.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task Two_aggregates_of_one_stream_are_kept_side_by_side()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
            o.Projections.Add<JournalProjection>(ProjectionLifecycle.Inline);
        });
        var id = await StartAsync(test);
        await using var session = test.Session();
        var account = await session.Events.FetchForWriting<Account>(id);
        var journal = await session.Events.FetchForWriting<Journal>(id);
        account.AppendOne(new MoneyDeposited(1));
        journal.AppendOne(new Note("n"));
        await session.SaveChangesAsync();
        Assert.Equal((101, 4L), ((await test.LoadAsync<Account>(id))!.Balance, (await test.LoadAsync<Account>(id))!.Version));
        Assert.Equal(["constructed for Ada", "deposited 100", "deposited 1", "note n"], (await test.LoadAsync<Journal>(id))!.Lines);
    }

    [Fact]
    public async Task A_soft_deleted_snapshot_begins_anew()
    {
        await using var test = await TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline).SoftDeleted());
        var id = await StartAsync(test);
        await test.SaveAsync(s => s.Events.Append(id, new AccountClosed("x")));
        Assert.Null(await test.LoadAsync<Account>(id));
        await test.SaveAsync(s => s.Events.Append(id, new AccountOpened("Grace", 1), new MoneyDeposited(3)));
        Assert.Equal(("Grace", 3, 5L), ((await test.LoadAsync<Account>(id))!.Owner, (await test.LoadAsync<Account>(id))!.Balance, (await test.LoadAsync<Account>(id))!.Version));
    }

    [Fact]
    public async Task Keys_of_any_text_are_streams_of_their_own()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Projections.Snapshot<Ledger>(SnapshotLifecycle.Inline);
        });
        string[] keys = ["'; drop table x; --", "a/b", "a b", "A/B", "äöü 漢字", new string('k', 400), "$1", "@key", "%", "\\"];
        await test.SaveAsync(s =>
        {
            foreach (var key in keys)
                s.Events.StartStream<Ledger>(key, new AccountOpened("Ada", 1), new MoneyDeposited(key.Length));
        });
        await using var session = test.Session();
        foreach (var key in keys)
            Assert.Equal((key, key.Length), ((await session.Events.FetchForWriting<Ledger>(key)).Aggregate!.Id, (await session.Events.FetchLatest<Ledger>(key))!.Total));
        await Assert.ThrowsAsync<ArgumentException>(() => session.Events.FetchForWriting<Ledger>(""));
    }

    private static Task<TestStore> CreateAsync() => TestStore.CreateAsync(o => o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline));

    private static async Task<Guid> StartAsync(TestStore test)
    {
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 5), new MoneyDeposited(100)));
        return id;
    }
}
