using System.Linq.Expressions;
using JasperFx.Core.Reflection;
using Marten;
using Marten.Linq;
using Marten.Patching;

namespace ModularMonolith.Marten.Tests.ValueTypes;

public sealed class ValueTypeQueryTests
{
    private static readonly RegionId North = new(Guid.CreateVersion7());

    [Fact]
    public void Only_wrappers_can_be_registered()
    {
        var options = new StoreOptions();
        Assert.Throws<InvalidValueTypeException>(() => options.RegisterValueType<OrderLine>());
        Assert.Throws<InvalidValueTypeException>(() => options.RegisterValueType(typeof(string)));
        var info = options.RegisterValueType<Sku>();
        Assert.Equal((typeof(Sku), typeof(string), "Code"), (info.OuterType, info.SimpleType, info.ValueProperty.Name));
        Assert.Equal("From", info.Builder!.Name);
        Assert.NotNull(options.RegisterValueType(typeof(OrderId)).Ctor);
    }

    [Fact]
    public async Task Identities_are_compared_ordered_and_selected()
    {
        await using var test = await OpenAsync();
        await using var session = test.Query();
        var orders = await session.Query<PurchaseOrder>().OrderBy(x => x.Amount).ToListAsync();
        var (first, second) = (orders[0].Id, orders[1].Id);
        OrderId[] wanted = [first, second];
        var query = session.Query<PurchaseOrder>();
        Assert.Equal(1, (await query.SingleAsync(x => x.Id == first)).Amount);
        Assert.Equal(1, (await query.SingleAsync(x => x.Id.Equals(first))).Amount);
        Assert.Equal(1, (await query.SingleAsync(x => x.Id.Value == first.Value)).Amount);
        Assert.Equal(3, await query.CountAsync(x => x.Id != first));
        Assert.Equal(2, await query.CountAsync(x => x.Id.IsOneOf(wanted)));
        Assert.Equal(2, await query.CountAsync(x => wanted.Contains(x.Id)));
        Assert.Equal(orders.Select(o => o.Id).Order(Comparer<OrderId>.Create((a, b) => string.CompareOrdinal(a.Value.ToString(), b.Value.ToString()))), await query.OrderBy(x => x.Id).Select(x => x.Id).ToListAsync());
        Assert.Equal(second, (await query.Where(x => x.Amount == 2).Select(x => new { x.Id, x.Amount }).SingleAsync()).Id);
        Assert.Equal(second.Value, await query.Where(x => x.Amount == 2).Select(x => x.Id.Value).SingleAsync());
    }

    [Fact]
    public async Task Registered_members_are_compared_in_whatever_form_they_are_stored()
    {
        await using var test = await OpenAsync();
        await using var session = test.Query();
        var query = session.Query<PurchaseOrder>();
        var (ann, lamp) = (new CustomerId("ann"), Sku.From("lamp"));
        CustomerId[] some = [ann, new("eve")];
        Assert.Equal([1, 2], await AmountsAsync(query, x => x.Customer == ann));
        Assert.Equal([3, 4], await AmountsAsync(query, x => x.Customer != ann));
        Assert.Equal([1, 2], await AmountsAsync(query, x => some.Contains(x.Customer)));
        Assert.Equal([1, 2], await AmountsAsync(query, x => x.Customer.IsOneOf(some)));
        Assert.Equal([1, 2], await AmountsAsync(query, x => x.Customer.Value.StartsWith("an")));
        Assert.Equal([1, 3], await AmountsAsync(query, x => x.Sku == lamp));
        Assert.Equal([1, 3], await AmountsAsync(query, x => x.Sku.Code == "lamp"));
        Assert.Equal([1], await AmountsAsync(query, x => x.Region == North));
        Assert.Equal([1], await AmountsAsync(query, x => (Guid)x.Region!.Value == North.Value));
        Assert.Equal([2, 3, 4], await AmountsAsync(query, x => x.Region == null));
        Assert.Equal([1], await AmountsAsync(query, x => x.Region.HasValue));
        Assert.Equal([1], await AmountsAsync(query, x => x.Replaces == null && x.Region!.Value == North));
        Assert.Equal([1, 3], await AmountsAsync(query, x => x.Lines.Any(l => l.Sku == lamp)));
    }

    [Fact]
    public async Task Registered_members_are_ordered_grouped_selected_and_found_in_collections()
    {
        await using var test = await OpenAsync();
        await using var session = test.Query();
        var query = session.Query<PurchaseOrder>();
        var replaced = await query.Where(x => x.Replaces != null).Select(x => x.Replaces!.Value).SingleAsync();
        Assert.Equal([4, 3, 1, 2], await query.OrderByDescending(x => x.Customer).ThenBy(x => x.Amount).Select(x => x.Amount).ToListAsync());
        var groups = await query.GroupBy(x => x.Customer).Select(g => new { g.Key, Total = g.Sum(x => x.Amount) }).ToListAsync();
        Assert.Equal(3, groups.Single(g => g.Key == new CustomerId("ann")).Total);
        Assert.Equal([new CustomerId("ann"), new CustomerId("bob"), new CustomerId("zoe")], await query.Select(x => x.Customer).Distinct().OrderBy(x => x).ToListAsync());
        Assert.Equal([2], await AmountsAsync(query, x => x.Related.Contains(replaced)));
        Assert.Equal([4], await AmountsAsync(query, x => x.Replaces == replaced));
    }

    [Fact]
    public async Task Indexes_columns_and_foreign_keys_hold_the_wrapped_value()
    {
        await using var test = await OpenAsync(o => o.Schema.For<PurchaseOrder>()
            .Duplicate(x => x.Region).Index(x => x.Sku, i => i.Name = "by_sku").ForeignKey<Customer>(x => x.Customer));
        Assert.Equal("uuid", await test.ScalarAsync("select format_type(atttypid, null) from pg_attribute where attrelid = '{0}.mt_doc_purchaseorder'::regclass and attname = 'region'"));
        await using var session = test.Query();
        var query = session.Query<PurchaseOrder>();
        Assert.Contains("d.region =", query.Where(x => x.Region == North).ToCommand().CommandText, StringComparison.Ordinal);
        Assert.Contains("d.data ->> 'Sku' =", query.Where(x => x.Sku == Sku.From("lamp")).ToCommand().CommandText, StringComparison.Ordinal);
        Assert.Equal([1], await AmountsAsync(query, x => x.Region == North));
        await Assert.ThrowsAnyAsync<Exception>(() => test.SaveAsync(s => s.Store(new PurchaseOrder { Customer = new CustomerId("nobody") })));
    }

    [Fact]
    public async Task Included_documents_are_found_by_a_wrapped_reference()
    {
        await using var test = await OpenAsync();
        await using var session = test.Query();
        var (list, byId) = (new List<Customer>(), new Dictionary<CustomerId, Customer>());
        Assert.Equal(4, (await session.Query<PurchaseOrder>().Include(list).On(x => x.Customer).ToListAsync()).Count);
        Assert.Equal(3, list.Count);
        await session.Query<PurchaseOrder>().Include(byId).On(x => x.Customer).Where(x => x.Amount == 1).ToListAsync();
        Assert.Equal("Ann", byId[new CustomerId("ann")].Name);
    }

    [Fact]
    public async Task A_compiled_query_takes_wrappers_as_parameters()
    {
        await using var test = await OpenAsync();
        await using var session = test.Query();
        Assert.Equal(2, (await session.QueryAsync(new OrdersOf { Customer = new CustomerId("ann") })).Count());
        Assert.Single(await session.QueryAsync(new OrdersOf { Customer = new CustomerId("bob") }));
    }

    [Fact]
    public async Task A_patch_sets_a_wrapper_and_its_column()
    {
        await using var test = await OpenAsync(o => o.Schema.For<PurchaseOrder>().Duplicate(x => x.Customer));
        await test.SaveAsync(s => s.Patch<PurchaseOrder>(x => x.Amount == 4).Set(x => x.Customer, new CustomerId("ann")));
        await using var session = test.Query();
        Assert.Equal([1, 2, 4], await AmountsAsync(session.Query<PurchaseOrder>(), x => x.Customer == new CustomerId("ann")));
    }

    [Fact]
    public async Task Without_registration_a_wrapper_is_compared_as_json()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new PurchaseOrder { Customer = new CustomerId("ann"), Amount = 1 }, new PurchaseOrder { Amount = 2 }));
        await using var session = test.Query();
        Assert.Equal([1], await AmountsAsync(session.Query<PurchaseOrder>(), x => x.Customer == new CustomerId("ann")));
    }

    private static async Task<TestStore> OpenAsync(Action<StoreOptions>? configure = null)
    {
        var test = await TestStore.CreateAsync(o =>
        {
            configure?.Invoke(o);
            o.RegisterValueType<OrderId>();
            o.RegisterValueType<CustomerId>();
            o.RegisterValueType<RegionId>();
            o.RegisterValueType<Sku>();
        });
        var first = new OrderId(Guid.CreateVersion7());
        var (lamp, chair) = (Sku.From("lamp"), Sku.From("chair"));
        await test.SaveAsync(s => s.Store(new Customer { Id = new("ann"), Name = "Ann" }, new Customer { Id = new("bob"), Name = "Bob" }, new Customer { Id = new("zoe"), Name = "Zoe" }));
        await test.SaveAsync(s => s.Store(
            new PurchaseOrder { Id = first, Customer = new("ann"), Sku = lamp, Region = North, Amount = 1, Lines = [new() { Sku = lamp }] },
            new PurchaseOrder { Customer = new("ann"), Sku = chair, Amount = 2, Related = [first] },
            new PurchaseOrder { Customer = new("bob"), Sku = lamp, Amount = 3, Lines = [new() { Sku = chair }, new() { Sku = lamp }] },
            new PurchaseOrder { Customer = new("zoe"), Sku = chair, Amount = 4, Replaces = first }));
        return test;
    }

    private static async Task<IReadOnlyList<int>> AmountsAsync(IQueryable<PurchaseOrder> query, Expression<Func<PurchaseOrder, bool>> condition) =>
        await query.Where(condition).OrderBy(x => x.Amount).Select(x => x.Amount).ToListAsync();

    private sealed class OrdersOf : ICompiledListQuery<PurchaseOrder>
    {
        public CustomerId Customer { get; set; }

        public Expression<Func<IMartenQueryable<PurchaseOrder>, IEnumerable<PurchaseOrder>>> QueryIs() => q => q.Where(x => x.Customer == Customer).OrderBy(x => x.Amount);
    }
}
