using JasperFx;
using Marten;
using Marten.Exceptions;
using Marten.Patching;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.ValueTypes;

public sealed class WrappedIdentityTests
{
    [Fact]
    public async Task An_empty_wrapped_guid_is_assigned_and_one_with_a_value_is_kept()
    {
        await using var test = await TestStore.CreateAsync();
        var mine = new OrderId(Guid.CreateVersion7());
        var (fresh, known, absent) = (new PurchaseOrder(), new PurchaseOrder { Id = mine }, new Region { Name = "North" });
        await test.SaveAsync(s => s.Store<object>(fresh, known, absent));
        Assert.NotEqual(Guid.Empty, fresh.Id.Value);
        Assert.Equal(mine, known.Id);
        Assert.NotEqual(Guid.Empty, absent.Id!.Value.Value);
        Assert.Equal("North", (await test.LoadAsync<Region>(absent.Id.Value))!.Name);
    }

    [Fact]
    public async Task Wrapped_numbers_come_from_the_sequence_of_their_type()
    {
        await using var test = await TestStore.CreateAsync();
        SupportTicket[] tickets = [new(), new()];
        var batch = new ProductionBatch();
        await test.SaveAsync(s =>
        {
            s.Store(tickets);
            s.Store(batch);
        });
        Assert.Equal(tickets[0].Id.Value + 1, tickets[1].Id.Value);
        Assert.True(batch.Id!.Value > 0);
        Assert.NotNull(await test.LoadAsync<SupportTicket>(tickets[1].Id));
        Assert.NotNull(await test.LoadAsync<ProductionBatch>(batch.Id));
    }

    [Fact]
    public async Task A_wrapped_text_must_be_assigned()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Session();
        Assert.Throws<InvalidOperationException>(() => session.Store(new Customer()));
        Assert.Throws<InvalidOperationException>(() => session.Store(new Customer { Id = new CustomerId("") }));
    }

    [Fact]
    public async Task The_id_column_has_the_type_of_the_wrapped_value()
    {
        await using var test = await TestStore.CreateAsync();
        var order = new PurchaseOrder { Sku = Sku.From("a") };
        await test.SaveAsync(s => s.Store<object>(order, new SupportTicket(), new Customer { Id = new CustomerId("c") }, new ProductionBatch()));
        foreach (var (table, type) in new[] { ("purchaseorder", "uuid"), ("supportticket", "integer"), ("customer", "character varying"), ("productionbatch", "bigint") })
            Assert.Equal(type, await test.ScalarAsync($"select format_type(atttypid, null) from pg_attribute where attrelid = '{{0}}.mt_doc_{table}'::regclass and attname = 'id'"));
        Assert.Equal(order.Id.Value, await test.ScalarAsync("select id from {0}.mt_doc_purchaseorder"));
    }

    [Fact]
    public async Task Documents_are_loaded_checked_and_deleted_by_the_wrapper_or_its_value()
    {
        await using var test = await TestStore.CreateAsync();
        PurchaseOrder[] orders = [new() { Amount = 1 }, new() { Amount = 2 }, new() { Amount = 3 }];
        await test.SaveAsync(s => s.Store(orders));
        await using (var session = test.Query())
        {
            Assert.Equal(1, (await session.LoadAsync<PurchaseOrder>(orders[0].Id))!.Amount);
            Assert.Equal(2, (await session.LoadAsync<PurchaseOrder>(orders[1].Id.Value))!.Amount);
            Assert.True(await session.CheckExistsAsync<PurchaseOrder>(orders[2].Id));
            Assert.False(await session.CheckExistsAsync<PurchaseOrder>(new OrderId(Guid.CreateVersion7())));
            Assert.Equal(2, (await session.LoadManyAsync<PurchaseOrder>(orders[0].Id.Value, orders[2].Id.Value)).Count);
            Assert.Contains("\"Amount\": 1", await session.Json.FindByIdAsync<PurchaseOrder>(orders[0].Id), StringComparison.Ordinal);
            await Assert.ThrowsAsync<DocumentIdTypeMismatchException>(() => session.LoadAsync<PurchaseOrder>(new CustomerId("x")));
            await Assert.ThrowsAsync<DocumentIdTypeMismatchException>(() => session.LoadAsync<PurchaseOrder>(5));
        }

        await test.SaveAsync(s =>
        {
            s.Delete<PurchaseOrder>(orders[0].Id);
            s.Delete(orders[1]);
            s.Patch<PurchaseOrder>(orders[2].Id.Value).Set(x => x.Amount, 30);
        });
        Assert.Null(await test.LoadAsync<PurchaseOrder>(orders[0].Id));
        Assert.Null(await test.LoadAsync<PurchaseOrder>(orders[1].Id));
        Assert.Equal(30, (await test.LoadAsync<PurchaseOrder>(orders[2].Id))!.Amount);
    }

    [Fact]
    public async Task A_session_with_an_identity_map_knows_a_document_by_its_wrapped_identity()
    {
        await using var test = await TestStore.CreateAsync();
        var order = new PurchaseOrder();
        await test.SaveAsync(s => s.Store(order));
        await using var session = test.Store.DirtyTrackedSession();
        var loaded = (await session.LoadAsync<PurchaseOrder>(order.Id))!;
        Assert.Same(loaded, await session.LoadAsync<PurchaseOrder>(order.Id.Value));
        Assert.Same(loaded, await session.Query<PurchaseOrder>().SingleAsync(x => x.Id == order.Id));
        loaded.Amount = 8;
        await session.SaveChangesAsync();
        Assert.Equal(8, (await test.LoadAsync<PurchaseOrder>(order.Id))!.Amount);
    }

    [Fact]
    public async Task An_insertion_with_a_taken_wrapped_identity_fails()
    {
        await using var test = await TestStore.CreateAsync();
        var id = new OrderId(Guid.CreateVersion7());
        await test.SaveAsync(s => s.Insert(new PurchaseOrder { Id = id }));
        await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => test.SaveAsync(s => s.Insert(new PurchaseOrder { Id = id })));
    }

    [Fact]
    public async Task Documents_with_wrapped_identities_are_inserted_in_bulk()
    {
        await using var test = await TestStore.CreateAsync();
        var orders = Enumerable.Range(0, 20).Select(i => new PurchaseOrder { Amount = i }).ToList();
        await test.Store.BulkInsertAsync(orders);
        orders[3].Amount = 300;
        await test.Store.BulkInsertAsync(orders, BulkInsertMode.OverwriteExisting);
        Assert.Equal(300, (await test.LoadAsync<PurchaseOrder>(orders[3].Id))!.Amount);
        Assert.Equal(20L, await test.ScalarAsync("select count(*) from {0}.mt_doc_purchaseorder"));
    }

    [Fact]
    public async Task A_wrapper_is_stored_as_its_serializer_writes_it_and_one_that_could_not_be_read_as_the_bare_value()
    {
        await using var test = await TestStore.CreateAsync();
        var order = new PurchaseOrder { Customer = new CustomerId("c1"), Region = new RegionId(Guid.CreateVersion7()), Sku = Sku.From("s1") };
        await test.SaveAsync(s => s.Store(order));
        Assert.Equal("c1", await test.ScalarAsync("select data -> 'Customer' ->> 'Value' from {0}.mt_doc_purchaseorder"));
        Assert.Equal(order.Region.Value.Value.ToString(), await test.ScalarAsync("select data ->> 'Region' from {0}.mt_doc_purchaseorder"));
        Assert.Equal("s1", await test.ScalarAsync("select data ->> 'Sku' from {0}.mt_doc_purchaseorder"));
        await test.ExecuteAsync("update {0}.mt_doc_purchaseorder set data = jsonb_set(data, '{{Sku}}', '{{\"Other\": 1, \"Code\": \"s2\"}}')");
        var read = (await test.LoadAsync<PurchaseOrder>(order.Id))!;
        Assert.Equal((order.Id, new CustomerId("c1"), order.Region, Sku.From("s2")), (read.Id, read.Customer, read.Region, read.Sku));
    }

    [Fact]
    public async Task A_wrapper_made_by_a_method_identifies_documents()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new Article { Id = Sku.From("a-1"), Name = "Lamp" }));
        Assert.Equal("Lamp", (await test.LoadAsync<Article>(Sku.From("a-1")))!.Name);
    }
}
