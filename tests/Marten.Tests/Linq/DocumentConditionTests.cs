using Marten;
using Marten.Exceptions;
using Marten.Linq.LastModified;
using Marten.Linq.MatchesSql;
using Marten.Linq.SoftDeletes;

namespace ModularMonolith.Marten.Tests.Linq;

public class DocumentConditionTests
{
    [Fact]
    public async Task Deleted_documents_are_hidden_unless_the_query_names_them()
    {
        await using var store = await TestStore.CreateAsync(o => o.Schema.For<Sample>().SoftDeleted());
        var (kept, deleted) = (new Sample { Name = "kept" }, new Sample { Name = "deleted" });
        await store.SaveAsync(s => s.Store(kept, deleted));
        await store.SaveAsync(s => s.Delete(deleted));
        await using var session = store.Query();
        var query = session.Query<Sample>();
        var past = DateTimeOffset.UtcNow.AddDays(-1);

        Assert.Equal(["kept"], await query.Select(x => x.Name).ToListAsync());
        Assert.Equal(1, await query.CountAsync());
        Assert.False(await query.AnyAsync(x => x.Name == "deleted"));
        Assert.Equal(2, await query.CountAsync(x => x.MaybeDeleted()));
        Assert.Equal(["deleted"], await query.Where(x => x.IsDeleted()).Select(x => x.Name).ToListAsync());
        Assert.Equal(["deleted"], await query.Where(x => x.MaybeDeleted() && x.Name != "kept").Select(x => x.Name).ToListAsync());
        Assert.Equal(["kept"], await query.Where(x => !x.IsDeleted()).Select(x => x.Name).ToListAsync());
        Assert.Equal(1, await query.CountAsync(x => x.DeletedSince(past)));
        Assert.Equal(0, await query.CountAsync(x => x.DeletedBefore(past)));
    }

    [Fact]
    public async Task Asking_for_deleted_documents_of_a_type_that_has_none_is_an_error()
    {
        await using var store = await TestStore.CreateAsync();
        await using var session = store.Query();

        var exception = await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Query<Sample>().CountAsync(x => x.IsDeleted()));

        Assert.Contains("SoftDeleted()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_on_the_time_of_the_last_change_use_its_column()
    {
        await using var store = await TestStore.CreateAsync();
        await store.SaveAsync(s => s.Store(new Sample(), new Sample()));
        await using var session = store.Query();
        var (past, future) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Assert.Equal(2, await session.Query<Sample>().CountAsync(x => x.ModifiedSince(past)));
        Assert.Equal(2, await session.Query<Sample>().CountAsync(x => x.ModifiedBefore(future)));
        Assert.Equal(0, await session.Query<Sample>().CountAsync(x => x.ModifiedSince(future)));
    }

    [Fact]
    public async Task A_condition_may_be_written_in_SQL_with_values()
    {
        await using var store = await TestStore.CreateAsync();
        await store.SaveAsync(s => s.Store(new Sample { Name = "a", Number = 1 }, new Sample { Name = "b", Number = 2 }, new Sample { Name = "c", Number = 3 }));
        await using var session = store.Query();

        var found = await session.Query<Sample>()
            .Where(x => x.Number < 3 && x.MatchesSql("d.data ->> 'Name' = ? or d.data ->> 'Name' = ?", "b", "c"))
            .OrderBySql("d.data ->> 'Name' desc").ThenBySql("d.id").Select(x => x.Name).ToListAsync();
        var other = await session.Query<Sample>().CountAsync(x => x.MatchesSql('^', "d.data ? ^", "Name") && !x.MatchesSql("d.data ->> 'Name' = ?", "a"));

        Assert.Equal(["b"], found);
        Assert.Equal(2, other);
    }

    [Fact]
    public async Task Full_text_search_understands_each_kind_of_question()
    {
        await using var store = await TestStore.CreateAsync(o => o.Schema.For<Sample>().FullTextIndex(x => x.Name, x => x.Note!));
        await store.SaveAsync(s => s.Store(
            new Sample { Name = "Wireless headphones", Note = "with a long battery life" },
            new Sample { Name = "Wired headphones" },
            new Sample { Name = "Battery charger", Note = "wireless" },
            new Sample { Name = "Cable", Tags = ["headphones"] }));
        await using var session = store.Query();
        var query = session.Query<Sample>().OrderBy(x => x.Name).Select(x => x.Name);

        Assert.Equal(["Battery charger", "Wireless headphones"], await session.Query<Sample>().Where(x => x.Search("wireless & battery")).OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
        Assert.Equal(["Wired headphones", "Wireless headphones"], await session.Query<Sample>().Where(x => x.PlainTextSearch("headphone")).OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
        Assert.Equal(["Wireless headphones"], await session.Query<Sample>().Where(x => x.PhraseSearch("wireless headphones")).Select(x => x.Name).ToListAsync());
        Assert.Equal(["Wired headphones"], await session.Query<Sample>().Where(x => x.WebStyleSearch("headphones -wireless")).Select(x => x.Name).ToListAsync());
        Assert.Equal(["Battery charger", "Wireless headphones"], await session.Query<Sample>().Where(x => x.PrefixSearch("wirel batt")).OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
        Assert.Equal(4, await session.Query<Sample>().CountAsync(x => !x.Search("nothing")));
        Assert.Equal(1, await session.Query<Sample>().CountAsync(x => x.Search("cable", "simple")));
        Assert.Equal(4, (await query.ToListAsync()).Count);
    }

    [Fact]
    public async Task Lists_of_values_and_letter_case_can_be_asked_for()
    {
        await using var store = await TestStore.CreateAsync(o => o.UseSystemTextJsonForSerialization(Weasel.Core.EnumStorage.AsString));
        await store.SaveAsync(s => s.Store(
            new Sample { Name = "a", Grade = Grade.Low, Tags = ["x"] },
            new Sample { Name = "B", Grade = Grade.High, Note = "n" },
            new Sample { Name = "c", Grade = Grade.None }));
        await using var session = store.Query();
        var query = session.Query<Sample>();

        Assert.Equal(2, await query.CountAsync(x => x.Grade.IsOneOf(Grade.Low, Grade.High)));
        Assert.Equal(1, await query.CountAsync(x => !x.Grade.In(new List<Grade> { Grade.Low, Grade.High })));
        Assert.Equal(3, await query.CountAsync(x => x.Note.IsOneOf(null, "n")));
        Assert.Equal(0, await query.CountAsync(x => x.Name.IsOneOf(new List<string?>())));
        Assert.Equal(2, await query.CountAsync(x => x.Tags.IsEmpty()));
        Assert.Equal(1, await query.CountAsync(x => !x.Tags.IsEmpty()));
        Assert.Equal(1, await query.CountAsync(x => x.Name.Equals("b", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(1, await query.CountAsync(x => x.Name.StartsWith("b", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(0, await query.CountAsync(x => x.Name.StartsWith('b')));
        Assert.Equal(2, await query.CountAsync(x => x.Grade > Grade.None));
    }

    [Fact]
    public async Task Missing_members_of_older_documents_count_as_absent()
    {
        await using var store = await TestStore.CreateAsync();
        await store.SaveAsync(s => s.Store(new Sample { Name = "new", Flag = true, Tags = ["t"], Number = 3 }));
        await store.ExecuteAsync("insert into {0}.mt_doc_sample (id, data) values ('33333333-3333-7333-8333-333333333333', '{{\"Name\": \"old\", \"Second\": null, \"Tags\": null}}')");
        await using var session = store.Query();
        var query = session.Query<Sample>();

        Assert.Equal("old", (await query.SingleAsync(x => !x.Flag)).Name);
        Assert.Equal("old", (await query.SingleAsync(x => x.Flag == false)).Name);
        Assert.Equal("old", (await query.SingleAsync(x => x.Number != 3)).Name);
        Assert.Equal(2, await query.CountAsync(x => x.Second == null));
        Assert.Equal("old", (await query.SingleAsync(x => x.Tags.IsEmpty())).Name);
        Assert.Equal("old", (await query.SingleAsync(x => !x.Tags.Contains("t"))).Name);
        Assert.Equal("old", (await query.SingleAsync(x => !x.Tags.Any(t => t.Length > 0))).Name);
        Assert.Equal(["t"], await query.SelectMany(x => x.Tags).ToListAsync());
        Assert.Equal((false, 0, (string?)null), (await query.Where(x => x.Name == "old").Select(x => new { x.Flag, x.Number, x.Note }).ToListAsync()).Select(x => (x.Flag, x.Number, x.Note)).Single());
    }
}
