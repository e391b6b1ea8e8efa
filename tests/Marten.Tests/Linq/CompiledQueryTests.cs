using System.Linq.Expressions;
using Marten;
using Marten.Exceptions;
using Marten.Linq;

namespace ModularMonolith.Marten.Tests.Linq;

public class CompiledQueryTests
{
    [Fact]
    public async Task One_document_is_found_by_the_values_of_each_query()
    {
        await using var library = await Library.OpenAsync();

        foreach (var book in library.Books.Take(5))
            Assert.Equal(book.Id, (await library.Session.QueryAsync(new BookByTitle { Title = book.Title }))?.Id);
        Assert.Null(await library.Session.QueryAsync(new BookByTitle { Title = "none" }));
        Assert.Null(await library.Session.QueryAsync(new BookByTitle { Title = null }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => library.Session.QueryAsync(new OnlyBookOf { Year = 2001 }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => library.Session.QueryAsync(new OnlyBookOf { Year = 1900 }));
    }

    [Fact]
    public async Task Lists_are_filtered_projected_and_paged_with_their_statistics()
    {
        await using var library = await Library.OpenAsync();

        for (var page = 0; page < 5; page++)
        {
            var query = new PageOfBooks { From = 2001, Skipped = page * 4, Taken = 4 };
            var found = await library.Session.QueryAsync(query);
            var expected = library.Books.Where(b => b.Year >= 2001).OrderBy(b => b.Title).Select(b => b.Title).ToList();
            Assert.Equal(expected.Skip(page * 4).Take(4), found);
            Assert.Equal(expected.Count, query.Statistics.TotalResults);
        }
    }

    [Fact]
    public async Task Values_of_every_kind_change_from_run_to_run()
    {
        await using var library = await Library.OpenAsync(o => o.UseSystemTextJsonForSerialization(Weasel.Core.EnumStorage.AsString));
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var query = new ManyConditions
            {
                Genre = random.Next(3) == 0 ? null : (Genre)random.Next(3),
                Least = (Genre)random.Next(3),
                Part = random.Next(3) == 0 ? null : random.Next(10).ToString(System.Globalization.CultureInfo.InvariantCulture),
                Countries = [.. new[] { "NL", "DE", "PT" }.Where(_ => random.Next(2) == 0)],
                Sold = random.Next(2) == 0,
                Reviewer = library.Authors[random.Next(6)].Id,
                Price = random.Next(2) == 0 ? null : random.Next(9),
            };

            var found = await library.Session.QueryAsync(query);

            var expected = library.Books.Where(b => (query.Genre == null || b.Genre == query.Genre) && (string.IsNullOrEmpty(query.Part) || b.Title.Contains(query.Part))
                && query.Countries.Contains(b.Country) && b.Sold == query.Sold && b.Genre >= query.Least
                && (b.Reviewers.Contains(query.Reviewer) || b.Quotes.Any(q => q.AuthorId == query.Reviewer)) && (query.Price == null || b.Price > query.Price));
            Assert.Equal(expected.Select(b => b.Title).Order(), found.Select(b => b.Title).Order());
        }
    }

    [Fact]
    public async Task Numbers_are_results_too()
    {
        await using var library = await Library.OpenAsync();

        foreach (var year in new[] { 2000, 2001, 2002, 1900 })
        {
            var books = library.Books.Where(b => b.Year == year).ToList();
            Assert.Equal(books.Count, await library.Session.QueryAsync(new CountOf { Year = year }));
            Assert.Equal(books.Count > 0, await library.Session.QueryAsync(new AnyOf { Year = year }));
            Assert.Equal(books.Sum(b => b.Price), await library.Session.QueryAsync(new SumOf { Year = year }));
            Assert.Equal(books.OrderBy(b => b.Title).LastOrDefault()?.Title, (await library.Session.QueryAsync(new LastOf { Year = year }))?.Title);
        }
    }

    [Fact]
    public async Task Included_documents_go_to_the_query_that_asked()
    {
        await using var library = await Library.OpenAsync();
        var (one, other) = (new BooksWithAuthors { Year = 2001 }, new BooksWithAuthors { Year = 2002 });
        await library.Session.QueryAsync(one);

        await library.Session.QueryAsync(other);
        await using var session = library.Store.Query();
        var again = new BooksWithAuthors { Year = 2001 };
        await session.QueryAsync(again);

        Assert.Equal(AuthorsOf(2001), one.Authors.Select(a => a.Id).Order());
        Assert.Equal(AuthorsOf(2002), other.Authors.Select(a => a.Id).Order());
        Assert.Equal(AuthorsOf(2001), again.Authors.Select(a => a.Id).Order());
        Assert.Equal(AuthorsOf(2001), again.ById.Keys.Order());

        List<Guid> AuthorsOf(int year) => [.. library.Books.Where(b => b.Year == year && b.AuthorId is not null).Select(b => b.AuthorId!.Value).Distinct().Order()];
    }

    [Fact]
    public async Task A_query_is_planned_once_for_its_type()
    {
        await using var library = await Library.OpenAsync();
        PlanCounting.Planned = 0;

        for (var i = 0; i < 10; i++)
            await library.Session.QueryAsync(new PlanCounting { Year = 2000 + i });

        Assert.Equal(1, PlanCounting.Planned);
    }

    [Fact]
    public async Task Results_are_written_as_JSON()
    {
        await using var library = await Library.OpenAsync();
        var title = library.Books[3].Title;
        using var stream = new MemoryStream();

        Assert.Contains(title, await library.Session.ToJsonOne(new BookByTitle { Title = title }), StringComparison.Ordinal);
        Assert.Null(await library.Session.ToJsonOne(new BookByTitle { Title = "none" }));
        Assert.Equal(library.Books.Count(b => b.Year == 2001), System.Text.Json.JsonDocument.Parse(await library.Session.ToJsonMany(new BooksWithAuthors { Year = 2001 })).RootElement.GetArrayLength());
        Assert.Equal(library.Books.Count(b => b.Year == 2002), await library.Session.StreamJsonMany(new BooksWithAuthors { Year = 2002 }, stream));
        Assert.False(await library.Session.StreamJsonOne(new BookByTitle { Title = "none" }, stream));
    }

    [Fact]
    public async Task Asynchronous_operators_are_refused()
    {
        await using var library = await Library.OpenAsync();

        var exception = await Assert.ThrowsAsync<InvalidCompiledQueryException>(() => library.Session.QueryAsync(new Asynchronous()));

        Assert.StartsWith(InvalidCompiledQueryException.CompiledQueryTypeCannotBeAsyncMessage, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plans_describe_questions()
    {
        await using var library = await Library.OpenAsync();

        Assert.Equal(library.Books.Count(b => b.Sold), await library.Session.QueryByPlanAsync(new SoldCount()));
    }

    private sealed class BookByTitle : ICompiledQuery<Book, Book?>
    {
        public string? Title { get; init; }

        public Expression<Func<IMartenQueryable<Book>, Book?>> QueryIs() => q => q.FirstOrDefault(b => b.Title == Title);
    }

    private sealed class OnlyBookOf : ICompiledQuery<Book>
    {
        public int Year { get; init; }

        public Expression<Func<IMartenQueryable<Book>, Book>> QueryIs() => q => q.Where(b => b.Year == Year).Single();
    }

    private sealed class PageOfBooks : ICompiledListQuery<Book, string>
    {
        public int From { get; init; }

        public int Skipped { get; init; }

        public int Taken { get; init; }

        public QueryStatistics Statistics { get; } = new();

        public Expression<Func<IMartenQueryable<Book>, IEnumerable<string>>> QueryIs() =>
            q => q.Where(b => b.Year >= From).OrderBy(b => b.Title).Select(b => b.Title).Skip(Skipped).Take(Taken);
    }

    private sealed class ManyConditions : ICompiledListQuery<Book>
    {
        public Genre? Genre { get; init; }

        public Genre Least { get; init; }

        public string? Part { get; init; }

        public List<string> Countries { get; init; } = [];

        public bool Sold { get; init; }

        public Guid Reviewer { get; init; }

        public decimal? Price { get; init; }

        public Expression<Func<IMartenQueryable<Book>, IEnumerable<Book>>> QueryIs() =>
            q => q.Where(b => (Genre == null || b.Genre == Genre) && (string.IsNullOrEmpty(Part) || b.Title.Contains(Part)) && Countries.Contains(b.Country) && b.Sold == Sold && b.Genre >= Least)
                .Where(b => b.Reviewers.Contains(Reviewer) || b.Quotes.Any(x => x.AuthorId == Reviewer)).Where(b => Price == null || b.Price > Price).ToList();
    }

    private sealed class CountOf : ICompiledQuery<Book, int>
    {
        public int Year { get; init; }

        public Expression<Func<IMartenQueryable<Book>, int>> QueryIs() => q => q.Count(b => b.Year == Year);
    }

    private sealed class AnyOf : ICompiledQuery<Book, bool>
    {
        public int Year { get; init; }

        public Expression<Func<IMartenQueryable<Book>, bool>> QueryIs() => q => q.Any(b => b.Year == Year);
    }

    private sealed class SumOf : ICompiledQuery<Book, decimal>
    {
        public int Year { get; init; }

        public Expression<Func<IMartenQueryable<Book>, decimal>> QueryIs() => q => q.Where(b => b.Year == Year).Sum(b => b.Price);
    }

    private sealed class LastOf : ICompiledQuery<Book, Book?>
    {
        public int Year { get; init; }

        public Expression<Func<IMartenQueryable<Book>, Book?>> QueryIs() => q => q.Where(b => b.Year == Year).OrderBy(b => b.Title).LastOrDefault();
    }

    private sealed class BooksWithAuthors : ICompiledListQuery<Book>
    {
        public int Year { get; init; }

        public IList<Author> Authors { get; } = [];

        public IDictionary<Guid, Author> ById { get; } = new Dictionary<Guid, Author>();

        public Expression<Func<IMartenQueryable<Book>, IEnumerable<Book>>> QueryIs() =>
            q => q.Include(b => b.AuthorId!, Authors).Include(b => b.AuthorId!, ById).Where(b => b.Year == Year);
    }

    private sealed class PlanCounting : ICompiledListQuery<Book>
    {
        public static int Planned { get; set; }

        public int Year { get; init; }

        public Expression<Func<IMartenQueryable<Book>, IEnumerable<Book>>> QueryIs()
        {
            Planned++;
            return q => q.Where(b => b.Year == Year);
        }
    }

    private sealed class Asynchronous : ICompiledQuery<Book, Task<Book?>>
    {
        public Expression<Func<IMartenQueryable<Book>, Task<Book?>>> QueryIs() => q => q.FirstOrDefaultAsync(CancellationToken.None);
    }

    private sealed class SoldCount : IQueryPlan<int>
    {
        public Task<int> Fetch(IQuerySession session, CancellationToken token) => session.Query<Book>().CountAsync(b => b.Sold, token);
    }
}
