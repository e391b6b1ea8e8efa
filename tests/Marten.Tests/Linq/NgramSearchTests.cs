using Marten;
using Marten.Exceptions;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Linq;

public sealed class NgramSearchTests
{
    internal sealed class Person
    {
        public Guid Id { get; set; }

        public string Name { get; set; } = string.Empty;

        public string? Nickname { get; set; }

        public Home Home { get; set; } = new();
    }

    internal sealed class Home
    {
        public string Street { get; set; } = string.Empty;
    }

    [Fact]
    public async Task A_text_is_found_by_any_part_of_its_words()
    {
        await using var test = await OpenAsync(o => o.Schema.For<Person>().NgramIndex(x => x.Name));
        await using var session = test.Query();
        foreach (var part in new[] { "Hendrikson", "hend", "RIKS", "son", "hen riks", "k" })
            Assert.Equal("Anna Hendrikson", await session.Query<Person>().Where(x => x.Name.NgramSearch(part)).Select(x => x.Name).SingleAsync());
        Assert.Empty(await session.Query<Person>().Where(x => x.Name.NgramSearch("hendz")).ToListAsync());
        Assert.Empty(await session.Query<Person>().Where(x => x.Name.NgramSearch("?")).ToListAsync());
        Assert.Equal(3, await session.Query<Person>().CountAsync(x => !x.Name.NgramSearch("hend")));
    }

    [Theory]
    [InlineData("o'ne")]
    [InlineData("'; drop table x; --")]
    [InlineData("a & b | !c:*")]
    [InlineData("\\")]
    [InlineData("")]
    public async Task Characters_that_mean_something_to_the_search_are_only_separators(string term)
    {
        await using var test = await OpenAsync(o => o.Schema.For<Person>().NgramIndex(x => x.Name));
        await using var session = test.Query();
        await session.Query<Person>().Where(x => x.Name.NgramSearch(term)).ToListAsync();
        Assert.Equal(term == "o'ne" ? 1 : 0, await session.Query<Person>().CountAsync(x => x.Name.NgramSearch(term) && x.Name.StartsWith("Shaun")));
    }

    [Fact]
    public async Task Texts_that_are_absent_are_not_found()
    {
        await using var test = await OpenAsync(o => o.Schema.For<Person>().NgramIndex(x => x.Nickname!));
        await using var session = test.Query();
        Assert.Equal("Zoë Brontë", (await session.Query<Person>().SingleAsync(x => x.Nickname!.NgramSearch("zo"))).Name);
        Assert.Equal(3, await session.Query<Person>().CountAsync(x => !x.Nickname!.NgramSearch("zo")));
    }

    [Fact]
    public async Task Accents_count_unless_they_are_to_be_ignored()
    {
        await using var exact = await OpenAsync(o => o.Schema.For<Person>().NgramIndex(x => x.Name));
        await using var loose = await OpenAsync(o =>
        {
            o.Advanced.UseNGramSearchWithUnaccent = true;
            o.Schema.For<Person>().NgramIndex(x => x.Name);
        });
        await using var first = exact.Query();
        await using var second = loose.Query();
        Assert.Equal(0, await first.Query<Person>().CountAsync(x => x.Name.NgramSearch("bronte")));
        Assert.Equal(1, await first.Query<Person>().CountAsync(x => x.Name.NgramSearch("BRONTË")));
        Assert.Equal(1, await second.Query<Person>().CountAsync(x => x.Name.NgramSearch("bronte")));
        Assert.Equal(1, await second.Query<Person>().CountAsync(x => x.Name.NgramSearch("Bröntê")));
        await loose.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task The_better_match_comes_first()
    {
        await using var test = await OpenAsync(o => o.Schema.For<Person>().NgramIndex(x => x.Name));
        await using var session = test.Query();
        var names = await session.Query<Person>().Where(x => x.Name.NgramSearch("an")).OrderByNgramRank(x => x.Name, "anna").Select(x => x.Name).ToListAsync();
        Assert.Equal("Anna Hendrikson", names[0]);
        Assert.True(names.Count > 1);
    }

    [Fact]
    public async Task The_declared_index_serves_the_search()
    {
        await using var test = await OpenAsync(o => o.Schema.For<Person>()
            .NgramIndex(x => x.Name).NgramIndex(i => i.Name = "by_street", x => x.Home.Street).NgramIndex(i => { i.Name = "by_all"; i.DataConfig = "data ->> 'Nickname'"; }));
        await using var session = test.Query();
        Assert.Contains("mt_doc_ngramsearchtests_person_idx_ngram_name", await PlanAsync(test, session.Query<Person>().Where(x => x.Name.NgramSearch("hend"))), StringComparison.Ordinal);
        Assert.Contains("by_street", await PlanAsync(test, session.Query<Person>().Where(x => x.Home.Street.NgramSearch("main"))), StringComparison.Ordinal);
        Assert.Contains("by_all", await PlanAsync(test, session.Query<Person>().Where(x => x.Nickname!.NgramSearch("zo"))), StringComparison.Ordinal);
        await test.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task The_functions_exist_only_where_an_index_is_declared()
    {
        await using var without = await OpenAsync(_ => { });
        await using var with = await OpenAsync(o => o.Schema.For<Person>().NgramIndex(x => x.Name));
        const string Count = "select count(*) from pg_proc where proname like 'mt\\_grams%' and pronamespace = '{0}'::regnamespace";
        Assert.Equal(0L, await without.ScalarAsync(Count));
        Assert.Equal(3L, await with.ScalarAsync(Count));
    }

    [Fact]
    public async Task A_search_without_an_index_is_refused()
    {
        await using var test = await OpenAsync(_ => { });
        await using var session = test.Query();
        var failure = await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<Person>().Where(x => x.Name.NgramSearch("a")).ToListAsync());
        Assert.Contains("NgramIndex(x => x.Name)", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<Person>().OrderByNgramRank(x => x.Name, "a").ToListAsync());
        Assert.Throws<ArgumentNullException>(() => session.Query<Person>().OrderByNgramRank(x => x.Name, null!));
    }

    private static async Task<TestStore> OpenAsync(Action<StoreOptions> configure)
    {
        var test = await TestStore.CreateAsync(configure);
        await test.SaveAsync(s => s.Store(
            new Person { Name = "Anna Hendrikson" }, new Person { Name = "Joan Miller", Home = new Home { Street = "Main Street" } },
            new Person { Name = "Zoë Brontë", Nickname = "Zozo" }, new Person { Name = "Shaun O'Neal" }));
        return test;
    }

    private static async Task<string> PlanAsync<T>(TestStore test, IQueryable<T> query) where T : notnull
    {
        await using var command = query.ToCommand();
        await using var connection = await test.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var settings = new NpgsqlCommand("set local enable_seqscan = off", connection, transaction))
            await settings.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand("explain " + command.CommandText, connection, transaction);
        foreach (var parameter in command.Parameters.Cast<NpgsqlParameter>().ToList())
            explain.Parameters.Add(parameter.Clone());
        var plan = new List<string>();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));
        return string.Join('\n', plan);
    }
}
