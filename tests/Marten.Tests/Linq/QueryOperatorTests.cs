using Marten;

namespace ModularMonolith.Marten.Tests.Linq;

public class QueryOperatorTests
{
    [Fact]
    public async Task The_common_operators_return_what_they_return_in_memory()
    {
        await using var store = await TestStore.CreateAsync();
        await store.SaveAsync(s => s.Store(
            new Sample { Name = "a", Number = 1, Tags = ["x"] },
            new Sample { Name = "b", Number = 2, Tags = ["x", "y"] },
            new Sample { Name = "c", Number = 3, Flag = true }));
        await using var session = store.Query();
        var wanted = new[] { "a", "c" };

        Assert.Equal(["b", "c"], (await session.Query<Sample>().Where(x => x.Number > 1).OrderBy(x => x.Name).ToListAsync()).Select(x => x.Name));
        Assert.Equal(["c", "a"], await session.Query<Sample>().Where(x => wanted.Contains(x.Name)).OrderByDescending(x => x.Number).Select(x => x.Name).ToListAsync());
        Assert.Equal("b", (await session.Query<Sample>().OrderBy(x => x.Number).Skip(1).Take(1).FirstAsync()).Name);
        Assert.Equal(2, await session.Query<Sample>().CountAsync(x => x.Name.IsOneOf("a", "b")));
        Assert.True(await session.Query<Sample>().AnyAsync(x => x.Flag));
        Assert.Null(await session.Query<Sample>().FirstOrDefaultAsync(x => x.Name == "z"));
        Assert.Equal(2, await session.Query<Sample>().CountAsync(x => x.Tags.Contains("x")));
        Assert.Equal("b", (await session.Query<Sample>().SingleAsync(x => x.Tags.Any(t => t == "y"))).Name);
    }
}
