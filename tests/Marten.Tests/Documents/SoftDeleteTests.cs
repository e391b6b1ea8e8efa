namespace ModularMonolith.Marten.Tests.Documents;

public sealed class SoftDeleteTests
{
    [Fact]
    public async Task A_soft_deleted_document_is_hidden_and_kept()
    {
        await using var test = await TestStore.CreateAsync();
        var note = new Note { Text = "x" };
        await test.SaveAsync(s => s.Store(note));
        await test.SaveAsync(s => s.Delete(note));

        Assert.True(note.Deleted);
        Assert.Null(await test.LoadAsync<Note>(note.Id));
        Assert.Equal(true, await test.ScalarAsync("select mt_deleted and mt_deleted_at is not null from {0}.mt_doc_note"));
        await using var session = test.Query();
        Assert.False(await session.CheckExistsAsync<Note>(note.Id));
        var metadata = await session.MetadataForAsync(note);
        Assert.True(metadata!.Deleted);
        Assert.NotNull(metadata.DeletedAt);
    }

    [Fact]
    public async Task Storing_a_soft_deleted_document_brings_it_back()
    {
        await using var test = await TestStore.CreateAsync();
        var note = new Note { Text = "x" };
        await test.SaveAsync(s => s.Store(note));
        await test.SaveAsync(s => s.Delete<Note>(note.Id));
        await test.SaveAsync(s => s.Store(note));
        var loaded = await test.LoadAsync<Note>(note.Id);
        Assert.False(loaded!.Deleted);
        Assert.Null(loaded.DeletedAt);
    }

    [Fact]
    public async Task A_hard_delete_removes_the_row()
    {
        await using var test = await TestStore.CreateAsync();
        var one = new Note();
        var two = new Note();
        await test.SaveAsync(s => s.Store(one, two));
        await test.SaveAsync(s =>
        {
            s.HardDelete(one);
            s.HardDelete<Note>(two.Id);
        });
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_note"));
    }

    [Fact]
    public async Task Any_type_can_be_soft_deleted_by_configuration()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().SoftDeletedWithIndex());
        var user = new User();
        await test.SaveAsync(s => s.Store(user));
        await test.SaveAsync(s => s.Delete(user));
        Assert.Null(await test.LoadAsync<User>(user.Id));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user where mt_deleted"));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from pg_indexes where schemaname = '{0}' and indexname = 'mt_doc_user_idx_mt_deleted'"));
    }
}
