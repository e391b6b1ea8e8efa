using JasperFx;
using Marten.Services;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task A_versioned_document_carries_its_version_after_each_save()
    {
        await using var test = await TestStore.CreateAsync();
        var account = new Account { Balance = 1 };
        await test.SaveAsync(s => s.Store(account));
        var first = account.Version;
        Assert.NotEqual(Guid.Empty, first);
        Assert.Equal(first, (await test.LoadAsync<Account>(account.Id))!.Version);

        account.Balance = 2;
        await test.SaveAsync(s => s.Store(account));
        Assert.NotEqual(first, account.Version);
        Assert.Equal(account.Version, (await test.LoadAsync<Account>(account.Id))!.Version);
    }

    [Fact]
    public async Task Two_writers_of_one_version_cannot_both_win()
    {
        await using var test = await TestStore.CreateAsync();
        var account = new Account();
        await test.SaveAsync(s => s.Store(account));
        var one = await test.LoadAsync<Account>(account.Id);
        var two = await test.LoadAsync<Account>(account.Id);
        one!.Balance = 1;
        two!.Balance = 2;
        await test.SaveAsync(s => s.Store(one));
        var failure = await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s =>
        {
            s.Store(two);
            s.Store(new User());
        }));
        Assert.Equal(account.Id, failure.Id);
        Assert.Equal($"Optimistic concurrency check failed for {typeof(Account).FullName} #{account.Id}", failure.Message);
        Assert.Equal(1, (await test.LoadAsync<Account>(account.Id))!.Balance);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Of_many_racing_writers_each_increment_survives()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.NewGuid();
        await test.SaveAsync(s => s.Store(new Account { Id = id }));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = false; !done;)
            {
                await using var session = test.Session();
                var account = await session.LoadAsync<Account>(id);
                account!.Balance++;
                session.Store(account);
                try
                {
                    await session.SaveChangesAsync();
                    done = true;
                }
                catch (ConcurrencyException)
                {
                    // Somebody else was faster: read again.
                }
            }
        })));
        Assert.Equal(8, (await test.LoadAsync<Account>(id))!.Balance);
    }

    [Fact]
    public async Task A_document_guarded_by_configuration_remembers_its_version_in_the_session()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().UseOptimisticConcurrency(true));
        var user = new User { Name = "a" };
        await test.SaveAsync(s => s.Store(user));
        await using var one = test.Session();
        await using var two = test.Session();
        var first = await one.LoadAsync<User>(user.Id);
        var second = await two.LoadAsync<User>(user.Id);
        Assert.NotNull(one.VersionFor(first!));
        first!.Name = "b";
        second!.Name = "c";
        one.Store(first);
        await one.SaveChangesAsync();
        first.Name = "d";
        one.Store(first);
        await one.SaveChangesAsync();
        two.Store(second);
        await Assert.ThrowsAsync<ConcurrencyException>(() => two.SaveChangesAsync());

        // Without a version the document counts as new, and a new one must not replace a stored one.
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.Store(new User { Id = user.Id })));
    }

    [Fact]
    public async Task An_expected_version_may_come_from_outside()
    {
        await using var test = await TestStore.CreateAsync();
        var account = new Account();
        await test.SaveAsync(s => s.Store(account));
        var version = account.Version;
        await test.SaveAsync(s => s.UpdateExpectedVersion(new Account { Id = account.Id, Balance = 5 }, version));
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.UpdateExpectedVersion(new Account { Id = account.Id }, version)));
        Assert.Equal(5, (await test.LoadAsync<Account>(account.Id))!.Balance);
    }

    [Fact]
    public async Task Checks_can_be_switched_off_for_a_session()
    {
        await using var test = await TestStore.CreateAsync();
        var account = new Account();
        await test.SaveAsync(s => s.Store(account));
        await using var session = test.Store.OpenSession(new SessionOptions { ConcurrencyChecks = ConcurrencyChecks.Disabled });
        session.Store(new Account { Id = account.Id, Balance = 9 });
        await session.SaveChangesAsync();
        Assert.Equal(9, (await test.LoadAsync<Account>(account.Id))!.Balance);
    }

    [Fact]
    public async Task A_revision_counts_the_writes()
    {
        await using var test = await TestStore.CreateAsync();
        var page = new Page { Text = "one" };
        await test.SaveAsync(s => s.Store(page));
        Assert.Equal(1, page.Version);
        page.Text = "two";
        await test.SaveAsync(s => s.Store(page));
        Assert.Equal(2, page.Version);
        var loaded = await test.LoadAsync<Page>(page.Id);
        Assert.Equal((2, "two"), (loaded!.Version, loaded.Text));
        Assert.Equal(2L, await test.ScalarAsync("select mt_version from {0}.mt_doc_page"));
    }

    [Fact]
    public async Task A_stale_revision_fails()
    {
        await using var test = await TestStore.CreateAsync();
        var page = new Page();
        await test.SaveAsync(s => s.Store(page));
        var stale = await test.LoadAsync<Page>(page.Id);
        await test.SaveAsync(s => s.Store(page));
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.Store(stale!)));
        await Assert.ThrowsAsync<ConcurrencyException>(() => test.SaveAsync(s => s.UpdateRevision(stale!, 2)));
        await test.SaveAsync(s => s.UpdateRevision(stale!, 7));
        Assert.Equal(7, stale!.Version);
        Assert.Equal(7L, await test.ScalarAsync("select mt_version from {0}.mt_doc_page"));
    }

    [Fact]
    public async Task A_stale_revision_may_be_ignored()
    {
        await using var test = await TestStore.CreateAsync();
        var page = new Page { Text = "kept" };
        await test.SaveAsync(s => s.UpdateRevision(page, 10));
        await test.SaveAsync(s => s.TryUpdateRevision(new Page { Id = page.Id, Text = "late" }, 4));
        Assert.Equal("kept", (await test.LoadAsync<Page>(page.Id))!.Text);
        await test.SaveAsync(s => s.TryUpdateRevision(new Page { Id = page.Id, Text = "new" }, 11));
        Assert.Equal("new", (await test.LoadAsync<Page>(page.Id))!.Text);
    }

    [Fact]
    public async Task Of_many_racing_inserts_of_one_id_exactly_one_wins()
    {
        await using var test = await TestStore.CreateAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(async () =>
        {
            try
            {
                await test.SaveAsync(s => s.Insert(new Label { Id = "one", Text = $"{i}" }));
                return true;
            }
            catch (DocumentAlreadyExistsException)
            {
                return false;
            }
        })));
        Assert.Single(outcomes, won => won);
    }

    [Fact]
    public async Task Of_two_writers_in_a_deadlock_the_victim_is_repeated()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "a" }, new Label { Id = "b" }));
        var requests = await Task.WhenAll(WriteAsync("a", "b"), WriteAsync("b", "a"));
        Assert.True(requests.Sum() > 2, "there was no deadlock");

        async Task<int> WriteAsync(string first, string second)
        {
            await using var session = test.Session();
            session.QueueSqlCommand("select set_config('deadlock_timeout', '50ms', true)");
            session.Store(new Label { Id = first });
            session.QueueSqlCommand("select pg_sleep(0.3)");
            session.Store(new Label { Id = second });
            await session.SaveChangesAsync();
            return session.RequestCount;
        }
    }
}
