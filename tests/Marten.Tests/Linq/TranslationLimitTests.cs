using Marten;
using Marten.Exceptions;
using Marten.Linq;

namespace ModularMonolith.Marten.Tests.Linq;

public class TranslationLimitTests
{
    [Fact]
    public async Task What_cannot_be_translated_is_refused_by_name()
    {
        await using var store = await TestStore.CreateAsync();
        await using var session = store.Query();
        var query = session.Query<Sample>();

        await RefusedAsync("PadLeft", () => query.Where(x => x.Name.PadLeft(3) == "x").ToListAsync());
        await RefusedAsync("Own(", () => query.Where(x => Own(x)).ToListAsync());
        await RefusedAsync("Own(", () => query.Select(x => Own(x)).ToListAsync());
        await RefusedAsync("GetHashCode", () => query.OrderBy(x => x.GetHashCode()).ToListAsync());
        await RefusedAsync("DayOfWeek", () => query.Where(x => x.At.DayOfWeek == DayOfWeek.Monday).ToListAsync());
        await RefusedAsync("Reverse", () => query.Reverse().ToListAsync());
        await RefusedAsync("Where", () => query.Take(3).Where(x => x.Flag).ToListAsync());
        await RefusedAsync("Place", () => query.OrderBy(x => x.Place).ToListAsync());
        await RefusedAsync("does not come from a document session", () => new List<Sample>().AsQueryable().ToListAsync());

        async Task RefusedAsync(string expected, Func<Task> run)
        {
            var exception = await Assert.ThrowsAsync<BadLinqExpressionException>(run);
            Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Synchronous_operators_are_refused()
    {
        await using var store = await TestStore.CreateAsync();
        await using var session = store.Query();
        var query = session.Query<Sample>();

        foreach (var run in new Action[] { () => _ = query.ToList(), () => _ = query.First(), () => _ = query.Count(), () => _ = query.Where(x => x.Flag).Any(), () => _ = query.Select(x => x.Name).ToArray() })
            Assert.Equal("As of Marten 9.0, only asynchronous data access is supported", Assert.Throws<NotSupportedException>(run).Message);
    }

    [Fact]
    public void Operators_of_queries_cannot_be_called()
    {
        Assert.Throws<NotSupportedException>(() => "a".IsOneOf("a", "b"));
        Assert.Throws<NotSupportedException>(() => new List<int>().IsEmpty());
    }

    [Theory]
    [InlineData("'; drop table mt_doc_sample; --")]
    [InlineData("\\'; select 1; --")]
    [InlineData("%' or '1'='1")]
    [InlineData("\" or \"\"=\"")]
    [InlineData("$1); delete from mt_doc_sample; --")]
    [InlineData("?? :name @name {0}")]
    [InlineData("\u2019 or 1=1")]
    public async Task Text_of_users_is_never_SQL(string text)
    {
        await using var store = await TestStore.CreateAsync();
        await store.SaveAsync(s => s.Store(new Sample { Name = text, Tags = [text], Labels = { [text] = text }, Parts = [new Part { Code = text }] }, new Sample { Name = "other" }));
        await using var session = store.Query();
        var query = session.Query<Sample>();

        Assert.Equal(text, (await query.SingleAsync(x => x.Name == text)).Name);
        Assert.Equal(1, await query.CountAsync(x => x.Name.Contains(text)));
        Assert.Equal(1, await query.CountAsync(x => x.Name.IsOneOf(text, "x")));
        Assert.Equal(1, await query.CountAsync(x => x.Tags.Contains(text)));
        Assert.Equal(1, await query.CountAsync(x => x.Parts.Any(p => p.Code == text)));
        Assert.Equal(1, await query.CountAsync(x => x.Labels[text] == text));
        Assert.Equal(0, await query.CountAsync(x => x.PlainTextSearch("nothing " + text)));
        Assert.InRange(await query.CountAsync(x => x.PrefixSearch(text)), 0, 1);
        Assert.InRange(await query.CountAsync(x => x.WebStyleSearch(text)), 0, 1);
        Assert.Equal(text, await query.Where(x => x.Name == text).Select(x => x.Name + "").FirstAsync());
        Assert.Equal(2, await query.CountAsync());
    }

    [Fact]
    public async Task The_command_of_a_query_holds_values_only_as_parameters()
    {
        await using var store = await TestStore.CreateAsync();
        await using var session = store.Query();
        var secret = "secret-value";

        await using var many = session.Query<Sample>().Where(x => x.Name == secret && x.Number == 4711).Skip(2).Take(5).ToCommand();
        await using var count = session.Query<Sample>().Where(x => x.Name.Contains(secret)).ToCommand(FetchType.Count);
        await using var any = session.Query<Sample>().ToCommand(FetchType.Any);
        await using var one = session.Query<Sample>().ToCommand(FetchType.FetchOne);

        Assert.DoesNotContain("secret", many.CommandText + count.CommandText, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", many.CommandText, StringComparison.Ordinal);
        Assert.Equal(new object?[] { secret, 4711, 2, 5 }, many.Parameters.Select(p => p.Value));
        Assert.StartsWith("select count(*)", count.CommandText, StringComparison.Ordinal);
        Assert.StartsWith("select exists(", any.CommandText, StringComparison.Ordinal);
        Assert.EndsWith("limit 1", one.CommandText, StringComparison.Ordinal);
    }

    private static bool Own(Sample sample) => sample.Flag;
}
