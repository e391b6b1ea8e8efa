using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Linq;

public class IncludeTests
{
    [Fact]
    public async Task The_documents_that_results_name_come_with_them_in_one_request()
    {
        await using var library = await Library.OpenAsync();
        var (seen, list, byId) = (new List<Author>(), new List<Author>(), new Dictionary<Guid, Author>());
        await library.Session.Query<Book>().CountAsync();
        await library.Session.Query<Author>().CountAsync();
        var requests = library.Session.RequestCount;

        var books = await library.Session.Query<Book>()
            .Include<Author>(b => b.AuthorId!, seen.Add)
            .Include(b => b.AuthorId!, list)
            .Include(b => b.AuthorId!, byId)
            .Where(b => b.Year > 2000).ToListAsync();

        var expected = library.Books.Where(b => b.Year > 2000 && b.AuthorId is not null).Select(b => b.AuthorId!.Value).Distinct().Order().ToList();
        Assert.Equal(requests + 1, library.Session.RequestCount);
        Assert.Equal(library.Books.Count(b => b.Year > 2000), books.Count);
        Assert.Equal(expected, seen.Select(a => a.Id).Order());
        Assert.Equal(expected, list.Select(a => a.Id).Order());
        Assert.Equal(expected, byId.Keys.Order());
        Assert.All(byId, pair => Assert.Equal(pair.Key, pair.Value.Id));
    }

    [Fact]
    public async Task Only_what_the_returned_page_names_is_included()
    {
        await using var library = await Library.OpenAsync();
        var list = new List<Author>();

        var page = await library.Session.Query<Book>().Where(b => b.AuthorId != null).OrderByDescending(b => b.Title).Include(b => b.AuthorId!, list).Stats(out var statistics).Skip(1).Take(2).ToListAsync();
        var first = new List<Author>();
        var one = await library.Session.Query<Book>().Include<Author>(b => b.AuthorId!, first.Add).OrderBy(b => b.Title).FirstAsync();

        Assert.Equal(page.Select(b => b.AuthorId!.Value).Distinct().Order(), list.Select(a => a.Id).Order());
        Assert.Equal(library.Books.Count(b => b.AuthorId is not null), statistics.TotalResults);
        Assert.Equal(one.AuthorId, Assert.Single(first).Id);
    }

    [Fact]
    public async Task Ids_may_be_in_a_collection_or_in_its_elements()
    {
        await using var library = await Library.OpenAsync();
        var (reviewers, quoted, few) = (new List<Author>(), new Dictionary<Guid, Author>(), new List<Author>());

        await library.Session.Query<Book>().Include(b => b.Reviewers, reviewers).Include(b => b.Quotes.Select(q => q.AuthorId), quoted).Where(b => b.Sold).ToListAsync();
        var pair = await library.Session.Query<Book>().Include(b => b.Reviewers, few).OrderBy(b => b.Title).Take(2).ToListAsync();

        Assert.Equal(library.Books.Where(b => b.Sold).SelectMany(b => b.Reviewers).Distinct().Order(), reviewers.Select(a => a.Id).Order());
        Assert.Equal(library.Books.Where(b => b.Sold).SelectMany(b => b.Quotes).Select(q => q.AuthorId).Distinct().Order(), quoted.Keys.Order());
        Assert.Equal(pair.SelectMany(b => b.Reviewers).Distinct().Order(), few.Select(a => a.Id).Order());
    }

    [Fact]
    public async Task Included_documents_may_be_filtered_and_deleted_ones_stay_hidden()
    {
        await using var library = await Library.OpenAsync(o => o.Schema.For<Author>().SoftDeleted());
        await library.Store.SaveAsync(s => s.Delete(library.Authors[0]));
        var (all, dutch) = (new List<Author>(), new List<Author>());

        await library.Session.Query<Book>().Include(b => b.AuthorId!, all).Include(b => b.AuthorId!, dutch, a => a.Country == "NL").ToListAsync();

        Assert.Equal(library.Authors.Skip(1).Take(3).Select(a => a.Id).Order(), all.Select(a => a.Id).Order());
        Assert.Equal([library.Authors[3].Id], dutch.Select(a => a.Id));
    }

    [Fact]
    public async Task Documents_may_be_matched_by_another_member_than_their_id()
    {
        await using var library = await Library.OpenAsync();
        var (list, single, lists) = (new List<Author>(), new Dictionary<string, IList<Author>>(), new Dictionary<string, List<Author>>());

        await library.Session.Query<Book>().Include<Book, Author>(list).On(b => b.Country, a => a.Country, a => a.Name != "author 0").Where(b => b.Country == "NL").ToListAsync();
        await library.Session.Query<Book>().Include(single).On(b => b.Country, a => a.Country).Where(b => b.Country == "DE").ToListAsync();
        await library.Session.Query<Book>().Include(lists).On(b => b.Country, a => a.Country, a => a.Name != "author 1").ToListAsync();

        Assert.Equal(["author 3"], list.Select(a => a.Name));
        Assert.Equal(["author 1", "author 4"], Assert.Single(single).Value.Select(a => a.Name).Order());
        Assert.Equal(library.Books.Select(b => b.Country).Distinct().Order(), lists.Keys.Order());
        Assert.Equal(["author 4"], lists["DE"].Select(a => a.Name));
    }

    [Fact]
    public async Task Included_documents_are_those_that_an_identity_session_knows()
    {
        await using var library = await Library.OpenAsync(identity: true);
        var known = await library.Session.LoadAsync<Author>(library.Authors[1].Id);
        var list = new List<Author>();

        await library.Session.Query<Book>().Include(b => b.AuthorId!, list).ToListAsync();

        Assert.Contains(list, a => ReferenceEquals(a, known));
    }

    [Fact]
    public async Task Counting_and_JSON_ignore_includes_and_streaming_refuses_them()
    {
        await using var library = await Library.OpenAsync();
        var list = new List<Author>();
        var query = library.Session.Query<Book>().Include(b => b.AuthorId!, list);

        Assert.Equal(24, await query.CountAsync());
        Assert.True(await query.AnyAsync());
        Assert.StartsWith("[{", await query.ToJsonArray(), StringComparison.Ordinal);
        Assert.Empty(list);
        await Assert.ThrowsAsync<BadLinqExpressionException>(async () =>
        {
            await foreach (var _ in query.ToAsyncEnumerable())
            {
            }
        });
    }
}
