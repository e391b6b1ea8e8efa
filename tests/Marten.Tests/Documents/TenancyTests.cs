using JasperFx;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Exceptions;
using Marten.Metadata;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public class TenancyTests
{
    internal sealed class Memo : ITenanted
    {
        public string Id { get; set; } = "";

        public string Text { get; set; } = "";

        public string? TenantId { get; set; }
    }

    [Fact]
    public async Task Tenants_have_documents_of_their_own_under_the_same_ids()
    {
        await using var store = await TestStore.CreateAsync(o => o.Schema.For<Label>().MultiTenanted());
        foreach (var tenant in new[] { "north", "south" })
        {
            await using var session = store.Store.LightweightSession(tenant);
            session.Store(new Label { Id = "1", Text = tenant }, new Label { Id = "2", Text = tenant });
            await session.SaveChangesAsync();
        }

        await using var north = store.Store.LightweightSession("north");
        Assert.Equal("north", (await north.LoadAsync<Label>("1"))?.Text);
        Assert.Equal(["north"], (await north.LoadManyAsync<Label>("1")).Select(x => x.Text));
        Assert.Equal(2, await north.Query<Label>().CountAsync());
        Assert.Equal(4, await north.Query<Label>().CountAsync(x => x.AnyTenant()));
        Assert.Equal(2, await north.Query<Label>().CountAsync(x => x.TenantIsOneOf("south", "west")));
        Assert.Equal("south", (await north.ForTenant("south").LoadAsync<Label>("2"))?.Text);
        Assert.Equal("north", (await north.MetadataForAsync(new Label { Id = "1" }))?.TenantId);
        Assert.NotNull(await north.Json.FindByIdAsync<Label>("1"));
        await using var west = store.Store.QuerySession("west");
        Assert.Null(await west.LoadAsync<Label>("1"));
        Assert.False(await west.CheckExistsAsync<Label>("1"));
        Assert.Equal(0, await west.Query<Label>().CountAsync());
        Assert.Equal("tenant_id,id", await store.ScalarAsync("select string_agg(a.attname, ',' order by k.pos) from pg_constraint c cross join unnest(c.conkey) with ordinality as k(num, pos) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num where c.conname = 'pkey_mt_doc_label_tenant_id_id' and c.connamespace = '{0}'::regnamespace"));
    }

    [Fact]
    public async Task Changes_and_deletions_touch_one_tenant()
    {
        await using var store = await TestStore.CreateAsync(o => o.Policies.AllDocumentsAreMultiTenanted());
        await store.Store.BulkInsertAsync("north", [new Label { Id = "1" }, new Label { Id = "2" }, new Label { Id = "3" }]);
        await store.Store.BulkInsertAsync("south", [new Label { Id = "1" }, new Label { Id = "2" }, new Label { Id = "3" }]);
        await store.Store.BulkInsertAsync("south", [new Label { Id = "3", Text = "bulk" }], BulkInsertMode.OverwriteExisting);

        await using (var session = store.Store.LightweightSession("north"))
        {
            session.Update(new Label { Id = "1", Text = "changed" });
            session.Delete<Label>("2");
            session.DeleteWhere<Label>(x => x.Id == "3");
            await session.SaveChangesAsync();
        }

        await using var north = store.Store.QuerySession("north");
        await using var south = store.Store.QuerySession("south");
        Assert.Equal(["changed"], await north.Query<Label>().OrderBy(x => x.Id).Select(x => x.Text!).ToListAsync());
        Assert.Equal([null, null, "bulk"], (await south.Query<Label>().OrderBy(x => x.Id).ToListAsync()).Select(x => x.Text));
        await using var update = store.Store.LightweightSession("west");
        update.Update(new Label { Id = "1" });
        await Assert.ThrowsAsync<NonExistentDocumentException>(() => update.SaveChangesAsync());
    }

    [Fact]
    public async Task One_unit_of_work_may_write_for_several_tenants()
    {
        await using var store = await TestStore.CreateAsync();
        await using var session = store.Store.DirtyTrackedSession("north");
        session.Store(new Memo { Id = "1", Text = "n" });
        session.ForTenant("south").Store(new Memo { Id = "1", Text = "s" });
        session.ForTenant("east").Insert(new Memo { Id = "1", Text = "e" });
        Assert.Equal(3, session.PendingChanges.Updates().Concat(session.PendingChanges.Inserts()).Count());
        await session.SaveChangesAsync();

        (await session.ForTenant("south").LoadAsync<Memo>("1"))!.Text = "S";
        await session.SaveChangesAsync();

        await using var query = store.Store.QuerySession("south");
        var all = await query.Query<Memo>().Where(x => x.AnyTenant()).OrderBy(x => x.TenantId).ToListAsync();
        Assert.Equal([("east", "e"), ("north", "n"), ("south", "S")], all.Select(x => (x.TenantId!, x.Text)));
        Assert.Equal("south", (await query.LoadAsync<Memo>("1"))?.TenantId);
        Assert.Equal(1, await query.Query<Memo>().CountAsync(x => x.TenantId == "south"));
        Assert.Same(session, session.ForTenant("south").Parent);
        Assert.Equal("e", (await query.ForTenant("east").LoadAsync<Memo>("1"))?.Text);
    }

    [Fact]
    public async Task Guards_hold_for_each_tenant_and_names_of_tenants_are_never_SQL()
    {
        const string Hostile = "'; drop table mt_doc_account; --";
        await using var store = await TestStore.CreateAsync(o => o.Policies.AllDocumentsAreMultiTenanted());
        var id = Guid.CreateVersion7();
        foreach (var tenant in new[] { "north", Hostile })
        {
            await using var session = store.Store.LightweightSession(tenant);
            session.Insert(new Account { Id = id, Balance = 1 });
            await session.SaveChangesAsync();
        }

        await using var one = store.Store.LightweightSession(Hostile);
        await using var other = store.Store.LightweightSession(Hostile);
        var (mine, theirs) = ((await one.LoadAsync<Account>(id))!, (await other.LoadAsync<Account>(id))!);
        one.Store(mine);
        await one.SaveChangesAsync();
        other.Store(theirs);

        await Assert.ThrowsAsync<ConcurrencyException>(() => other.SaveChangesAsync());
        await using var again = store.Store.LightweightSession("north");
        again.Insert(new Account { Id = id });
        await Assert.ThrowsAsync<DocumentAlreadyExistsException>(() => again.SaveChangesAsync());
        Assert.Equal(2L, await store.ScalarAsync("select count(*) from {0}.mt_doc_account"));
    }

    [Fact]
    public async Task Compiled_and_batched_queries_included_and_joined_documents_are_those_of_the_tenant()
    {
        await using var store = await TestStore.CreateAsync(o => o.Policies.AllDocumentsAreMultiTenanted());
        var (user, page) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var tenant in new[] { "north", "south" })
        {
            await using var session = store.Store.LightweightSession(tenant);
            session.Store(new User { Id = user, Name = tenant, Email = "label" });
            session.Store(new Label { Id = "label", Text = tenant });
            await session.SaveChangesAsync();
        }

        foreach (var tenant in new[] { "north", "south", "north" })
        {
            await using var session = store.Store.QuerySession(tenant);
            var labels = new List<Label>();
            await session.Query<User>().Include(x => x.Email!, labels).ToListAsync();
            Assert.Equal([tenant], labels.Select(l => l.Text));
            Assert.Equal([tenant], await session.Query<User>().Join(session.Query<Label>(), u => u.Email, l => l.Id, (u, l) => l.Text!).ToListAsync());
            Assert.Equal(tenant, (await session.QueryAsync(new UserByMail { Mail = "label" })).Name);
            var batch = session.CreateBatchQuery();
            var (loaded, many) = (batch.Load<User>(user), batch.LoadMany<Label>().ById("label"));
            await batch.Execute();
            Assert.Equal((tenant, tenant), ((await loaded)?.Name, (await many).Single().Text));
        }
    }

    [Fact]
    public async Task Asking_for_tenants_of_a_type_that_has_none_is_an_error()
    {
        await using var store = await TestStore.CreateAsync();
        await using var session = store.Query();

        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<User>().CountAsync(x => x.AnyTenant()));
        Assert.Throws<ArgumentException>(() => store.Store.QuerySession(" "));
        Assert.Equal(TenancyStyle.Single, default);
    }

    private sealed class UserByMail : global::Marten.Linq.ICompiledQuery<User>
    {
        public string Mail { get; init; } = "";

        public System.Linq.Expressions.Expression<Func<global::Marten.Linq.IMartenQueryable<User>, User>> QueryIs() => q => q.First(x => x.Email == Mail);
    }
}
