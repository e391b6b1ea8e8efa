using JasperFx.MultiTenancy;
using Marten;
using Marten.Exceptions;
using Marten.Schema;
using Marten.Schema.Identity;
using Marten.Services;
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

    [Fact]
    public async Task The_default_tenant_can_be_forbidden()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Advanced.DefaultTenantUsageEnabled = false;
            o.Policies.AllDocumentsAreMultiTenanted();
        });
        Assert.Throws<DefaultTenantUsageDisabledException>(() => test.Session());
        Assert.Throws<DefaultTenantUsageDisabledException>(() => test.Query());
        await Assert.ThrowsAsync<DefaultTenantUsageDisabledException>(() => test.Store.BulkInsertAsync([new User()]));
        await using var allowed = test.Store.LightweightSession(new SessionOptions { AllowAnyTenant = true });
        allowed.ForTenant("a").Store(new User());
        await allowed.SaveChangesAsync();
        await using var own = test.Store.LightweightSession("a");
        Assert.Equal(1, await own.Query<User>().CountAsync());
    }

    [Fact]
    public async Task Tenants_are_spelled_in_the_style_of_the_store()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.TenantIdStyle = TenantIdStyle.ForceUpperCase;
            o.Policies.AllDocumentsAreMultiTenanted();
        });
        await test.Store.BulkInsertAsync("north", [new User()]);
        await using var session = test.Store.LightweightSession("North");
        Assert.Equal("NORTH", session.TenantId);
        session.ForTenant("soUth").Store(new User());
        await session.SaveChangesAsync();
        Assert.Equal(1, await session.Query<User>().CountAsync());
        Assert.Equal(1, await session.ForTenant("south").Query<User>().CountAsync());
        Assert.Equal(2, await session.Query<User>().CountAsync(x => x.TenantIsOneOf("north", "SOUTH")));
        Assert.Equal("*DEFAULT*", test.Query().TenantId);
    }

    [Fact]
    public async Task The_serializer_and_the_data_source_are_changed_when_the_store_is_built()
    {
        var connectionString = await TestStore.ConnectionStringAsync();
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Connection(connectionString);
            o.ConfigureNpgsqlDataSourceBuilder(b => b.ConnectionStringBuilder.ApplicationName = "mine");
            o.Advanced.ModifySerializer(s => ((SystemTextJsonSerializer)s).Casing = Casing.SnakeCase);
            o.UseSystemTextJsonForSerialization();
        });
        await test.SaveAsync(s => s.Store(new User { Email = "a" }));
        Assert.Equal("a", await test.ScalarAsync("select data ->> 'email' from {0}.mt_doc_user"));
        await using var session = test.Query();
        Assert.Equal("mine", (await session.AdvancedSql.QueryAsync<string>("select current_setting('application_name')", default)).Single());
    }

    [Fact]
    public void The_defaults_of_version_8_can_be_restored()
    {
        var options = new StoreOptions();
        options.RestoreV8Defaults();
        Assert.Equal((JasperFx.Events.EventAppendMode.Rich, false, false, false), (options.Events.AppendMode, options.Events.UseIdentityMapForAggregates, options.Events.EnableBigIntEvents, options.Events.EnableAdvancedAsyncTracking));
    }

    [Fact]
    public async Task The_data_of_one_tenant_is_deleted_and_that_of_others_stays()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Policies.AllDocumentsAreMultiTenanted();
            o.Schema.For<Note>().SingleTenanted();
            o.Schema.For<Label>().ForeignKey<User>(x => x.Text!);
            o.Schema.For<User>().Identity(x => x.Name);
            o.Events.TenancyStyle = TenancyStyle.Conjoined;
            o.Events.StreamIdentity = JasperFx.Events.StreamIdentity.AsString;
        });
        foreach (var tenant in new[] { "a", "b" })
        {
            await using var session = test.Store.LightweightSession(tenant);
            session.Store(new User { Name = "Ann" });
            session.Store(new Label { Id = "l", Text = "Ann" });
            session.Store(new Note());
            session.Events.StartStream("s", new Label());
            await session.SaveChangesAsync();
        }

        await test.Store.Advanced.DeleteAllTenantDataAsync("a", default);
        await test.Store.Advanced.DeleteAllTenantDataAsync("nobody", default);
        foreach (var (tenant, count) in new[] { ("a", 0), ("b", 1) })
        {
            await using var session = test.Store.LightweightSession(tenant);
            Assert.Equal((count, count, 2), (await session.Query<User>().CountAsync(), await session.Query<Label>().CountAsync(), await session.Query<Note>().CountAsync()));
            Assert.Equal(count, (await session.Events.FetchStreamAsync("s")).Count);
        }

        await Assert.ThrowsAsync<ArgumentException>(() => test.Store.Advanced.DeleteAllTenantDataAsync(" ", default));
    }

    [Fact]
    public void The_options_tell_about_document_types()
    {
        var options = new StoreOptions { DatabaseSchemaName = "sales" };
        options.Schema.For<User>().SoftDeleted();
        Assert.Equal(("sales.mt_doc_user", "mt_doc_user"), (options.For(typeof(User)), options.For(typeof(User), false)));
        options.AssertDocumentTypeIsSoftDeleted(typeof(User));
        Assert.Throws<InvalidOperationException>(() => options.AssertDocumentTypeIsSoftDeleted(typeof(Label)));
    }

    [Fact]
    public async Task The_serializer_writes_parameters_and_reads_json_as_it_is()
    {
        await using var test = await TestStore.CreateAsync();
        var serializer = new SystemTextJsonSerializer();
        serializer.UseTypeInfoResolver(new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver());
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        serializer.WriteToCleanJson(buffer, new Label { Id = "x" });
        using var written = serializer.JsonDocumentFromJson(new MemoryStream(buffer.WrittenSpan.ToArray()));
        Assert.Equal("x", written.RootElement.GetProperty("Id").GetString());
        await using var command = test.DataSource.CreateCommand("select $1, $2::jsonb");
        foreach (var value in new[] { new Label { Id = "y" }, null })
        {
            var parameter = new Npgsql.NpgsqlParameter();
            serializer.WriteToParameter(parameter, value);
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        using var read = serializer.JsonDocumentFromJson(reader, 0);
        Assert.Equal("y", read.RootElement.GetProperty("Id").GetString());
        Assert.True(reader.IsDBNull(1));
    }
}
