using Marten.Exceptions;
using Marten.Services;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class TransactionTests
{
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
        await test.Store.Storage.Database.EnsureStorageExistsAsync(typeof(User));
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
}
