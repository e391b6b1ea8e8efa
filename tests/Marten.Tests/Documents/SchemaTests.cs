using JasperFx;
using Marten;
using Marten.Exceptions;
using Marten.Schema;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class SchemaTests
{
    private const string Columns = "select string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' order by ordinal_position) from information_schema.columns where table_schema = '{0}' and table_name = ";

    [Fact]
    public async Task The_table_has_the_published_layout()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().Duplicate(x => x.Age).Duplicate(x => x.Email));
        await test.SaveAsync(s => s.Store(new User { Age = 5 }));
        Assert.Equal(
            "id uuid NO, data jsonb NO, mt_last_modified timestamp with time zone YES, mt_version uuid NO, mt_dotnet_type character varying YES, age integer YES, email character varying YES",
            await test.ScalarAsync(Columns + "'mt_doc_user'"));
        Assert.Equal("pkey_mt_doc_user_id", await test.ScalarAsync("select conname::text from pg_constraint where conrelid = '{0}.mt_doc_user'::regclass"));
        Assert.Equal($"{typeof(User).FullName}, {typeof(User).Assembly.GetName().Name}", await test.ScalarAsync("select mt_dotnet_type from {0}.mt_doc_user"));
        Assert.Equal(5, await test.ScalarAsync("select age from {0}.mt_doc_user"));
    }

    [Fact]
    public async Task Revisions_and_soft_deletion_have_the_published_columns()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s =>
        {
            s.Store(new Page());
            s.Store(new Note());
        });
        Assert.Equal("0", await test.ScalarAsync("select column_default from information_schema.columns where table_schema = '{0}' and table_name = 'mt_doc_page' and column_name = 'mt_version' and data_type = 'bigint'"));
        Assert.EndsWith("mt_deleted boolean YES, mt_deleted_at timestamp with time zone YES", (string)(await test.ScalarAsync(Columns + "'mt_doc_note'"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Indexes_have_the_published_names_and_expressions()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>()
            .Index(x => x.Age)
            .Index(x => x.Email, i => i.Casing = ComputedIndex.Casings.Lower)
            .UniqueIndex(x => x.Name)
            .Index([x => x.Name, x => x.Age])
            .GinIndexJsonData()
            .FullTextIndex(x => x.Name, x => x.Email!));
        await test.SaveAsync(s => s.Store(new User()));
        Assert.Equal("CREATE INDEX mt_doc_user_idx_age ON {0}.mt_doc_user USING btree ((((data ->> 'Age'::text))::integer))", await IndexAsync(test, "mt_doc_user_idx_age"));
        Assert.Equal("CREATE INDEX mt_doc_user_idx_email ON {0}.mt_doc_user USING btree (lower((data ->> 'Email'::text)))", await IndexAsync(test, "mt_doc_user_idx_email"));
        Assert.Equal("CREATE UNIQUE INDEX mt_doc_user_uidx_name ON {0}.mt_doc_user USING btree (((data ->> 'Name'::text)))", await IndexAsync(test, "mt_doc_user_uidx_name"));
        Assert.Contains("mt_doc_user_idx_nameage", await IndexAsync(test, "mt_doc_user_idx_nameage"), StringComparison.Ordinal);
        Assert.Equal("CREATE INDEX mt_doc_user_idx_data ON {0}.mt_doc_user USING gin (data jsonb_path_ops)", await IndexAsync(test, "mt_doc_user_idx_data"));
        Assert.Contains("USING gin (to_tsvector('english'::regconfig", await IndexAsync(test, "mt_doc_user_idx_fts"), StringComparison.Ordinal);
    }

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
            o.Schema.For<Dated>().Index(x => x.At).Index(x => x.Day).Index(x => x.Price).Index(x => x.Other!.At);
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
        Assert.NotNull(await IndexAsync(after, "mt_doc_user_idx_name"));
    }

    [Fact]
    public async Task A_changed_index_is_built_again()
    {
        var schema = TestStore.NewSchema();
        await using (var before = await TestStore.CreateAsync(o => o.Schema.For<User>().Index(x => x.Name), schema))
            await before.SaveAsync(s => s.Store(new User()));
        await using var after = await TestStore.CreateAsync(o => o.Schema.For<User>().Index(x => x.Name, i => i.Casing = ComputedIndex.Casings.Upper), schema);
        await after.SaveAsync(s => s.Store(new User()));
        Assert.Contains("upper(", await IndexAsync(after, "mt_doc_user_idx_name"), StringComparison.Ordinal);
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

    [Fact]
    public async Task The_whole_script_makes_the_schema_elsewhere()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<User>().Index(x => x.Name);
            o.Schema.For<Dated>().Index(x => x.At);
        });
        await test.ExecuteAsync(test.Store.Storage.ToDatabaseScript().Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        Assert.Equal([test.Schema], test.Store.Storage.AllSchemaNames());
    }

    [Fact]
    public async Task Names_that_need_quotes_work()
    {
        var schema = "Order-" + TestStore.NewSchema();
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<Odd>().DocumentAlias("group").Duplicate(x => x.Order).Index(x => x.Select), schema);
        var odd = new Odd { Order = 1, Select = "x" };
        await test.SaveAsync(s => s.Store(odd));
        Assert.Equal(1, (await test.LoadAsync<Odd>(odd.Id))!.Order);
    }

    [Fact]
    public async Task A_name_that_postgres_would_cut_is_refused()
    {
        await using var test = await TestStore.CreateAsync(o => o.Schema.For<User>().DocumentAlias(new string('x', 60)));
        await Assert.ThrowsAsync<InvalidDocumentException>(() => test.SaveAsync(s => s.Store(new User())));
    }

    [Fact]
    public async Task Everything_that_a_store_made_can_be_removed()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s =>
        {
            s.Store(new User());
            s.Store(new Ticket());
        });
        await test.Store.Advanced.Clean.DeleteDocumentsByTypeAsync(typeof(User));
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_ticket"));
        await test.Store.Advanced.Clean.DeleteAllDocumentsAsync();
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from {0}.mt_doc_ticket"));
        await test.Store.Advanced.Clean.CompletelyRemoveAllAsync();
        Assert.Equal(0L, await test.ScalarAsync("select count(*) from pg_class where relnamespace = '{0}'::regnamespace"));
        await test.SaveAsync(s => s.Store(new User()));
        Assert.Equal(1L, await test.ScalarAsync("select count(*) from {0}.mt_doc_user"));
    }

    private static async Task<string> IndexAsync(TestStore test, string name)
    {
        var definition = (string?)await test.ScalarAsync($"select indexdef from pg_indexes where schemaname = '{{0}}' and indexname = '{name}'");
        Assert.NotNull(definition);
        return definition.Replace($" {test.Schema}.", " {0}.", StringComparison.Ordinal);
    }

    internal sealed class Dated
    {
        public Guid Id { get; set; }

        public DateTimeOffset At { get; set; }

        public DateOnly Day { get; set; }

        public decimal? Price { get; set; }

        public Dated? Other { get; set; }
    }

    internal sealed class Odd
    {
        public Guid Id { get; set; }

        public int Order { get; set; }

        public string? Select { get; set; }
    }
}
