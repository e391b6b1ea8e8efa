namespace ModularMonolith.Marten.Tests.Documents;

public sealed class DeleteWhereTests
{
    [Fact]
    public async Task Matching_documents_are_deleted_in_the_unit_of_work()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(Enumerable.Range(0, 10).Select(i => new User { Age = i, Name = "it's" })));
        await test.SaveAsync(s =>
        {
            s.DeleteWhere<User>(x => x.Age >= 5 && x.Name == "it's");
            s.Store(new User { Age = 9, Name = "later" });
        });
        Assert.Equal(6L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Soft_deleted_documents_can_be_brought_back_or_removed()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(Enumerable.Range(0, 6).Select(i => new Note { Text = $"{i % 2}" })));
        await test.SaveAsync(s => s.DeleteWhere<Note>(x => x.Text == "1"));
        Assert.Equal(3L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note where mt_deleted"));
        await test.SaveAsync(s => s.UndoDeleteWhere<Note>(x => x.Text == "1"));
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note where mt_deleted"));
        await test.SaveAsync(s => s.HardDeleteWhere<Note>(x => x.Text == "1"));
        Assert.Equal(3L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note"));
    }
}
