using Marten;
using Marten.Exceptions;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Linq;

public class GroupingTests
{
    [Theory]
    [InlineData(EnumStorage.AsInteger)]
    [InlineData(EnumStorage.AsString)]
    public async Task Groups_have_the_aggregates_of_memory(EnumStorage enums)
    {
        await using var library = await Library.OpenAsync(o => o.UseSystemTextJsonForSerialization(enums, Casing.CamelCase));

        var found = await library.Session.Query<Book>().Where(b => b.Year < 2003).GroupBy(b => b.Genre).Select(g => new
        {
            g.Key,
            Count = g.Count(),
            Sold = g.Count(b => b.Sold),
            Sum = g.Sum(b => b.Price),
            Least = g.Min(b => b.Year),
            Most = g.Max(b => b.Title),
            Mean = g.Average(b => b.Price),
            Countries = g.Select(b => b.Country).Distinct().Count(),
            AnySold = g.Any(b => b.Sold),
            AllSold = g.All(b => b.Sold),
            SoldSum = g.Where(b => b.Sold).Sum(b => b.Year),
        }).ToListAsync();

        var expected = library.Books.Where(b => b.Year < 2003).GroupBy(b => b.Genre).Select(g => new
        {
            g.Key,
            Count = g.Count(),
            Sold = g.Count(b => b.Sold),
            Sum = g.Sum(b => b.Price),
            Least = g.Min(b => b.Year),
            Most = g.Max(b => b.Title),
            Mean = g.Average(b => b.Price),
            Countries = g.Select(b => b.Country).Distinct().Count(),
            AnySold = g.Any(b => b.Sold),
            AllSold = g.All(b => b.Sold),
            SoldSum = g.Where(b => b.Sold).Sum(b => b.Year),
        });
        Assert.Equal(expected.OrderBy(x => x.Key).Select(x => x with { Mean = decimal.Round(x.Mean, 9) }), found.OrderBy(x => x.Key).Select(x => x with { Mean = decimal.Round(x.Mean, 9) }));
    }

    [Fact]
    public async Task Groups_can_be_filtered_ordered_counted_and_paged()
    {
        await using var library = await Library.OpenAsync();
        var query = library.Session.Query<Book>().GroupBy(b => new { b.Country, b.Year }).Where(g => g.Count() > 1)
            .Select(g => new { g.Key.Country, g.Key.Year, Total = g.Sum(b => b.Price) });
        var expected = library.Books.GroupBy(b => new { b.Country, b.Year }).Where(g => g.Count() > 1)
            .Select(g => new { g.Key.Country, g.Key.Year, Total = g.Sum(b => b.Price) }).OrderByDescending(x => x.Total).ThenBy(x => x.Country).ThenBy(x => x.Year).ToList();

        var page = await query.OrderByDescending(x => x.Total).ThenBy(x => x.Country).ThenBy(x => x.Year).Stats(out var statistics).Skip(1).Take(2).ToListAsync();

        Assert.Equal(expected.Skip(1).Take(2), page);
        Assert.Equal(expected.Count, statistics.TotalResults);
        Assert.Equal(expected.Count, await query.CountAsync());
        Assert.Equal(expected.Count(x => x.Total > 8), await query.CountAsync(x => x.Total > 8));
        Assert.Equal(expected.Max(x => x.Total), await query.MaxAsync(x => x.Total));
    }

    [Fact]
    public async Task Every_form_of_GroupBy_is_understood()
    {
        await using var library = await Library.OpenAsync();
        var query = library.Session.Query<Book>();

        Assert.Equal(
            library.Books.GroupBy(b => b.Country, b => b.Price).Select(g => (g.Key, Sum: g.Sum())).OrderBy(x => x.Key),
            (await query.GroupBy(b => b.Country, b => b.Price).Select(g => new { g.Key, Sum = g.Sum() }).ToListAsync()).Select(x => (x.Key, x.Sum)).OrderBy(x => x.Key));
        Assert.Equal(
            library.Books.GroupBy(b => b.Year, (year, books) => year + books.Count()).Order(),
            (await query.GroupBy(b => b.Year, (year, books) => year + books.Count()).ToListAsync()).Order());
        Assert.Equal(
            library.Books.GroupBy(b => b.AuthorId).Select(g => (g.Key, Count: g.LongCount())).OrderBy(x => x.Key),
            (await query.GroupBy(b => b.AuthorId).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync()).Select(x => (x.Key, x.Count)).OrderBy(x => x.Key));
        Assert.Equal(library.Books.Sum(b => b.Price), await query.GroupBy(_ => 1).Select(g => g.Sum(b => b.Price)).SingleAsync());
        Assert.Empty(await query.Where(b => b.Title == "none").GroupBy(_ => 1).Select(g => g.Count()).ToListAsync());
        Assert.Equal(library.Books.Select(b => b.Country).Distinct().Order(), await query.GroupBy(b => b.Country).Select(g => g.Key).OrderBy(k => k).ToListAsync());
    }

    [Fact]
    public async Task Elements_of_collections_can_be_grouped()
    {
        await using var library = await Library.OpenAsync();

        var found = await library.Session.Query<Book>().SelectMany(b => b.Quotes).GroupBy(q => q.Text).Select(g => new { g.Key, Count = g.Count() }).OrderBy(x => x.Key).ToListAsync();

        Assert.Equal(library.Books.SelectMany(b => b.Quotes).GroupBy(q => q.Text).Select(g => new { g.Key, Count = g.Count() }).OrderBy(x => x.Key), found);
    }

    [Fact]
    public async Task Groups_as_they_are_have_no_form_in_SQL_and_are_refused()
    {
        await using var library = await Library.OpenAsync();

        await Assert.ThrowsAsync<BadLinqExpressionException>(() => library.Session.Query<Book>().GroupBy(b => b.Country).ToListAsync());
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => library.Session.Query<Book>().GroupBy(b => b.Country).Select(g => g.ToList()).ToListAsync());
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => library.Session.Query<Book>().GroupBy(b => b.Country).SelectMany(g => g).ToListAsync());
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => library.Session.Query<Book>().Take(3).GroupBy(b => b.Country).Select(g => g.Count()).ToListAsync());
    }
}
