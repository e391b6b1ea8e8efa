using System.Text;
using System.Text.Json;
using Marten;

namespace ModularMonolith.Marten.Tests.Linq;

public sealed class ExplainAndPagingTests
{
    [Fact]
    public async Task A_plan_is_explained_and_measured_when_asked()
    {
        await using var library = await Library.OpenAsync();
        var query = library.Session.Query<Book>().Where(x => x.Year > 1990).OrderBy(x => x.Title);
        var plan = await query.ExplainAsync();
        Assert.True(plan.TotalCost > 0);
        Assert.Equal(0, plan.ExecutionTime);
        Assert.Contains("mt_doc_book", plan.Command!.CommandText, StringComparison.Ordinal);
        Assert.DoesNotContain("explain", plan.Command.CommandText, StringComparison.Ordinal);
        var measured = await query.ExplainAsync(default, e => e.Analyze().Verbose().Costs().Buffers().Timing().Analyze());
        Assert.True(measured.ExecutionTime > 0);
        Assert.Equal("Sort", measured.NodeType);
        Assert.NotEmpty(measured.SortKey);
        Assert.Equal("mt_doc_book", measured.Plans[0].RelationName);
        Assert.NotEmpty(measured.Output);
    }

    [Theory]
    [InlineData(1, 10, 10, true, false)]
    [InlineData(3, 10, 4, false, true)]
    [InlineData(9, 10, 0, false, true)]
    public async Task A_page_of_json_tells_where_it_is(int number, int size, int items, bool hasNext, bool hasPrevious)
    {
        await using var library = await Library.OpenAsync();
        using var stream = new MemoryStream();
        Assert.Equal(items, await library.Session.Query<Book>().OrderBy(x => x.Title).StreamPagedJsonArray(stream, number, size));
        using var page = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        var root = page.RootElement;
        Assert.Equal((number, size, 24, 3), (root.GetProperty("pageNumber").GetInt32(), root.GetProperty("pageSize").GetInt32(), root.GetProperty("totalItemCount").GetInt32(), root.GetProperty("pageCount").GetInt32()));
        Assert.Equal((hasNext, hasPrevious), (root.GetProperty("hasNextPage").GetBoolean(), root.GetProperty("hasPreviousPage").GetBoolean()));
        Assert.Equal(library.Books.OrderBy(b => b.Title, StringComparer.Ordinal).Skip((number - 1) * size).Take(size).Count(), root.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Pages_begin_at_one()
    {
        await using var library = await Library.OpenAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => library.Session.Query<Book>().StreamPagedJsonArray(Stream.Null, 0, 5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => library.Session.Query<Book>().StreamPagedJsonArray(Stream.Null, 1, 0));
        await Assert.ThrowsAsync<OverflowException>(() => library.Session.Query<Book>().StreamPagedJsonArray(Stream.Null, int.MaxValue, 100));
        using var stream = new MemoryStream();
        Assert.Equal(0, await library.Session.Query<Book>().Where(x => x.Year < 0).Select(x => new { x.Title }).StreamPagedJsonArray(stream, 1, 5));
        Assert.Equal("""{"pageNumber":1,"pageSize":5,"totalItemCount":0,"pageCount":0,"hasNextPage":false,"hasPreviousPage":false,"items":[]}""", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public async Task Sql_of_the_caller_is_a_value_of_a_query()
    {
        await using var library = await Library.OpenAsync();
        var book = library.Books[0];
        var read = await library.Session.Query<Book>().Where(x => x.Id == book.Id).Select(x => new { x.Title, Length = x.ExplicitSql<int>("length(d.data ->> 'Title')"), Upper = x.ExplicitSql<string>("upper(d.data ->> 'Title')") }).SingleAsync();
        Assert.Equal((book.Title, book.Title.Length, book.Title.ToUpperInvariant()), (read.Title, read.Length, read.Upper));
        Assert.Equal(library.Books.Count(b => b.Year % 2 == 0), await library.Session.Query<Book>().CountAsync(x => x.ExplicitSql<int>("mod(CAST(d.data ->> 'Year' as integer), 2)") == 0));
        Assert.Equal(library.Books.Count(b => b.Sold), await library.Session.Query<Book>().CountAsync(x => x.ExplicitSql<bool>("CAST(d.data ->> 'Sold' as boolean)")));
        Assert.Throws<NotSupportedException>(() => book.ExplicitSql<int>("1"));
    }

    [Fact]
    public async Task Scripts_are_written_by_type_and_run_in_order()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.RegisterDocumentType<Book>();
            o.Schema.For<Author>().DocumentAlias("writer");
        });
        var directory = Path.Combine(Path.GetTempPath(), "scripts" + Guid.NewGuid().ToString("N"));
        try
        {
            await test.Store.Storage.WriteScriptsByType(directory);
            var files = (await File.ReadAllLinesAsync(Path.Combine(directory, "all.sql"))).Select(l => l.Replace("\\i ", "", StringComparison.Ordinal)).ToList();
            Assert.Equal(["book.sql", "writer.sql"], files);
            foreach (var file in files)
            {
                await using var command = test.DataSource.CreateCommand(await File.ReadAllTextAsync(Path.Combine(directory, file)));
                await command.ExecuteNonQueryAsync();
            }

            await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
            Assert.Contains(test.Store.Storage.AllObjects(), o => o.Identifier.Name == "mt_doc_writer");
            Assert.Same(test.Store.Storage.Database, Assert.Single(await test.Store.Storage.AllDatabases()));
        }
        finally
        {
            Directory.Delete(directory, true);
        }
    }
}
