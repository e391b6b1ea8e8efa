using Marten;
using Marten.Exceptions;
using Marten.Schema;
using Marten.Schema.Identity;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class MappingTests
{
    internal enum Size
    {
        Small,
        Large,
    }

    internal class Vehicle
    {
        public Guid Id { get; set; }

        public Size Size { get; set; }

        public List<string> Tags { get; set; } = [];

        public DateTime BuiltAt { get; set; } = new(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    }

    internal sealed class Truck : Vehicle
    {
        public int Load { get; set; }
    }

    internal sealed class Car : Vehicle
    {
        public int Load { get; set; }
    }

    private sealed class Policy : IDocumentPolicy
    {
        public void Apply(DocumentMapping mapping) => mapping.UseOptimisticConcurrency = true;
    }

    [Fact]
    public async Task A_column_of_a_derived_type_is_null_for_the_others()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Vehicle>().AddSubClass<Truck>().AddSubClass<Car>().Duplicate<Truck>(x => x.Load, configure: i => i.Name = "by_load"));
        await test.SaveAsync(s => s.Store<Vehicle>(new Truck { Load = 7 }, new Car { Load = 7 }, new Vehicle()));
        Assert.Equal(1L, await test.ScalarAsync("select count(load) from {0}.mt_doc_mappingtests_vehicle"));
        await using var session = test.Query();
        Assert.Contains("d.load =", session.Query<Truck>().Where(x => x.Load == 7).ToCommand().CommandText, StringComparison.Ordinal);
        Assert.Equal(1, await session.Query<Truck>().CountAsync(x => x.Load == 7));
        Assert.Equal(1, await session.Query<Car>().CountAsync(x => x.Load == 7));
        Assert.Throws<ArgumentException>(() => DocumentStore.For(o => o.Schema.For<Vehicle>().AddSubClass<Truck>().AddSubClass<Car>().Duplicate<Truck>(x => x.Load).Duplicate<Car>(x => x.Load)));
    }

    [Fact]
    public async Task The_json_of_one_member_is_indexed_and_used()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Vehicle>().GinIndexJsonDataMember(x => x.Tags, i => i.Name = "by_tags"));
        await test.SaveAsync(s => s.Store(new Vehicle { Tags = ["a", "b"] }, new Vehicle { Tags = ["c"] }));
        await using var session = test.Query();
        var query = session.Query<Vehicle>().Where(x => x.Tags.Contains("a"));
        Assert.Contains("d.data -> 'Tags' @>", query.ToCommand().CommandText, StringComparison.Ordinal);
        Assert.Equal(1, await query.CountAsync());
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task The_time_of_the_first_write_is_indexed()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().IndexCreatedAt(i => i.Name = "by_created"));
        await test.SaveAsync(s => s.Store(new User()));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from pg_indexes where schemaname = '{0}' and indexname = 'by_created'"));
        await using var session = test.Query();
        Assert.Equal(1, await session.Query<User>().CountAsync(x => global::Marten.Linq.CreatedAt.CreatedAtExtensions.CreatedSince(x, DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public async Task A_member_refers_to_a_table_that_is_no_document()
    {
        var schema = TestStore.NewSchema();
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().ForeignKey(x => x.Name, schema, "names", "name", k => k.OnDelete = CascadeAction.Cascade), schema);
        await test.ExecuteAsync("create schema {0}; create table {0}.names (name varchar primary key); insert into {0}.names values ('Ann')");
        await test.SaveAsync(s => s.Store(new User { Name = "Ann" }));
        await Assert.ThrowsAsync<MartenCommandException>(() => test.SaveAsync(s => s.Store(new User { Name = "Bob" })));
        await test.ExecuteAsync("delete from {0}.names");
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Theory]
    [InlineData(UniqueIndexType.Computed)]
    [InlineData(UniqueIndexType.DuplicatedField)]
    public async Task A_unique_index_covers_all_tenants_or_each(UniqueIndexType type)
    {
        await using var each = await TestStore.CreateAsync(o => o.Schema.For<User>().MultiTenanted().UniqueIndex(type, "one_name", TenancyScope.PerTenant, x => x.Name));
        await using var all = await TestStore.CreateAsync(o => o.Schema.For<User>().MultiTenanted().UniqueIndex(type, "one_name", TenancyScope.Global, x => x.Name));
        foreach (var test in new[] { each, all })
        {
            await SaveAsync(test, "a");
            if (test == each)
                await SaveAsync(test, "b");
            else
                await Assert.ThrowsAsync<MartenCommandException>(() => SaveAsync(test, "b"));
            await Assert.ThrowsAsync<MartenCommandException>(() => SaveAsync(test, "a"));
        }

        static async Task SaveAsync(TestStore test, string tenant)
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Store(new User { Name = "Ann" });
            await session.SaveChangesAsync();
        }
    }

    [Fact]
    public async Task Indexes_start_by_the_tenant_when_asked_and_ignored_ones_are_left_alone()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().MultiTenanted().StartIndexesByTenantId()
            .Index(x => x.Name, i => i.Name = "by_name").Index(x => x.Age, i => i.Name = "not_mine").IgnoreIndex("not_mine"));
        await test.SaveAsync(s => s.Store(new User()));
        Assert.Contains("(tenant_id, ((data", (string)(await test.ScalarAsync("select indexdef from pg_indexes where schemaname = '{0}' and indexname = 'by_name'"))!, StringComparison.Ordinal);
        await test.ExecuteAsync("create index not_mine on {0}.mt_doc_user (id)");
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task Text_identities_are_made_of_the_alias_and_a_number()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Label>().UseIdentityKey().DocumentAlias("tag"));
        Label[] labels = [new(), new(), new() { Id = "mine" }];
        await test.SaveAsync(s => s.Store(labels));
        Assert.StartsWith("tag/", labels[0].Id, StringComparison.Ordinal);
        Assert.NotEqual(labels[0].Id, labels[1].Id);
        Assert.Equal("mine", labels[2].Id);
        Assert.NotNull(await test.LoadAsync<Label>(labels[1].Id));
        Assert.Throws<ArgumentException>(() => DocumentStore.For(o => o.Schema.For<User>().UseIdentityKey()));
        Assert.Throws<ArgumentException>(() => DocumentStore.For(o => o.Schema.For<Label>().IdStrategy(new SequentialGuidIdGeneration())));
    }

    [Fact]
    public async Task A_policy_of_the_caller_applies_to_types_declared_before_and_after()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<User>().IdStrategy(new SequentialGuidIdGeneration());
            o.Policies.OnDocuments<Policy>().OnDocuments(new Policy());
        });
        var user = new User();
        await test.SaveAsync(s => s.Store(user));
        await Assert.ThrowsAsync<JasperFx.ConcurrencyException>(() => test.SaveAsync(s => s.Store(user)));
    }

    [Theory]
    [InlineData(EnumStorage.AsInteger, EnumStorage.AsString, "varchar", "Large")]
    [InlineData(EnumStorage.AsString, EnumStorage.AsInteger, "integer", 1)]
    public async Task Enumerations_are_kept_in_columns_in_a_form_of_their_own(EnumStorage json, EnumStorage column, string type, object value)
    {
        var schema = TestStore.NewSchema();
        await using (var before = await TestStore.CreateAsync(o => o.UseSystemTextJsonForSerialization(json), schema))
            await before.SaveAsync(s => s.Store(new Vehicle { Size = Size.Large }));
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.UseSystemTextJsonForSerialization(json);
            o.Advanced.DuplicatedFieldEnumStorage = column;
            o.Schema.For<Vehicle>().Duplicate(x => x.Size);
        }, schema);
        await test.SaveAsync(s => s.Store(new Vehicle { Size = Size.Large }, new Vehicle()));
        Assert.Equal(type, ((string)(await test.ScalarAsync("select format_type(atttypid, null) from pg_attribute where attrelid = '{0}.mt_doc_mappingtests_vehicle'::regclass and attname = 'size'"))!).Replace("character varying", "varchar", StringComparison.Ordinal));
        Assert.Equal(2L, await test.ScalarAsync($"select count(*) from {{0}}.mt_doc_mappingtests_vehicle where size::text = '{value}'"));
        await using var session = test.Query();
        Assert.Equal(2, await session.Query<Vehicle>().CountAsync(x => x.Size == Size.Large));
        Assert.Equal([Size.Small], await session.Query<Vehicle>().Where(x => x.Size < Size.Large).Select(x => x.Size).ToListAsync());
    }

    [Fact]
    public async Task A_column_for_a_date_and_time_may_have_a_time_zone_and_takes_utc_only_then()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Advanced.DuplicatedFieldUseTimestampWithoutTimeZoneForDateTime = false;
            o.Schema.For<Vehicle>().Duplicate(x => x.BuiltAt);
        });
        var vehicle = new Vehicle();
        await test.SaveAsync(s => s.Store(vehicle));
        await using var session = test.Query();
        Assert.Equal(1, await session.Query<Vehicle>().CountAsync(x => x.BuiltAt == vehicle.BuiltAt));
        Assert.Equal("timestamp with time zone", await test.ScalarAsync("select format_type(atttypid, null) from pg_attribute where attrelid = '{0}.mt_doc_mappingtests_vehicle'::regclass and attname = 'built_at'"));
        await Assert.ThrowsAsync<InvalidDateTimeUsageException>(() => test.SaveAsync(s => s.Store(new Vehicle { BuiltAt = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Local) })));
    }
}
