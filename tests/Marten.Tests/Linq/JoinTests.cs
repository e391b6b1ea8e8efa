using Marten;
using Marten.Exceptions;
using Marten.Linq.MatchesSql;

namespace ModularMonolith.Marten.Tests.Linq;

public class JoinTests
{
    [Fact]
    public async Task Documents_join_by_equal_members()
    {
        await using var library = await Library.OpenAsync();
        var session = library.Session;

        var found = await session.Query<Book>().Where(b => b.Year > 2000)
            .Join(session.Query<Author>().Where(a => a.Country != "PT"), b => b.AuthorId, a => (Guid?)a.Id, (b, a) => new { b.Title, a.Name, Author = a, Book = b })
            .Where(x => x.Name != "author 3").OrderBy(x => x.Title).ToListAsync();

        var expected = library.Books.Where(b => b.Year > 2000)
            .Join(library.Authors.Where(a => a.Country != "PT"), b => b.AuthorId, a => a.Id, (b, a) => (b.Title, a.Name, AuthorId: a.Id, BookId: b.Id))
            .Where(x => x.Name != "author 3").OrderBy(x => x.Title);
        Assert.Equal(expected, found.Select(x => (x.Title, x.Name, x.Author.Id, x.Book.Id)));
    }

    [Fact]
    public async Task Several_joins_and_keys_of_several_parts_work_together()
    {
        await using var library = await Library.OpenAsync();
        var session = library.Session;

        var found = await session.Query<Book>()
            .Join(session.Query<Author>(), b => b.AuthorId, a => (Guid?)a.Id, (b, a) => new { b, a })
            .Join(session.Query<Book>().Where(b => b.Sold), x => new { x.b.Country, x.b.Year }, o => new { o.Country, o.Year }, (x, o) => new { x.b.Title, x.a.Name, Other = o.Title })
            .ToListAsync();

        var expected = library.Books
            .Join(library.Authors, b => b.AuthorId, a => a.Id, (b, a) => new { b, a })
            .Join(library.Books.Where(b => b.Sold), x => new { x.b.Country, x.b.Year }, o => new { o.Country, o.Year }, (x, o) => new { x.b.Title, x.a.Name, Other = o.Title });
        Assert.Equal(expected.OrderBy(x => x.Title).ThenBy(x => x.Other), found.OrderBy(x => x.Title).ThenBy(x => x.Other));
    }

    [Fact]
    public async Task A_group_join_counts_lists_and_tests_what_belongs_to_each_result()
    {
        await using var library = await Library.OpenAsync();
        var session = library.Session;

        var found = await session.Query<Author>()
            .GroupJoin(session.Query<Book>().Where(b => b.Year > 2000), a => (Guid?)a.Id, b => b.AuthorId, (a, books) => new
            {
                a.Name,
                Count = books.Count(),
                Sold = books.Count(b => b.Sold),
                Sum = books.Sum(b => b.Price),
                Any = books.Any(),
                Titles = books.Select(b => b.Title).ToList(),
            }).OrderBy(x => x.Name).ToListAsync();

        var expected = library.Authors.GroupJoin(library.Books.Where(b => b.Year > 2000), a => a.Id, b => b.AuthorId, (a, books) => (a.Name, Books: books.ToList())).ToList();
        Assert.Equal(expected.Select(x => (x.Name, x.Books.Count, x.Books.Count(b => b.Sold), x.Books.Sum(b => b.Price), x.Books.Count > 0)), found.Select(x => (x.Name, x.Count, x.Sold, x.Sum, x.Any)));
        Assert.Equal(expected.Select(x => x.Books.Select(b => b.Title).Order()), found.Select(x => x.Titles.Order()));
    }

    [Fact]
    public async Task An_outer_join_keeps_results_without_a_counterpart()
    {
        await using var library = await Library.OpenAsync(o => o.Schema.For<Author>().SoftDeleted());
        await library.Store.SaveAsync(s => s.Delete(library.Authors[2]));
        var session = library.Session;

        var found = await session.Query<Book>()
            .GroupJoin(session.Query<Author>(), b => b.AuthorId, a => (Guid?)a.Id, (b, authors) => new { b, authors })
            .SelectMany(x => x.authors.DefaultIfEmpty(), (x, a) => new { x.b.Title, a!.Name, Known = a != null, Author = a }).OrderBy(x => x.Title).ToListAsync();

        var expected = library.Books.Select(b => (b.Title, Author: library.Authors.Find(a => a.Id == b.AuthorId && a != library.Authors[2]))).OrderBy(x => x.Title);
        Assert.Equal(expected.Select(x => (x.Title, x.Author?.Name, x.Author is not null, x.Author?.Id)), found.Select(x => (x.Title, (string?)x.Name, x.Known, x.Author?.Id)));
    }

    [Fact]
    public async Task Joined_documents_can_be_grouped()
    {
        await using var library = await Library.OpenAsync();
        var session = library.Session;

        var found = await session.Query<Book>().Join(session.Query<Author>(), b => b.AuthorId, a => (Guid?)a.Id, (b, a) => new { b, a })
            .GroupBy(x => x.a.Country).Select(g => new { g.Key, Sum = g.Sum(x => x.b.Price) }).OrderBy(x => x.Key).ToListAsync();

        Assert.Equal(
            library.Books.Join(library.Authors, b => b.AuthorId, a => a.Id, (b, a) => new { b, a }).GroupBy(x => x.a.Country).Select(g => new { g.Key, Sum = g.Sum(x => x.b.Price) }).OrderBy(x => x.Key),
            found);
    }

    [Fact]
    public async Task What_is_no_query_with_conditions_cannot_be_joined()
    {
        await using var library = await Library.OpenAsync();
        var session = library.Session;

        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<Book>().Join(session.Query<Author>().Take(2), b => b.AuthorId, a => (Guid?)a.Id, (b, a) => b.Title).ToListAsync());
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<Book>().Join(library.Authors, b => b.AuthorId, a => (Guid?)a.Id, (b, a) => b.Title).ToListAsync());
    }

    [Fact]
    public async Task Collections_can_be_compared_with_sets_of_values()
    {
        await using var library = await Library.OpenAsync();
        var (one, two) = (library.Authors[0].Id, library.Authors[1].Id);
        Guid[] few = [one, two, library.Authors[2].Id];
        var query = library.Session.Query<Book>();

        Assert.Equal(library.Books.Count(b => b.Reviewers.Contains(one) && b.Reviewers.Contains(two)), await query.CountAsync(b => b.Reviewers.IsSupersetOf(one, two)));
        Assert.Equal(library.Books.Count(b => b.Reviewers.All(few.Contains)), await query.CountAsync(b => b.Reviewers.IsSubsetOf(few)));
        Assert.Equal(library.Books.Count(b => !b.Reviewers.Contains(one)), await query.CountAsync(b => !b.Reviewers.IsSupersetOf(new List<Guid> { one })));
        Assert.Equal(library.Books.Count(b => b.Quotes.Any(q => q.Text == "author 1")), await query.CountAsync(b => b.MatchesJsonPath("d.data @? '$.Quotes[*] ? (@.Text == \"author 1\")'")));
    }

    [Fact]
    public async Task Members_named_at_run_time_can_order_and_only_members_can()
    {
        await using var library = await Library.OpenAsync();
        var query = library.Session.Query<Book>();

        Assert.Equal(library.Books.OrderBy(b => b.Year).ThenByDescending(b => b.Title).Select(b => b.Title), await query.OrderBy("year", "Title desc").Select(b => b.Title).ToListAsync());
        Assert.Equal(library.Books.OrderByDescending(b => b.Price).ThenBy(b => b.Title).Select(b => b.Title), await query.OrderByDescending("Price").ThenBy("Title").Select(b => b.Title).ToListAsync());
        Assert.Equal(library.Books.Min(b => b.Title), (await query.OrderBy("Title", StringComparer.OrdinalIgnoreCase).FirstAsync()).Title);
        foreach (var name in new[] { "Title; drop table mt_doc_book", "data", "Title asc desc", "", "Title nulls" })
            Assert.Throws<ArgumentException>(() => query.OrderBy(name));
    }
}
