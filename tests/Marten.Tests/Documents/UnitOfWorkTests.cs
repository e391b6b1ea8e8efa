using JasperFx;
using Marten.Exceptions;
using Marten.Services;
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

    [Fact]
    public async Task A_constraint_that_is_checked_at_commit_rolls_everything_back()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "known" }));
        await test.ExecuteAsync(
            "create table {0}.reference (label varchar references {0}.mt_doc_label (id) deferrable initially deferred)");
        await using var session = test.Session();
        session.QueueSqlCommand($"insert into {test.Schema}.reference values (?)", "unknown");
        session.Store(new User());

        var failure = await Assert.ThrowsAsync<MartenCommandException>(() => session.SaveChangesAsync());
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, Assert.IsType<PostgresException>(failure.InnerException).SqlState);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));

        // The connection that saw the late failure is usable again.
        await test.SaveAsync(s => s.Store(new User()));
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
    public async Task Sql_of_the_caller_joins_the_transaction_with_both_placeholders()
    {
        await using var test = await TestStore.CreateAsync();
        await test.ExecuteAsync("create schema if not exists {0}; create table {0}.audit (who text, what text)");
        await using var session = test.Session();
        session.QueueSqlCommand($"insert into {test.Schema}.audit values (?, 'why ?; literal')", "me");
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
    public async Task A_session_in_a_transaction_of_the_caller_does_not_commit()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User()));
        await using (var connection = await test.DataSource.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // Several sessions share the transaction; each sends a batch.
            for (var i = 0; i < 3; i++)
            {
                await using var session = test.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
                session.Store(new User());
                await session.SaveChangesAsync();
                Assert.Equal(i + 2, (await session.QueryAsync<long>($"select count(*) from {test.Schema}.mt_doc_user"))[0]);
            }

            Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
            await transaction.RollbackAsync();
        }

        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task A_session_may_commit_the_transaction_of_the_caller()
    {
        await using var test = await TestStore.CreateAsync();
        await using var connection = await test.DataSource.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using (var session = test.Store.LightweightSession(SessionOptions.ForTransaction(transaction, shouldAutoCommit: true)))
        {
            session.Store(new User());
            await session.SaveChangesAsync();
        }

        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task A_session_on_a_connection_of_the_caller_leaves_it_open()
    {
        await using var test = await TestStore.CreateAsync();
        await using var connection = await test.DataSource.OpenConnectionAsync();
        await using (var session = test.Store.LightweightSession(SessionOptions.ForConnection(connection)))
        {
            session.Store(new User());
            await session.SaveChangesAsync();
        }

        Assert.Equal(System.Data.ConnectionState.Open, connection.State);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task After_begin_transaction_reads_see_one_state_and_locks_hold_until_saving()
    {
        await using var test = await TestStore.CreateAsync();
        var label = new Label { Id = "a", Text = "before" };
        await test.SaveAsync(s => s.Store(label));
        await using var session = test.Session();
        await session.BeginTransactionAsync(default);
        await session.QueryAsync<Label>("where d.id = ? for update", "a");
        await using (var other = await test.DataSource.OpenConnectionAsync())
        await using (var locked = new NpgsqlCommand($"select 1 from {test.Schema}.mt_doc_label for update nowait", other))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => locked.ExecuteScalarAsync());
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        }

        label.Text = "after";
        session.Store(label);
        await session.SaveChangesAsync();
        Assert.Equal("after", (await test.LoadAsync<Label>("a"))!.Text);
    }

    [Fact]
    public async Task Serializable_sessions_that_contradict_each_other_fail_as_concurrent_updates()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "a", Text = "0" }));
        await using var one = await test.Store.LightweightSerializableSessionAsync();
        await using var two = await test.Store.LightweightSerializableSessionAsync();
        var first = await one.LoadAsync<Label>("a");
        var second = await two.LoadAsync<Label>("a");
        first!.Text += "1";
        second!.Text += "2";
        one.Store(first);
        two.Store(second);
        await one.SaveChangesAsync();
        await Assert.ThrowsAsync<ConcurrentUpdateException>(() => two.SaveChangesAsync());
        Assert.Equal("01", (await test.LoadAsync<Label>("a"))!.Text);
    }

    [Fact]
    public async Task A_cancelled_save_changes_nothing()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "locked" }));
        await using var connection = await test.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select 1 from {test.Schema}.mt_doc_label for update", connection, transaction))
            await hold.ExecuteScalarAsync();

        await using var session = test.Session();
        session.Store(new User());
        session.Store(new Label { Id = "locked", Text = "changed" });
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.SaveChangesAsync(cancellation.Token));
        await transaction.RollbackAsync();
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        Assert.Null((await test.LoadAsync<Label>("locked"))!.Text);
    }

    [Fact]
    public async Task A_connection_that_breaks_while_committing_is_not_replayed()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "locked" }));
        await using var connection = await test.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select 1 from {test.Schema}.mt_doc_label for update", connection, transaction))
            await hold.ExecuteScalarAsync();

        await using var session = test.Session();
        session.QueueSqlCommand($"select 1 /* {test.Schema} */");
        session.Store(new Label { Id = "locked", Text = "changed" });
        var saving = session.SaveChangesAsync();
        var find = $"select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and query like '%{test.Schema}.mt_doc_label%' and pid <> pg_backend_pid()";
        await Poll.UntilAsync(async () => await test.ScalarAsync(find) is true);
        await Assert.ThrowsAsync<MartenCommandException>(() => saving);
        await transaction.RollbackAsync();
        Assert.Equal(1, session.RequestCount);
        Assert.Null((await test.LoadAsync<Label>("locked"))!.Text);
    }

    [Fact]
    public async Task A_command_that_waits_too_long_says_so()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Store.LightweightSession(new SessionOptions { Timeout = 1 });
        var failure = await Assert.ThrowsAsync<MartenCommandException>(() => session.QueryAsync<int>("select 1 from pg_sleep(30)"));
        Assert.Contains(MartenCommandException.MaybeLockedRowsMessage, failure.Message, StringComparison.Ordinal);
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
