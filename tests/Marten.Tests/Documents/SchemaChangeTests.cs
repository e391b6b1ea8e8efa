using JasperFx;
using Marten;
using Marten.Exceptions;
using Marten.Schema;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class SchemaChangeTests
{
    [Fact]
    public async Task A_second_start_changes_nothing()
    {
        var schema = TestStore.NewSchema();
        void Configure(StoreOptions o)
        {
            o.Schema.For<User>().Index(x => x.Age).Index(x => x.Email, i => i.Casing = ComputedIndex.Casings.Lower).UniqueIndex(x => x.Name)
                .Index(x => x.Id, i => i.SortOrder = SortOrder.Desc)
                .Index([x => x.Name, x => x.Age], i => i.Predicate = "data ->> 'Name' = 'x' or mt_last_modified is null").GinIndexJsonData().FullTextIndex(x => x.Name, x => x.Email!)
                .Duplicate(x => x.Email, configure: i => i.IsUnique = true);
            o.Schema.For<SchemaTests.Dated>().Index(x => x.At).Index(x => x.Day).Index(x => x.Price).Index(x => x.Other!.At);
            o.Schema.For<Note>().SoftDeletedWithIndex();
            o.Schema.For<Ticket>();
        }

        await using var first = await TestStore.CreateAsync(Configure, schema);
        await first.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var log = new SchemaLog();
        await using var second = await TestStore.CreateAsync(
            o =>
            {
                Configure(o);
                o.Logger(log);
            },
            schema);
        await second.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        Assert.Empty(log.Changes);
        Assert.Equal(SchemaPatchDifference.None, (await second.Store.Storage.CreateMigrationAsync()).Difference);
        await second.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task Tables_of_the_original_package_open_unchanged()
    {
        var schema = TestStore.NewSchema();
        var log = new SchemaLog();
        await using var test = await TestStore.CreateAsync(
            o =>
            {
                o.Schema.For<User>().Index(x => x.Email).Duplicate(x => x.Age);
                o.Logger(log);
            },
            schema);
        await test.ExecuteAsync(
            """
            create schema {0};
            create table {0}.mt_doc_user (
                id uuid not null,
                data jsonb not null,
                mt_last_modified timestamp with time zone null default (transaction_timestamp()),
                mt_version uuid not null default (md5(random()::text || clock_timestamp()::text)::uuid),
                mt_dotnet_type varchar null,
                age integer null,
                constraint pkey_mt_doc_user_id primary key (id));
            create index mt_doc_user_idx_email on {0}.mt_doc_user using btree ((data ->> 'Email'));
            create table {0}.mt_doc_page (
                id uuid not null,
                data jsonb not null,
                mt_last_modified timestamp with time zone null default (transaction_timestamp()),
                mt_version bigint not null default 0,
                mt_dotnet_type varchar null,
                constraint pkey_mt_doc_page_id primary key (id));
            create table {0}.mt_hilo (entity_name varchar not null, hi_value bigint null default 0, constraint pkey_mt_hilo_entity_name primary key (entity_name));
            create function {0}.mt_get_next_hi(entity varchar) returns integer language plpgsql as
            $$ declare block bigint; begin
                update {0}.mt_hilo set hi_value = hi_value + 1 where entity_name = entity returning hi_value into block;
                if not found then insert into {0}.mt_hilo values (entity, 0); block := 0; end if;
                return block; end $$;
            create function {0}.mt_immutable_timestamp(value text) returns timestamp without time zone language sql immutable as $$ select value::timestamp $$;
            create function {0}.mt_immutable_timestamptz(value text) returns timestamp with time zone language sql immutable as $$ select value::timestamptz $$;
            create function {0}.mt_immutable_date(value text) returns date language sql immutable as $$ select value::date $$;
            create function {0}.mt_immutable_time(value text) returns time without time zone language sql immutable as $$ select value::time $$;
            insert into {0}.mt_doc_user (id, data, age) values ('0190d7a2-0000-7000-8000-000000000003', '{{"Id": "0190d7a2-0000-7000-8000-000000000003", "Name": "old", "Age": 3}}', 3);
            """);
        var user = await test.LoadAsync<User>(new Guid("0190d7a2-0000-7000-8000-000000000003"));
        user!.Age++;
        await test.SaveAsync(s =>
        {
            s.Store(user);
            s.Store(new Page { Text = "x" });
        });
        Assert.Empty(log.Changes);
        Assert.Equal(4, await test.ScalarAsync("select age from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task New_columns_and_indexes_are_added_and_filled()
    {
        var schema = TestStore.NewSchema();
        await using (var before = await TestStore.CreateAsync(null, schema))
            await before.SaveAsync(s => s.Store(new User { Name = "a", Age = 7 }));
        await using var after = await TestStore.CreateAsync(o => o.Schema.For<User>().Duplicate(x => x.Age, notNull: true).Index(x => x.Name).SoftDeleted(), schema);
        await after.SaveAsync(s => s.Store(new User { Name = "b", Age = 8 }));
        Assert.Equal(15L, await after.ScalarAsync("select sum(age) from {0}.mt_doc_user where not mt_deleted"));
        Assert.NotNull(await SchemaTests.IndexAsync(after, "mt_doc_user_idx_name"));
    }

    [Fact]
    public async Task A_changed_index_is_built_again()
    {
        var schema = TestStore.NewSchema();
        await using (var before = await TestStore.CreateAsync(o => o.Schema.For<User>().Index(x => x.Name), schema))
            await before.SaveAsync(s => s.Store(new User()));
        await using var after = await TestStore.CreateAsync(o => o.Schema.For<User>().Index(x => x.Name, i => i.Casing = ComputedIndex.Casings.Upper), schema);
        await after.SaveAsync(s => s.Store(new User()));
        Assert.Contains("upper(", await SchemaTests.IndexAsync(after, "mt_doc_user_idx_name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destructive_change_is_refused_with_its_statements()
    {
        var schema = TestStore.NewSchema();
        await using (var before = await TestStore.CreateAsync(null, schema))
            await before.SaveAsync(s => s.Store(new User { Name = "kept" }));
        await using var after = await TestStore.CreateAsync(o => o.Schema.For<User>().UseNumericRevisions(true), schema);
        var failure = await Assert.ThrowsAsync<MartenSchemaException>(() => after.SaveAsync(s => s.Store(new User())));
        Assert.Contains("DROP TABLE", failure.Message, StringComparison.Ordinal);
        Assert.Contains("column mt_version is uuid instead of bigint", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await after.ScalarAsync("select count(*) from {0}.mt_doc_user"));

        await using var rebuilt = await TestStore.CreateAsync(
            o =>
            {
                o.Schema.For<User>().UseNumericRevisions(true);
                o.AutoCreateSchemaObjects = AutoCreate.All;
            },
            schema);
        await rebuilt.SaveAsync(s => s.Store(new User()));
        Assert.Equal(1L, await rebuilt.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task A_store_that_may_only_create_refuses_to_change()
    {
        var schema = TestStore.NewSchema();
        await using (var before = await TestStore.CreateAsync(null, schema))
            await before.SaveAsync(s => s.Store(new User()));
        await using var after = await TestStore.CreateAsync(
            o =>
            {
                o.AutoCreateSchemaObjects = AutoCreate.CreateOnly;
                o.Schema.For<User>().Index(x => x.Name);
            },
            schema);
        await Assert.ThrowsAsync<MartenSchemaException>(() => after.SaveAsync(s => s.Store(new User())));
        await after.SaveAsync(s => s.Store(new Label { Id = "new table" }));
    }

    [Fact]
    public async Task A_store_that_may_not_touch_the_schema_asks_for_nothing()
    {
        await using var test = await TestStore.CreateAsync(o => o.AutoCreateSchemaObjects = AutoCreate.None);
        await Assert.ThrowsAsync<MartenCommandException>(() => test.SaveAsync(s => s.Store(new User())));
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await test.SaveAsync(s => s.Store(new User()));
    }

    [Fact]
    public async Task Rows_that_break_a_new_unique_index_are_named_with_the_statement()
    {
        var schema = TestStore.NewSchema();
        await using (var before = await TestStore.CreateAsync(null, schema))
            await before.SaveAsync(s => s.Store(new User { Name = "same" }, new User { Name = "same" }));
        await using var after = await TestStore.CreateAsync(o => o.Schema.For<User>().UniqueIndex(x => x.Name), schema);
        var failure = await Assert.ThrowsAsync<MartenSchemaException>(() => after.SaveAsync(s => s.Store(new User())));
        Assert.Contains("CREATE UNIQUE INDEX mt_doc_user_uidx_name", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gin_index_over_a_text_says_which_extension_it_needs()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().Duplicate(x => x.Name, configure: i => i.Method = IndexMethod.gin));
        var failure = await Assert.ThrowsAsync<MissingGinExtensionException>(() => test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync());
        Assert.Contains("create extension btree_gin", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hosts_that_start_at_once_make_one_schema()
    {
        var schema = TestStore.NewSchema();
        var hosts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TestStore.CreateAsync(
            o =>
            {
                o.Schema.For<User>().Index(x => x.Name);
                o.Schema.For<Ticket>();
            },
            schema)));
        await Task.WhenAll(hosts.Select((host, i) => Task.Run(async () =>
        {
            if (i % 2 == 0)
                await host.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            await host.SaveAsync(s => s.Store(new User()));
        })));
        Assert.Equal(6L, await hosts[0].ScalarAsync("select count(*) from {0}.mt_doc_user"));
        foreach (var host in hosts)
            await host.DisposeAsync();
    }
}
