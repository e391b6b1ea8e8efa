using Marten.Exceptions;
using Marten.Schema;

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

    internal static async Task<string> IndexAsync(TestStore test, string name)
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
