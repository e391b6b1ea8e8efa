using System.Transactions;
using Marten;
using Marten.Services;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class AmbientTransactionTests
{
    [Fact]
    public async Task Changes_are_kept_when_the_scope_is_completed_and_lost_otherwise()
    {
        await using var test = await TestStore.CreateAsync();
        var (kept, lost) = (new User(), new User());
        await SaveInScopeAsync(test, kept, true);
        await SaveInScopeAsync(test, lost, false);
        Assert.NotNull(await test.LoadAsync<User>(kept.Id));
        Assert.Null(await test.LoadAsync<User>(lost.Id));
    }

    [Fact]
    public async Task A_session_reads_its_own_changes_before_the_scope_ends_and_others_do_not()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User { Name = "Ann" };
        using (var scope = NewScope())
        {
            await using var session = test.Store.OpenSession(new SessionOptions().EnlistInAmbientTransactionScope());
            session.Store(user);
            await session.SaveChangesAsync();
            Assert.NotNull(await session.LoadAsync<User>(user.Id));
            using (new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled))
                Assert.Null(await test.LoadAsync<User>(user.Id));
            user.Name = "Bob";
            session.Store(user);
            await session.SaveChangesAsync();
            scope.Complete();
        }

        Assert.Equal("Bob", (await test.LoadAsync<User>(user.Id))!.Name);
    }

    [Fact]
    public async Task Numbers_and_tables_are_made_outside_of_the_scope()
    {
        await using var test = await TestStore.CreateAsync();
        using (NewScope())
        {
            await using var session = test.Store.OpenSession(SessionOptions.ForCurrentTransaction());
            session.Store(new Ticket());
            await session.SaveChangesAsync();
        }

        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_ticket"));
        await test.SaveAsync(s => s.Store(new Ticket()));
    }

    [Fact]
    public async Task Bulk_insertion_takes_part_in_a_transaction()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User()));
        foreach (var complete in new[] { false, true })
        {
            using var transaction = new CommittableTransaction();
            await test.Store.BulkInsertEnlistTransactionAsync([new User(), new User()], transaction, BulkInsertMode.OverwriteExisting);
            if (complete)
                transaction.Commit();
            else
                transaction.Rollback();
            Assert.Equal(complete ? 3L : 1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        }
    }

    [Fact]
    public void Without_an_ambient_transaction_there_is_nothing_to_take_part_in()
    {
        Assert.Throws<InvalidOperationException>(() => SessionOptions.ForCurrentTransaction());
        Assert.Throws<InvalidOperationException>(() => new SessionOptions().EnlistInAmbientTransactionScope());
    }

    [Fact]
    public async Task A_session_on_a_connection_string_uses_that_database()
    {
        await using var test = await TestStore.CreateAsync();
        await using var other = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User { Name = "Ann" }));
        await using var session = test.Store.OpenSession(SessionOptions.ForConnectionString(await TestStore.ConnectionStringAsync() + ";Application Name=own"));
        Assert.Equal("own", (await session.AdvancedSql.QueryAsync<string>("select current_setting('application_name')", default)).Single());
        session.Store(new User { Name = "Bob" });
        await session.SaveChangesAsync();
        Assert.Equal(2, await session.Query<User>().CountAsync());
        Assert.Throws<ArgumentException>(() => SessionOptions.ForConnectionString(" "));
    }

    [Fact]
    public async Task A_transaction_begun_without_asynchrony_ends_with_the_save()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User()));
        await using (var session = test.Session())
        {
            session.BeginTransaction();
            session.Store(new User());
            await using (var other = test.Session())
                Assert.Equal(1, await other.Query<User>().CountAsync());
            await session.SaveChangesAsync();
        }

        await using (var abandoned = test.Session())
        {
            abandoned.BeginTransaction();
            await abandoned.AdvancedSql.QueryAsync<int>($"delete from {test.Schema}.mt_doc_user returning 1", default);
        }

        Assert.Equal(2L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    private static TransactionScope NewScope() => new(TransactionScopeOption.Required, new TransactionOptions { IsolationLevel = IsolationLevel.ReadCommitted }, TransactionScopeAsyncFlowOption.Enabled);

    private static async Task SaveInScopeAsync(TestStore test, User user, bool complete)
    {
        using var scope = NewScope();
        await using var session = test.Store.OpenSession(SessionOptions.ForCurrentTransaction());
        session.Store(user);
        await session.SaveChangesAsync();
        if (complete)
            scope.Complete();
    }
}
