using System.Linq.Expressions;
using Marten;
using Marten.Linq;
using Marten.Services.BatchQuerying;

namespace ModularMonolith.Marten.Tests.Linq;

public class BatchedQueryTests
{
    [Fact]
    public async Task All_questions_of_a_batch_are_answered_in_one_request()
    {
        await using var library = await Library.OpenAsync();
        var batch = library.Session.CreateBatchQuery();
        var authors = new List<Author>();

        var load = batch.Load<Author>(library.Authors[2].Id);
        var missing = batch.Load<Author>(Guid.NewGuid());
        var exists = batch.CheckExists<Book>(library.Books[1].Id);
        var many = batch.LoadMany<Author>().ById(library.Authors[0].Id, library.Authors[4].Id, Guid.NewGuid());
        var sql = batch.Query<Book>("where d.data ->> 'Country' = ?", "NL");
        var list = batch.Query<Book>().Where(b => b.Sold).OrderBy(b => b.Year).ThenByDescending(b => b.Title).Skip(1).Take(3).Include(b => b.AuthorId!, authors).ToList();
        var titles = batch.Query<Book>().OrderBy("Title").Select(b => b.Title).ToList();
        var count = batch.Query<Book>().Count(b => b.Year > 2001);
        var any = batch.Query<Book>().Any(b => b.Year == 1900);
        var first = batch.Query<Book>().OrderByDescending(b => b.Title).First();
        var none = batch.Query<Book>().FirstOrDefault(b => b.Title == "none");
        var sum = batch.Query<Book>().Sum(b => b.Price);
        var mean = batch.Query<Book>().Average(b => b.Year);
        var compiled = batch.Query(new CountSince { Year = 2002 });
        var planned = batch.QueryByPlan(new SoldCount());
        await batch.Execute();

        Assert.Equal(1, library.Session.RequestCount);
        Assert.Equal("author 2", (await load)?.Name);
        Assert.Null(await missing);
        Assert.True(await exists);
        Assert.Equal(["author 0", "author 4"], (await many).Select(a => a.Name).Order());
        Assert.Equal(library.Books.Count(b => b.Country == "NL"), (await sql).Count);
        var expected = library.Books.Where(b => b.Sold).OrderBy(b => b.Year).ThenByDescending(b => b.Title).Skip(1).Take(3).ToList();
        Assert.Equal(expected.Select(b => b.Title), (await list).Select(b => b.Title));
        Assert.Equal(expected.Where(b => b.AuthorId is not null).Select(b => b.AuthorId!.Value).Distinct().Order(), authors.Select(a => a.Id).Order());
        Assert.Equal(library.Books.Select(b => b.Title), await titles);
        Assert.Equal(library.Books.Count(b => b.Year > 2001), await count);
        Assert.False(await any);
        Assert.Equal("book 23", (await first).Title);
        Assert.Null(await none);
        Assert.Equal(library.Books.Sum(b => b.Price), await sum);
        Assert.Equal(library.Books.Average(b => b.Year), await mean, 6);
        Assert.Equal(library.Books.Count(b => b.Year >= 2002), await compiled);
        Assert.Equal(library.Books.Count(b => b.Sold), await planned);
    }

    [Fact]
    public async Task An_answer_that_is_not_there_concerns_its_question_only()
    {
        await using var library = await Library.OpenAsync();
        var batch = library.Session.CreateBatchQuery();

        var single = batch.Query<Book>().Single(b => b.Sold);
        var first = batch.Query<Book>().First(b => b.Title == "none");
        var max = batch.Query<Book>().Where(b => b.Title == "none").Max(b => b.Year);
        var count = batch.Query<Book>().Count();
        await batch.Execute();

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => single);
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => max);
        Assert.Equal(24, await count);
    }

    [Fact]
    public async Task A_batch_that_fails_fails_all_its_questions_and_an_empty_one_asks_nothing()
    {
        await using var library = await Library.OpenAsync();
        var batch = library.Session.CreateBatchQuery();
        await batch.Execute();
        Assert.Equal(0, library.Session.RequestCount);

        var count = batch.Query<Book>().Count();
        var wrong = batch.Query<Book>("where d.nothing = ?", 1);

        await Assert.ThrowsAsync<global::Marten.Exceptions.MartenCommandException>(() => batch.Execute());
        await Assert.ThrowsAsync<global::Marten.Exceptions.MartenCommandException>(() => count);
        await Assert.ThrowsAsync<global::Marten.Exceptions.MartenCommandException>(() => wrong);
    }

    [Fact]
    public async Task What_an_identity_session_knows_is_not_asked_again()
    {
        await using var library = await Library.OpenAsync(identity: true);
        var known = await library.Session.LoadAsync<Author>(library.Authors[0].Id);
        var requests = library.Session.RequestCount;
        var batch = library.Session.CreateBatchQuery();

        var load = batch.Load<Author>(library.Authors[0].Id);
        var many = batch.LoadMany<Author>().ByIdList([library.Authors[0].Id, library.Authors[1].Id]);
        await batch.Execute();

        Assert.Same(known, await load);
        Assert.Contains(await many, a => ReferenceEquals(a, known));
        Assert.Equal(2, (await many).Count);
        Assert.Equal(requests + 1, library.Session.RequestCount);
    }

    private sealed class CountSince : ICompiledQuery<Book, int>
    {
        public int Year { get; init; }

        public Expression<Func<IMartenQueryable<Book>, int>> QueryIs() => q => q.Count(b => b.Year >= Year);
    }

    private sealed class SoldCount : IBatchQueryPlan<long>
    {
        public Task<long> Fetch(IBatchedQuery query) => query.Query<Book>().Count(b => b.Sold);
    }
}
