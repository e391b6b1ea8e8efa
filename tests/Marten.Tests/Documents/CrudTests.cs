using JasperFx;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class CrudTests
{
    [Fact]
    public async Task A_stored_document_is_loaded_as_it_was()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User { Name = "Ada", Email = "ada@example.org" };
        await test.SaveAsync(s => s.Store(user));

        Assert.NotEqual(Guid.Empty, user.Id);
        var loaded = await test.LoadAsync<User>(user.Id);
        Assert.Equal("Ada", loaded!.Name);
        Assert.Equal(user.Email, loaded.Email);
        Assert.NotSame(user, loaded);
    }

    [Fact]
    public async Task Storing_again_replaces_the_document()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User { Name = "Ada" };
        await test.SaveAsync(s => s.Store(user));
        user.Name = "Grace";
        await test.SaveAsync(s => s.Store(user));

        Assert.Equal("Grace", (await test.LoadAsync<User>(user.Id))!.Name);
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task A_missing_document_is_null()
    {
        await using var test = await TestStore.CreateAsync();
        Assert.Null(await test.LoadAsync<User>(Guid.NewGuid()));
    }

    [Fact]
    public async Task Several_documents_are_loaded_together_and_missing_ones_left_out()
    {
        await using var test = await TestStore.CreateAsync();
        var users = Enumerable.Range(0, 5).Select(i => new User { Name = $"user {i}" }).ToArray();
        await test.SaveAsync(s => s.Store(users));
        await using var session = test.Query();

        var loaded = await session.LoadManyAsync<User>(users[0].Id, users[3].Id, Guid.NewGuid());
        Assert.Equal(["user 0", "user 3"], loaded.Select(u => u.Name).Order());
    }

    [Fact]
    public async Task Existence_is_told_without_loading()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User();
        await test.SaveAsync(s => s.Store(user));
        await using var session = test.Query();
        Assert.True(await session.CheckExistsAsync<User>(user.Id));
        Assert.False(await session.CheckExistsAsync<User>(Guid.NewGuid()));
    }

    [Fact]
    public async Task Deleted_documents_are_gone()
    {
        await using var test = await TestStore.CreateAsync();
        var one = new User();
        var two = new User();
        await test.SaveAsync(s => s.Store(one, two));
        await test.SaveAsync(s =>
        {
            s.Delete(one);
            s.Delete<User>(two.Id);
        });
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Inserting_an_existing_id_fails_and_names_the_document()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User { Name = "first" };
        await test.SaveAsync(s => s.Insert(user));
        var failure = await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => test.SaveAsync(s => s.Insert(new User { Id = user.Id, Name = "second" })));

        Assert.Equal(user.Id, failure.Id);
        Assert.Equal($"Document already exists {typeof(User).FullName}: {user.Id}", failure.Message);
        Assert.Equal("first", (await test.LoadAsync<User>(user.Id))!.Name);
    }

    [Fact]
    public async Task Updating_a_missing_document_fails_and_names_it()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.NewGuid();
        var failure = await Assert.ThrowsAsync<NonExistentDocumentException>(() => test.SaveAsync(s => s.Update(new User { Id = id })));
        Assert.Equal(id, failure.Id);
        Assert.Equal(typeof(User), failure.DocType);
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Updating_an_existing_document_replaces_it()
    {
        await using var test = await TestStore.CreateAsync();
        var user = new User { Name = "before" };
        await test.SaveAsync(s => s.Store(user));
        await test.SaveAsync(s => s.Update(new User { Id = user.Id, Name = "after" }));
        Assert.Equal("after", (await test.LoadAsync<User>(user.Id))!.Name);
    }

    [Fact]
    public async Task Text_that_looks_like_sql_is_only_text()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Label>());
        const string Attack = "'; drop table mt_doc_label; --\"\\ {0} $1 ? \u00e9";
        await test.SaveAsync(s => s.Store(new Label { Id = Attack, Text = Attack }));
        await using var session = test.Query();
        Assert.Equal(Attack, (await session.LoadAsync<Label>(Attack))!.Text);
        Assert.Single(await session.LoadManyAsync<Label>(Attack, "other"));
        Assert.Single(await session.QueryAsync<Label>("where d.data ->> 'Text' = ?", Attack));
    }

    [Fact]
    public async Task An_id_of_another_type_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Query();
        await Assert.ThrowsAsync<DocumentIdTypeMismatchException>(() => session.LoadAsync<User>("text"));
        await Assert.ThrowsAsync<DocumentIdTypeMismatchException>(() => session.LoadAsync<User>(5));
    }

    [Fact]
    public async Task A_type_without_identity_is_refused()
    {
        await using var test = await TestStore.CreateAsync();
        await Assert.ThrowsAsync<InvalidDocumentException>(() => test.SaveAsync(s => s.Store(new Nameless { Text = "x" })));
    }

    [Fact]
    public async Task A_list_is_stored_element_by_element()
    {
        await using var test = await TestStore.CreateAsync();
        var users = new List<User> { new(), new(), new() };
        await test.SaveAsync(s => s.Store(users));
        await test.SaveAsync(s => s.StoreObjects([new User(), new Label { Id = "a" }]));
        Assert.Equal(4L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_label"));
    }

    private sealed class Nameless
    {
        public string? Text { get; set; }
    }
}
