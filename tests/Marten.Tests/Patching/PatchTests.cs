using Marten;
using Marten.Patching;
using ModularMonolith.Marten.Tests.Documents;
using ModularMonolith.Marten.Tests.Linq;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Patching;

public class PatchTests
{
    private static async Task<Sample> PatchedAsync(TestStore store, Sample sample, Action<IPatchExpression<Sample>> change)
    {
        await store.SaveAsync(s => s.Store(sample));
        await store.SaveAsync(s => change(s.Patch<Sample>(sample.Id)));
        return (await store.LoadAsync<Sample>(sample.Id))!;
    }

    [Theory]
    [InlineData(EnumStorage.AsInteger, Casing.Default)]
    [InlineData(EnumStorage.AsString, Casing.CamelCase)]
    [InlineData(EnumStorage.AsString, Casing.SnakeCase)]
    public async Task Members_are_set_incremented_copied_and_removed(EnumStorage enums, Casing casing)
    {
        await using var store = await TestStore.CreateAsync(o => o.UseSystemTextJsonForSerialization(enums, casing));

        var found = await PatchedAsync(store, new Sample { Name = "old", Number = 5, Price = 1.25m, Ratio = 0.5, Large = 7, Note = "note", Place = new Place { City = "A" } }, p => p
            .Set(x => x.Name, "new").Set(x => x.Grade, Grade.High).Set(x => x.Place.City, "B").Set(x => x.Maybe, 4).Set(x => x.Discount, (decimal?)null)
            .Increment(x => x.Number).Increment(x => x.Large, -3).Increment(x => x.Price, 2.5m).Increment(x => x.Ratio, 0.25)
            .Duplicate(x => x.Name, x => x.Place.Country).Delete(x => x.Note!));

        Assert.Equal(("new", Grade.High, "B", 4, null), (found.Name, found.Grade, found.Place.City, found.Maybe, found.Discount));
        Assert.Equal((6, 4L, 3.75m, 0.75), (found.Number, found.Large, found.Price, found.Ratio));
        Assert.Equal(("new", null), (found.Place.Country, found.Note));
    }

    [Fact]
    public async Task Elements_are_added_and_removed()
    {
        await using var store = await TestStore.CreateAsync();
        var part = new Part { Code = "p", Amount = 1 };

        var found = await PatchedAsync(store, new Sample { Tags = ["a", "b", "a"], Numbers = [1, 2, 3], Parts = [part, new Part { Code = "q", Amount = 2 }] }, p => p
            .Append(x => x.Tags, "c").AppendIfNotExists(x => x.Tags, "b").AppendIfNotExists(x => x.Tags, "d").Remove(x => x.Tags, "a").Insert(x => x.Tags, "first", 0)
            .Insert(x => x.Numbers, 9, 1).InsertIfNotExists(x => x.Numbers, 2, 0).Remove(x => x.Numbers, 4).Insert(x => x.Numbers, 8, 100)
            .AppendIfNotExists(x => x.Parts, new Part { Code = "r" }, x => x.Code == "q").Remove(x => x.Parts, x => x.Amount < 2, RemoveAction.RemoveAll));
        var others = await PatchedAsync(store, new Sample { Tags = ["a", "b", "a"], Grades = [] }, p => p.Remove(x => x.Tags, "a", RemoveAction.RemoveAll).Append(x => x.Grades, Grade.Low));

        Assert.Equal(["first", "b", "a", "c", "d"], found.Tags);
        Assert.Equal([1, 9, 2, 3, 8], found.Numbers);
        Assert.Equal(["q"], found.Parts.Select(x => x.Code));
        Assert.Equal(["b"], others.Tags);
        Assert.Equal([Grade.Low], others.Grades);
    }

    [Fact]
    public async Task Keys_that_no_member_has_are_renamed_set_and_removed()
    {
        await using var store = await TestStore.CreateAsync();
        var user = new User { Name = "n" };
        await store.SaveAsync(s => s.Store(user));
        await store.ExecuteAsync("update {0}.mt_doc_user set data = data - 'Email' || jsonb_build_object('Mail', 'm', 'Gone', 1)");

        await store.SaveAsync(s => s.Patch<User>(user.Id).Rename("Mail", x => x.Email!).Rename("None", x => x.Name).Set("Extra", new[] { 1, 2 }).Delete("Gone"));

        Assert.Equal(("n", "m"), ((await store.LoadAsync<User>(user.Id))!.Name, (await store.LoadAsync<User>(user.Id))!.Email));
        Assert.Equal("[1, 2]", await store.ScalarAsync("select (data -> 'Extra')::text from {0}.mt_doc_user"));
        Assert.Equal(false, await store.ScalarAsync("select data ? 'Gone' or data ? 'Mail' from {0}.mt_doc_user"));
        await using var session = store.Session();
        Assert.Throws<ArgumentException>(() => session.Patch<User>(user.Id).Set(x => x.Id, Guid.NewGuid()));
    }

    [Fact]
    public async Task Many_documents_change_in_one_statement_with_their_columns_and_versions()
    {
        await using var store = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<User>().Duplicate(x => x.Age).SoftDeleted().UseNumericRevisions(true);
            o.Schema.For<User>().Metadata(m => m.LastModifiedBy.Enabled = true);
        });
        var users = Enumerable.Range(0, 6).Select(i => new User { Name = $"u{i}", Age = i }).ToArray();
        await store.SaveAsync(s => s.Store(users));
        await store.SaveAsync(s => s.Delete(users[5]));

        await store.SaveAsync(s =>
        {
            s.LastModifiedBy = "patcher";
            s.Patch<User>(x => x.Age >= 3).Increment(x => x.Age, 100);
        });

        await using var session = store.Query();
        Assert.Equal([0, 1, 2, 103, 104], await session.Query<User>().OrderBy(x => x.Age).Select(x => x.Age).ToListAsync());
        Assert.Equal(2L, await store.ScalarAsync("select count(*) from {0}.mt_doc_user where mt_version = 2 and age > 100 and last_modified_by = 'patcher'"));
    }

    [Fact]
    public async Task Writers_that_wait_for_each_other_lose_no_change()
    {
        await using var store = await TestStore.CreateAsync();
        var user = new User();
        await store.SaveAsync(s => s.Store(user));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 5; i++)
                await store.SaveAsync(s => s.Patch<User>(user.Id).Increment(x => x.Age));
        }));

        Assert.Equal(40, (await store.LoadAsync<User>(user.Id))?.Age);
    }

    [Theory]
    [InlineData("'; drop table mt_doc_user; --")]
    [InlineData("\" ' \\ $1 {0} ? :x @y")]
    [InlineData("a,b}{c")]
    public async Task Names_and_values_are_never_SQL(string text)
    {
        await using var store = await TestStore.CreateAsync();
        var user = new User { Name = text };
        await store.SaveAsync(s => s.Store(user));

        await store.SaveAsync(s => s.Patch<User>(x => x.Name == text).Set(text, text).Set(x => x.Email, text).Rename("none" + text, x => x.Name));

        Assert.Equal(text, (await store.LoadAsync<User>(user.Id))?.Email);
        await using var session = store.Query();
        Assert.Equal(text, (await session.QueryAsync<string>($"select d.data ->> ? from {store.Schema}.mt_doc_user as d", text)).Single());
        await store.SaveAsync(s => s.Patch<User>(user.Id).Delete(text));
        Assert.Equal(1, await session.Query<User>().CountAsync(x => x.Email == text));
    }
}
