using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Documents;

public class TrackingTests
{
    [Fact]
    public async Task A_tracking_session_stores_what_was_changed_and_nothing_else()
    {
        await using var store = await TestStore.CreateAsync();
        var (one, two, three) = (new User { Name = "one" }, new User { Name = "two" }, new User { Name = "three" });
        await store.SaveAsync(s => s.Store(one, two, three));
        await using var session = store.Store.DirtyTrackedSession();
        var loaded = (await session.LoadAsync<User>(one.Id))!;
        var queried = await session.Query<User>().OrderBy(x => x.Name).ToListAsync();
        var saved = new List<string>();
        session.Listeners.Add(new Recorder(saved));

        await session.SaveChangesAsync();
        Assert.Empty(saved);
        loaded.Name = "ONE";
        queried[1].Email = "three@example.org";
        await session.SaveChangesAsync();
        await session.SaveChangesAsync();

        Assert.Equal(["ONE", "three"], saved.Order(StringComparer.Ordinal));
        Assert.Equal("ONE", (await store.LoadAsync<User>(one.Id))?.Name);
        Assert.Equal("three@example.org", (await store.LoadAsync<User>(three.Id))?.Email);
        Assert.Same(loaded, queried.Single(x => x.Id == one.Id));
    }

    [Fact]
    public async Task A_stored_document_is_tracked_and_a_deleted_or_ejected_one_is_not()
    {
        await using var store = await TestStore.CreateAsync();
        var (one, two) = (new User { Name = "one" }, new User { Name = "two" });
        await store.SaveAsync(s => s.Store(one, two));
        await using var session = store.Store.DirtyTrackedSession();
        var (deleted, ejected, added) = ((await session.LoadAsync<User>(one.Id))!, (await session.LoadAsync<User>(two.Id))!, new User { Name = "new" });
        session.Store(added);
        await session.SaveChangesAsync();

        added.Name = "newer";
        deleted.Name = "changed";
        ejected.Name = "changed";
        session.Delete(deleted);
        session.Eject(ejected);
        await session.SaveChangesAsync();

        Assert.Equal("newer", (await store.LoadAsync<User>(added.Id))?.Name);
        Assert.Null(await store.LoadAsync<User>(one.Id));
        Assert.Equal("two", (await store.LoadAsync<User>(two.Id))?.Name);
    }

    [Fact]
    public async Task A_tracked_change_that_cannot_be_saved_is_saved_by_the_next_attempt()
    {
        await using var store = await TestStore.CreateAsync();
        var (account, other) = (new Account { Balance = 1 }, new Account());
        await store.SaveAsync(s => s.Store(account, other));
        await using var session = store.Store.DirtyTrackedSession();
        var mine = (await session.LoadAsync<Account>(account.Id))!;
        mine.Balance = 2;
        session.Insert(new Account { Id = other.Id });

        await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync());
        session.EjectAllPendingChanges();
        await session.SaveChangesAsync();

        Assert.Equal(2, (await store.LoadAsync<Account>(account.Id))?.Balance);
    }

    [Fact]
    public async Task A_light_session_can_remember_one_type()
    {
        await using var store = await TestStore.CreateAsync();
        var (user, label) = (new User { Name = "u" }, new Label { Id = "l" });
        await store.SaveAsync(s =>
        {
            s.Store(user);
            s.Store(label);
        });
        await using var session = store.Session();
        session.UseIdentityMapFor<User>();

        Assert.Same(await session.LoadAsync<User>(user.Id), await session.LoadAsync<User>(user.Id));
        Assert.NotSame(await session.LoadAsync<Label>("l"), await session.LoadAsync<Label>("l"));
        Assert.Equal(3, session.RequestCount);
    }

    [Fact]
    public async Task Serializable_sessions_see_one_state_and_refuse_lost_updates()
    {
        await using var store = await TestStore.CreateAsync();
        var user = new User { Name = "u", Age = 1 };
        await store.SaveAsync(s => s.Store(user));
        await using var reader = await store.Store.QuerySerializableSessionAsync();
        Assert.Equal(1, await reader.Query<User>().CountAsync());
        await using var one = await store.Store.IdentitySerializableSessionAsync();
        await using var other = await store.Store.DirtyTrackedSerializableSessionAsync();
        var (mine, theirs) = ((await one.LoadAsync<User>(user.Id))!, (await other.LoadAsync<User>(user.Id))!);
        mine.Age += 1;
        theirs.Age += 10;

        one.Store(mine);
        await one.SaveChangesAsync();
        await store.SaveAsync(s => s.Store(new User { Name = "late" }));

        await Assert.ThrowsAsync<ConcurrentUpdateException>(() => other.SaveChangesAsync());
        Assert.Equal(1, await reader.Query<User>().CountAsync());
        Assert.Equal(2, (await store.LoadAsync<User>(user.Id))?.Age);
    }

    [Fact]
    public async Task Text_is_searched_streamed_and_sequences_are_advanced_by_the_session()
    {
        await using var store = await TestStore.CreateAsync(o => o.Schema.For<User>().FullTextIndex(x => x.Name));
        await store.SaveAsync(s => s.Store(new User { Name = "brave new world", Age = 3 }, new User { Name = "new moon", Age = 4 }));
        await store.ExecuteAsync("create sequence {0}.numbers start 41");
        await using var session = store.Query();
        using var stream = new MemoryStream();

        Assert.Single(await session.SearchAsync<User>("brave & world"));
        Assert.Equal(2, (await session.PlainTextSearchAsync<User>("new")).Count);
        Assert.Single(await session.PhraseSearchAsync<User>("new moon"));
        Assert.Single(await session.WebStyleSearchAsync<User>("new -moon"));
        Assert.Single(await session.PrefixSearchAsync<User>("moo"));
        Assert.Equal(1, await session.StreamJson<User>(stream, "where (d.data ->> 'Age')::int = ?", 4));
        Assert.Equal("new moon", System.Text.Json.JsonDocument.Parse(stream.ToArray()).RootElement[0].GetProperty("Name").GetString());
        Assert.Equal(41, await session.NextSequenceValue(store.Schema + ".numbers"));
        Assert.Equal(42, await session.NextSequenceValueAsLong(store.Schema + ".numbers"));
        await Assert.ThrowsAsync<MartenCommandException>(() => session.NextSequenceValue("x'; drop table mt_doc_user; --"));
        Assert.Equal(2, await session.Query<User>().CountAsync());
    }

    private sealed class Recorder(List<string> names) : DocumentSessionListenerBase
    {
        public override Task AfterCommitAsync(IDocumentSession session, global::Marten.Services.IChangeSet commit, CancellationToken token)
        {
            names.AddRange(commit.Updated.OfType<User>().Select(u => u.Name));
            return Task.CompletedTask;
        }
    }
}
