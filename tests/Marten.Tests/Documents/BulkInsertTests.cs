using Marten.Exceptions;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class BulkInsertTests
{
    [Fact]
    public async Task Thousands_of_documents_are_inserted_with_columns_and_identities()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().Duplicate(x => x.Age).Duplicate(x => x.Email));
        var users = Enumerable.Range(0, 5000).Select(i => new User { Name = $"user {i}", Age = i, Email = i % 2 == 0 ? null : "x" }).ToList();
        await test.Store.BulkInsertAsync(users, batchSize: 700);
        Assert.Equal(5000L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user where mt_last_modified is not null"));
        Assert.Equal(2500L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user where email is null"));
        Assert.Equal("user 4999", (await test.LoadAsync<User>(users[4999].Id))!.Name);
        Assert.All(users, u => Assert.NotEqual(Guid.Empty, u.Id));
    }

    [Fact]
    public async Task A_duplicate_fails_the_whole_insertion()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "b", Text = "old" }));
        await Assert.ThrowsAsync<MartenCommandException>(() => test.Store.BulkInsertAsync(Labels("a", "b", "c"), batchSize: 1));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_label"));
    }

    [Fact]
    public async Task Duplicates_may_be_ignored()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "b", Text = "old" }));
        await test.Store.BulkInsertAsync(Labels("a", "b", "c", "a"), BulkInsertMode.IgnoreDuplicates);
        Assert.Equal("a=new 0,b=old,c=new 2", await ContentAsync(test));
    }

    [Fact]
    public async Task Duplicates_may_be_overwritten_and_the_last_one_counts()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Label { Id = "b", Text = "old" }));
        await test.Store.BulkInsertAsync(Labels("a", "b", "c", "a"), BulkInsertMode.OverwriteExisting, batchSize: 2);
        Assert.Equal("a=new 3,b=new 1,c=new 2", await ContentAsync(test));
    }

    [Fact]
    public async Task Documents_of_several_types_go_together_or_not_at_all()
    {
        await using var test = await TestStore.CreateAsync();
        await test.Store.BulkInsertDocumentsAsync([new User(), new Label { Id = "a" }, new Ticket(), new Page()]);
        Assert.Equal(1L, await test.ScalarAsync("select mt_version from {0}.mt_doc_page"));
        await Assert.ThrowsAsync<MartenCommandException>(() => test.Store.BulkInsertDocumentsAsync([new User(), new Label { Id = "a" }]));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        await test.Store.BulkInsertAsync(Array.Empty<User>());
    }

    [Fact]
    public async Task Overwritten_soft_deleted_documents_come_back()
    {
        await using var test = await TestStore.CreateAsync();
        var note = new Note();
        await test.SaveAsync(s => s.Store(note));
        await test.SaveAsync(s => s.Delete(note));
        await test.Store.BulkInsertAsync([note], BulkInsertMode.OverwriteExisting);
        Assert.NotNull(await test.LoadAsync<Note>(note.Id));
    }

    private static Label[] Labels(params string[] ids) => [.. ids.Select((id, i) => new Label { Id = id, Text = $"new {i}" })];

    private static async Task<string?> ContentAsync(TestStore test) =>
        (string?)await test.ScalarAsync("select string_agg(id || '=' || (data ->> 'Text'), ',' order by id) from {0}.mt_doc_label");
}
