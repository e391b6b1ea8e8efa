using System.Text;
using System.Text.Json;
using Marten;
using Marten.Pagination;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Linq;

public class ProjectionTests
{
    private sealed record Summary(Guid Id, string Name, Grade Grade, int Parts);

    private sealed class Line
    {
        public string Code { get; set; } = "";

        public decimal Total { get; init; }

        public DateTimeOffset? Due { get; set; }
    }

    [Theory]
    [InlineData(EnumStorage.AsInteger, Casing.Default, false)]
    [InlineData(EnumStorage.AsString, Casing.CamelCase, false)]
    [InlineData(EnumStorage.AsString, Casing.SnakeCase, true)]
    public async Task A_projection_has_the_same_values_as_the_document(EnumStorage enums, Casing casing, bool duplicated)
    {
        await using var store = await FilledAsync(enums, casing, duplicated);
        await using var session = store.Query();
        var all = await session.Query<Sample>().OrderBy(x => x.Id).ToListAsync();
        var sorted = session.Query<Sample>().OrderBy(x => x.Id);

        Assert.Equal(all.Select(x => x.Note), await sorted.Select(x => x.Note!).ToListAsync());
        Assert.Equal(all.Select(x => x.Maybe).ToList(), (await sorted.Select(x => new { x.Maybe }).ToListAsync()).Select(x => x.Maybe));
        Assert.Equal(all.Select(x => x.At), await sorted.Select(x => x.At).ToListAsync());
        Assert.Equal(all.Select(x => x.Letter), await sorted.Select(x => x.Letter).ToListAsync());
        Assert.Equal(all.Select(x => x.Tags), (await sorted.Select(x => new { x.Tags }).ToListAsync()).Select(x => x.Tags));
        Assert.Equal(
            all.Select(x => new { x.Id, x.Grade, x.Wish, x.Price, x.Day, x.Local, x.Until, x.Small, x.Place.City, Known = x.Second != null, x.Large, x.Ratio, x.Agreed }),
            await sorted.Select(x => new { x.Id, x.Grade, x.Wish, x.Price, x.Day, x.Local, x.Until, x.Small, x.Place.City, Known = x.Second != null, x.Large, x.Ratio, x.Agreed }).ToListAsync());
        Assert.Equal(all.Select(x => new Summary(x.Id, x.Name, x.Grade, x.Parts.Count)), await sorted.Select(x => new Summary(x.Id, x.Name, x.Grade, x.Parts.Count)).ToListAsync());
    }

    [Fact]
    public async Task Objects_with_settable_members_and_nested_objects_can_be_projected()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();
        var all = await session.Query<Sample>().OrderBy(x => x.Id).ToListAsync();

        var found = await session.Query<Sample>().OrderBy(x => x.Id)
            .Select(x => new { Line = new Line { Code = x.Name + "!", Total = x.Price * 2, Due = x.Until }, Constant = 7, Document = x }).ToListAsync();

        Assert.Equal(all.Select(x => (x.Name + "!", x.Price * 2, x.Until, 7, x.Id)), found.Select(x => (x.Line.Code, x.Line.Total, x.Line.Due, x.Constant, x.Document.Id)));
    }

    [Theory]
    [InlineData(EnumStorage.AsInteger, Casing.Default)]
    [InlineData(EnumStorage.AsString, Casing.SnakeCase)]
    public async Task Collections_can_be_filtered_and_projected(EnumStorage enums, Casing casing)
    {
        await using var store = await FilledAsync(enums, casing);
        await using var session = store.Query();
        var all = await session.Query<Sample>().OrderBy(x => x.Id).ToListAsync();
        var sorted = session.Query<Sample>().OrderBy(x => x.Id);

        var found = await sorted.Select(x => new
        {
            Codes = x.Parts.Select(p => p.Code).ToArray(),
            Lines = x.Parts.Where(p => p.Amount > 1).Select(p => new Line { Code = p.Code, Total = p.Amount * p.Price, Due = p.Due }).ToList(),
            Spares = x.Parts.Where(p => p.Spare).ToList(),
        }).ToListAsync();

        Assert.Equal(all.Select(x => x.Parts.Select(p => p.Code)), found.Select(x => x.Codes));
        Assert.Equal(all.Select(x => x.Parts.Where(p => p.Amount > 1).Select(p => (p.Code, p.Amount * p.Price, p.Due))), found.Select(x => x.Lines.Select(l => (l.Code, l.Total, l.Due))));
        Assert.Equal(all.Select(x => x.Parts.Where(p => p.Spare).Select(p => p.Price)), found.Select(x => x.Spares.Select(p => p.Price)));
    }

    [Fact]
    public async Task A_session_that_remembers_returns_one_instance_for_one_document()
    {
        await using var store = await FilledAsync();
        await using var session = store.Store.IdentitySession();

        var first = await session.Query<Sample>().OrderBy(x => x.Id).FirstAsync();

        Assert.Same(first, await session.LoadAsync<Sample>(first.Id));
        Assert.Same(first, (await session.Query<Sample>().Where(x => x.Id == first.Id).Select(x => new { Document = x }).SingleAsync()).Document);
    }

    [Fact]
    public async Task Conditions_and_order_after_a_projection_are_those_of_the_document()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();
        var all = await session.Query<Sample>().ToListAsync();

        var found = await session.Query<Sample>().Select(x => new { x.Id, Sum = x.Small + 1 }).Where(x => x.Sum > 1).OrderBy(x => x.Id).Select(x => x.Id).ToListAsync();

        Assert.Equal(all.Where(x => x.Small + 1 > 1).Select(x => x.Id).Order(), found);
    }

    [Fact]
    public async Task Elements_of_collections_become_results()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();
        var all = await session.Query<Sample>().ToListAsync();

        Assert.Equal(
            all.SelectMany(x => x.Tags).Order(StringComparer.Ordinal),
            (await session.Query<Sample>().SelectMany(x => x.Tags).ToListAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(
            all.SelectMany(x => x.Parts).Where(p => p.Amount > 1).Select(p => p.Price).Order(),
            (await session.Query<Sample>().SelectMany(x => x.Parts).Where(p => p.Amount > 1).ToListAsync()).Select(p => p.Price).Order());
        Assert.Equal(
            all.SelectMany(x => x.Parts, (x, p) => new { x.Id, p.Amount, p.Code }).OrderBy(x => x.Id).ThenBy(x => x.Amount).ThenBy(x => x.Code, StringComparer.Ordinal),
            (await session.Query<Sample>().SelectMany(x => x.Parts, (x, p) => new { x.Id, p.Amount, p.Code }).ToListAsync()).OrderBy(x => x.Id).ThenBy(x => x.Amount).ThenBy(x => x.Code, StringComparer.Ordinal));
        Assert.Equal(all.Sum(x => x.Parts.Count(p => p.Spare)), await session.Query<Sample>().SelectMany(x => x.Parts).CountAsync(p => p.Spare));
    }

    [Fact]
    public async Task Distinct_removes_equal_results_before_they_are_counted_or_paged()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();
        var grades = (await session.Query<Sample>().ToListAsync()).Select(x => x.Small).Distinct().Order().ToList();

        Assert.Equal(grades, (await session.Query<Sample>().Select(x => x.Small).Distinct().ToListAsync()).Order());
        Assert.Equal(grades.Count, await session.Query<Sample>().Select(x => x.Small).Distinct().CountAsync());
        Assert.Equal(grades.Take(2), await session.Query<Sample>().Select(x => x.Small).OrderBy(x => x).Distinct().Stats(out var statistics).Take(2).ToListAsync());
        Assert.Equal(grades.Count, statistics.TotalResults);
    }

    [Fact]
    public async Task Aggregates_are_those_of_memory()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();
        var all = await session.Query<Sample>().ToListAsync();
        var query = session.Query<Sample>();

        Assert.Equal(all.Sum(x => x.Small), await query.SumAsync(x => x.Small));
        Assert.Equal(all.Sum(x => x.Price), await query.SumAsync(x => x.Price));
        Assert.Equal(all.Max(x => x.Number), await query.MaxAsync(x => x.Number));
        Assert.Equal(all.Min(x => x.Day), await query.MinAsync(x => x.Day));
        Assert.Equal(all.Average(x => x.Small), await query.AverageAsync(x => x.Small), 9);
        Assert.Equal(all.Max(x => x.Maybe), await query.Where(x => x.Maybe != null).MaxAsync(x => x.Maybe!.Value));
        Assert.Equal(all.Count, await query.LongCountAsync());
        Assert.Equal(all.OrderBy(x => x.Id).Take(3).Sum(x => x.Price), await query.OrderBy(x => x.Id).Take(3).SumAsync(x => x.Price));
        Assert.Equal(0, await query.Where(x => x.Name == "none").SumAsync(x => x.Number));
        await Assert.ThrowsAsync<InvalidOperationException>(() => query.Where(x => x.Name == "none").MaxAsync(x => x.Number));
    }

    [Fact]
    public async Task A_page_knows_the_number_of_all_results_even_behind_the_last_one()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();

        var second = await session.Query<Sample>().OrderBy(x => x.Id).ToPagedListAsync(2, 7);
        var behind = await session.Query<Sample>().OrderBy(x => x.Id).Select(x => x.Id).ToPagedListAsync(9, 7);
        var counted = await session.Query<Sample>().OrderBy(x => x.Id).ToPagedListAsync(3, 7, true);

        Assert.Equal((7, 20, 3, true, true, 8, 14), (second.Count, second.TotalItemCount, second.PageCount, second.HasNextPage, second.HasPreviousPage, second.FirstItemOnPage, second.LastItemOnPage));
        Assert.Equal((0, 20, true, 0), (behind.Count, behind.TotalItemCount, behind.IsLastPage, behind.FirstItemOnPage));
        Assert.Equal((6, 20, false), (counted.Count, counted.TotalItemCount, counted.HasNextPage));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => session.Query<Sample>().ToPagedListAsync(0, 7));
    }

    [Fact]
    public async Task Results_are_written_as_JSON_without_deserializing()
    {
        await using var store = await FilledAsync(EnumStorage.AsString, Casing.CamelCase);
        await using var session = store.Query();
        var all = await session.Query<Sample>().OrderBy(x => x.Id).ToListAsync();
        using var stream = new MemoryStream();

        var count = await session.Query<Sample>().OrderBy(x => x.Id).StreamJsonArray(stream);
        var names = await session.Query<Sample>().OrderBy(x => x.Id).Select(x => new { x.Id, x.Name, City = x.Place.City, x.Grade }).ToJsonArray();
        using var projected = JsonDocument.Parse(names);

        Assert.Equal(all.Count, count);
        Assert.Equal(all.Select(x => x.Id), JsonDocument.Parse(stream.ToArray()).RootElement.EnumerateArray().Select(x => x.GetProperty("id").GetGuid()));
        Assert.Equal(all.Select(x => (x.Id, x.Name, x.Place.City, x.Grade.ToString())), projected.RootElement.EnumerateArray()
            .Select(x => (x.GetProperty("id").GetGuid(), x.GetProperty("name").GetString()!, x.GetProperty("city").GetString(), x.GetProperty("grade").GetString()!)));
        Assert.Equal("[]", await session.Query<Sample>().Where(x => x.Id == Guid.Empty).ToJsonArray());
    }

    [Fact]
    public async Task One_result_as_JSON_follows_the_rules_of_First_and_Single()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();
        var first = (await session.Query<Sample>().OrderBy(x => x.Id).FirstAsync()).Id;
        var none = session.Query<Sample>().Where(x => x.Id == Guid.Empty);
        using var stream = new MemoryStream();

        Assert.Contains(first.ToString(), await session.Query<Sample>().OrderBy(x => x.Id).ToJsonFirst(), StringComparison.Ordinal);
        Assert.Contains(first.ToString(), await session.Query<Sample>().Where(x => x.Id == first).ToJsonSingle(), StringComparison.Ordinal);
        Assert.Null(await none.ToJsonFirstOrDefault());
        Assert.Null(await none.ToJsonSingleOrDefault());
        Assert.False(await none.StreamJsonFirstOrDefault(stream));
        Assert.Equal(0, stream.Length);
        await Assert.ThrowsAsync<InvalidOperationException>(() => none.ToJsonFirst());
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Query<Sample>().StreamJsonSingle(stream));
        Assert.Equal(0, stream.Length);
        await session.Query<Sample>().Where(x => x.Id == first).StreamJsonSingle(stream);
        Assert.Contains(first.ToString(), Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_can_be_read_one_by_one()
    {
        await using var store = await FilledAsync();
        await using var session = store.Query();
        var names = new List<string>();

        await foreach (var name in session.Query<Sample>().OrderBy(x => x.Id).Select(x => x.Name).ToAsyncEnumerable())
            names.Add(name);

        Assert.Equal(await session.Query<Sample>().OrderBy(x => x.Id).Select(x => x.Name).ToListAsync(), names);
    }

    private static async Task<TestStore> FilledAsync(EnumStorage enums = EnumStorage.AsInteger, Casing casing = Casing.Default, bool duplicated = false)
    {
        var random = new Random(7);
        var store = await TestStore.CreateAsync(options =>
        {
            options.UseSystemTextJsonForSerialization(enums, casing);
            if (duplicated)
                options.Schema.For<Sample>().Duplicate(x => x.Name).Duplicate(x => x.Note).Duplicate(x => x.Grade).Duplicate(x => x.Wish).Duplicate(x => x.Day).Duplicate(x => x.Small).Duplicate(x => x.Letter).Duplicate(x => x.Price);
        });
        await store.SaveAsync(s => s.Store(Enumerable.Range(0, 20).Select(_ => RandomSamples.Create(random)).ToArray()));
        return store;
    }
}
