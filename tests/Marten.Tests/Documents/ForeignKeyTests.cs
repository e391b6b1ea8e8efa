using Marten.Exceptions;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public class ForeignKeyTests
{
    internal sealed class Shelf
    {
        public Guid Id { get; set; } = Guid.CreateVersion7();
    }

    internal sealed class Box
    {
        public Guid Id { get; set; } = Guid.CreateVersion7();

        public Guid? ShelfId { get; set; }

        public Guid? Above { get; set; }
    }

    internal sealed class Item
    {
        public Guid Id { get; set; } = Guid.CreateVersion7();

        public Guid BoxId { get; set; }
    }

    private static Task<TestStore> CreateAsync() => TestStore.CreateAsync(o =>
    {
        o.Schema.For<Item>().ForeignKey<Box>(x => x.BoxId);
        o.Schema.For<Box>().ForeignKey<Shelf>(x => x.ShelfId!, k => k.OnDelete = CascadeAction.SetNull).ForeignKey<Box>(x => x.Above!);
    });

    [Fact]
    public async Task Documents_are_written_behind_those_that_they_refer_to_and_deleted_before_them()
    {
        await using var store = await CreateAsync();
        var (shelf, box, item) = (new Shelf(), new Box(), new Item());
        (box.ShelfId, item.BoxId) = (shelf.Id, box.Id);

        await store.SaveAsync(s => s.StoreObjects([item, box, shelf]));
        Assert.NotNull(await store.LoadAsync<Item>(item.Id));
        await store.SaveAsync(s =>
        {
            s.Delete(box);
            s.Delete(item);
        });

        Assert.Null(await store.LoadAsync<Item>(item.Id));
        Assert.Null(await store.LoadAsync<Box>(box.Id));
    }

    [Fact]
    public async Task What_is_referred_to_must_exist_and_cannot_be_removed()
    {
        await using var store = await CreateAsync();
        var (shelf, box, item) = (new Shelf(), new Box(), new Item());
        (box.ShelfId, item.BoxId) = (shelf.Id, box.Id);
        await store.SaveAsync(s => s.StoreObjects([shelf, box, item]));

        await Assert.ThrowsAsync<MartenCommandException>(() => store.SaveAsync(s => s.Store(new Item { BoxId = Guid.NewGuid() })));
        await Assert.ThrowsAsync<MartenCommandException>(() => store.SaveAsync(s => s.Delete(box)));
        await store.SaveAsync(s => s.Delete(shelf));
        Assert.Equal(1L, await store.ScalarAsync("select count(*) from {0}.mt_doc_foreignkeytests_box where shelf_id is null"));
    }

    [Fact]
    public async Task The_schema_has_keys_and_indexes_and_needs_no_change_afterwards()
    {
        await using var store = await CreateAsync();
        await store.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        Assert.Equal(3L, await store.ScalarAsync("select count(*) from pg_constraint k join pg_namespace n on n.oid = k.connamespace where n.nspname = '{0}' and k.contype = 'f'"));
        await store.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task A_circle_of_references_is_refused()
    {
        await using var store = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<Box>().ForeignKey<Item>(x => x.ShelfId!);
            o.Schema.For<Item>().ForeignKey<Box>(x => x.BoxId);
        });

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => store.SaveAsync(s => s.Store(new Box())));

        Assert.Contains("circle", exception.ToString(), StringComparison.Ordinal);
    }
}
