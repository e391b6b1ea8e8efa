using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Documents;

public sealed class AdvancedSqlTests
{
    internal sealed record Summary(string Name, int Age);

    internal enum Level
    {
        Low,
        High,
    }

    [Fact]
    public async Task Scalars_are_read_alone_and_in_rows()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Query();
        var sql = session.AdvancedSql;
        Assert.Equal([1, 2, 3], await sql.QueryAsync<int>("select * from generate_series(1, ?)", default, 3));
        Assert.Equal((5, "a?b", true), (await sql.QueryAsync<int, string, bool>('^', "select row(^), row('a?b'), row(true)", default, 5)).Single());
        Assert.Equal((null, Level.High), (await sql.QueryAsync<int?, Level>("select row(null::int), row(1)", default)).Single());
        Assert.Equal(Level.High, (await sql.QueryAsync<Level>("select 'High'", default)).Single());
        await Assert.ThrowsAsync<InvalidCastException>(() => sql.QueryAsync<int>("select null::int", default));
    }

    [Fact]
    public async Task Json_becomes_any_type()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Query();
        var rows = await session.AdvancedSql.QueryAsync<Summary, Summary>("select row(json_build_object('Name', 'ä', 'Age', 1)), row(jsonb_build_object('Name', 'b', 'Age', 2))", default);
        Assert.Equal((new Summary("ä", 1), new Summary("b", 2)), rows.Single());
        Assert.Equal(new Summary("c", 3), (await session.AdvancedSql.QueryAsync<Summary>("select jsonb_build_object('Name', 'c', 'Age', 3) as data", default)).Single());
    }

    [Fact]
    public async Task Documents_come_with_their_versions_and_identity()
    {
        await using var test = await TestStore.CreateAsync();
        var account = new Account { Balance = 5 };
        var pages = new[] { new Page { Text = "a" }, new Page { Text = "b" } };
        await test.SaveAsync(s => s.Store<object>([account, .. pages]));
        await using var session = test.Store.IdentitySession();
        var table = session.DocumentStore.Options.Schema.For<Account>();
        var read = (await session.AdvancedSql.QueryAsync<Account>($"select id, data, mt_version from {table}", default)).Single();
        Assert.Equal((account.Version, 5), (read.Version, read.Balance));
        Assert.Same(read, await session.LoadAsync<Account>(account.Id));
        read.Balance = 6;
        session.Store(read);
        await session.SaveChangesAsync();
        var rows = await session.AdvancedSql.QueryAsync<Page, Account, long>(
            $"select row(p.id, p.data, p.mt_version), row(a.id, a.data, a.mt_version), row(count(*) over()) from {session.DocumentStore.Options.Schema.For<Page>()} p left join {table} a on a.data ->> 'Balance' = p.data ->> 'Text' order by p.data ->> 'Text'", default);
        Assert.Equal(["a", "b"], rows.Select(r => r.Item1.Text));
        Assert.All(rows, r => Assert.Equal((null, 2L, 1), (r.Item2, r.Item3, r.Item1.Version)));
    }

    [Fact]
    public async Task A_document_needs_no_id_column_and_its_table_is_created()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Query();
        Assert.Empty(await session.AdvancedSql.QueryAsync<User>($"select id, data from {test.Schema}.mt_doc_user", default));
        await test.SaveAsync(s => s.Store(new User { Name = "Ann" }));
        Assert.Equal("Ann", (await session.AdvancedSql.QueryAsync<User>($"select data from {test.Schema}.mt_doc_user", default)).Single().Name);
    }

    [Fact]
    public async Task Soft_deletion_is_read_from_the_last_columns()
    {
        await using var test = await TestStore.CreateAsync();
        var note = new Note { Text = "x" };
        await test.SaveAsync(s => s.Store(note));
        await test.SaveAsync(s => s.Delete(note));
        await using var session = test.Query();
        var read = (await session.AdvancedSql.QueryAsync<Note>($"select id, data, mt_deleted, mt_deleted_at from {test.Schema}.mt_doc_note", default)).Single();
        Assert.True(read.Deleted);
        Assert.NotNull(read.DeletedAt);
    }

    [Fact]
    public async Task Rows_are_streamed()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Query();
        var sum = 0L;
        await foreach (var number in session.AdvancedSql.StreamAsync<long>("select * from generate_series(1, ?::bigint)", default, 1000L))
            sum += number;
        Assert.Equal(500_500, sum);
        await foreach (var (one, two) in session.AdvancedSql.StreamAsync<int, string>("select row(1), row('x')", default))
            Assert.Equal((1, "x"), (one, two));
        await foreach (var row in session.AdvancedSql.StreamAsync<int, int, int>("select row(1), row(2), row(3)", default))
            Assert.Equal((1, 2, 3), row);
    }

    [Fact]
    public async Task Mistakes_in_the_statement_are_named()
    {
        await using var test = await TestStore.CreateAsync();
        await using var session = test.Query();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => session.AdvancedSql.QueryAsync<int, int>("select 1, 2", default));
        Assert.Contains("row(", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => session.AdvancedSql.QueryAsync<int>("select ?", default));
        await Assert.ThrowsAsync<MartenCommandException>(() => session.AdvancedSql.QueryAsync<int>("select nothing", default));
        Assert.Equal("'; drop table x", (await session.AdvancedSql.QueryAsync<string>("select ?", default, "'; drop table x")).Single());
    }

    [Fact]
    public async Task A_sequence_is_named_by_schema_and_name()
    {
        await using var test = await TestStore.CreateAsync();
        await test.SaveAsync(s => s.Store(new User()));
        await test.ExecuteAsync("create sequence {0}.\"Orders\" start 7");
        await using var session = test.Query();
        var name = new Weasel.Core.DbObjectName(test.Schema, "Orders");
        Assert.Equal(7, await session.NextSequenceValue(name));
        Assert.Equal(8L, await session.NextSequenceValueAsLong(name));
        Assert.Same(test.Store.Storage.Database, session.Database);
    }
}
