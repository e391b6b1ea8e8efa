using JasperFx;
using Marten.Exceptions;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class UnitOfWorkTests
{
    [Fact]
    public async Task A_fault_in_the_third_of_five_statements_leaves_nothing()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "taken" }));
        await using var session = test.Session();
        session.Store(new User(), new User());
        session.Insert(new Label { Id = "taken" });
        session.Store(new User(), new User());

        var failure = await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync());
        Assert.Equal("taken", failure.Id);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        Assert.True(session.PendingChanges.HasOutstandingWork());
    }

    [Fact]
    public async Task The_failing_statement_is_told_apart_from_its_neighbours()
    {
        await using var test = await TestStore.CreateAsync();
        var missing = Guid.NewGuid();
        await using var session = test.Session();
        session.Store(new User());
        session.Delete<User>(Guid.NewGuid());
        session.Update(new User { Id = missing });
        session.Insert(new Label { Id = "new" });
        Assert.Equal(missing, (await Assert.ThrowsAsync<NonExistentDocumentException>(() => session.SaveChangesAsync())).Id);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_label"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_constraint_that_is_checked_at_commit_rolls_everything_back(bool begun)
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "known" }));
        await test.ExecuteAsync(
            "create table {0}.reference (label varchar references {0}.mt_doc_label (id) deferrable initially deferred)");
        await using var session = test.Session();
        if (begun)
            await session.BeginTransactionAsync(default);
        session.QueueSqlCommand($"insert into {test.Schema}.reference values (?)", "unknown");
        session.Store(new User());

        var failure = await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, Assert.IsType<PostgresException>(failure.InnerException).SqlState);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));

        // The connection that saw the late failure is usable again.
        await test.SaveAsync(s => s.Store(new User()));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task A_unit_of_work_is_one_round_trip()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User()));
        await using var session = test.Session();
        session.Store(new User(), new User());
        session.Store(new Account { Id = Guid.NewGuid() });
        session.QueueSqlCommand("select 1");
        await session.SaveChangesAsync();
        Assert.Equal(1, session.RequestCount);
    }

    [Fact]
    public async Task A_unit_of_work_of_many_pages_is_atomic()
    {
        await using var test = await TestStore.CreateAsync(o => o.UpdateBatchSize = 10);
        await test.SaveAsync(s => s.Store(new Label { Id = "taken" }));
        await using var session = test.Session();
        session.Store(Enumerable.Range(0, 35).Select(_ => new User()));
        session.Insert(new Label { Id = "taken" });
        await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync());
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));

        session.EjectAllPendingChanges();
        session.Store(Enumerable.Range(0, 35).Select(_ => new User()));
        await session.SaveChangesAsync();
        Assert.Equal(35L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Operations_run_in_the_order_in_which_they_were_queued()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Session();
        session.Insert(new Label { Id = "a", Text = "first" });
        session.Delete<Label>("a");
        session.Insert(new Label { Id = "a", Text = "second" });
        await session.SaveChangesAsync();
        Assert.Equal("second", (await test.LoadAsync<Label>("a"))!.Text);
    }

    [Fact]
    public async Task A_document_that_is_stored_twice_is_written_once()
    {
        await using var test = await TestStore.CreateAsync();
        var account = new Account { Balance = 1 };
        await using var session = test.Session();
        session.Insert(account);
        session.Store(account);
        account.Balance = 2;
        session.Store(account);
        Assert.Single(session.PendingChanges.Inserts());
        await session.SaveChangesAsync();
        account.Balance = 3;
        session.Store(account);
        session.Store(account);
        await session.SaveChangesAsync();
        Assert.Equal(3, (await test.LoadAsync<Account>(account.Id))!.Balance);

        session.Delete(account);
        session.Insert(account);
        await session.SaveChangesAsync();
        session.Store(account);
        session.Delete(account);
        await session.SaveChangesAsync();
        Assert.Null(await test.LoadAsync<Account>(account.Id));
    }

    [Fact]
    public async Task Sql_of_the_caller_joins_the_transaction_with_both_placeholders()
    {
        await using var test = await TestStore.CreateAsync();
        await test.ExecuteAsync("create schema if not exists {0}; create table {0}.audit (who text, what text)");
        await using var session = test.Session();
        session.QueueSqlCommand($"insert into {test.Schema}.audit select ?, 'why ?; literal' where ? > now()", "me", new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.FromHours(5)));
        session.QueueSqlCommand('^', $"insert into {test.Schema}.audit select ^, 'a' where '{{\"x\":1}}'::jsonb ? 'x'", "you");
        await session.SaveChangesAsync();
        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.audit where who in ('me', 'you')"));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.audit where what = 'why ?; literal'"));
    }

    [Fact]
    public async Task A_placeholder_without_a_value_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Session();
        session.QueueSqlCommand("select ?, ?", 1);
        await Assert.ThrowsAsync<ArgumentException>(() => session.SaveChangesAsync());
    }

    [Fact]
    public async Task Ejected_changes_are_not_saved()
    {
        await using var test = await TestStore.CreateAsync();
        var kept = new User();
        var ejected = new User();
        await using var session = test.Session();
        session.Store(kept, ejected);
        session.Store(new Label { Id = "x" });
        session.Eject(ejected);
        session.EjectAllOfType(typeof(Label));
        Assert.Equal([kept], session.PendingChanges.UpdatesFor<User>());
        await session.SaveChangesAsync();
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task A_disposed_session_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        var session = test.Session();
        await session.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => session.LoadAsync<User>(Guid.NewGuid()));
    }
}
