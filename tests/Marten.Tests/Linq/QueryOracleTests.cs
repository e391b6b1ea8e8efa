using FsCheck;
using FsCheck.Fluent;
using Marten;
using Weasel.Core;

namespace ModularMonolith.Marten.Tests.Linq;

/// <summary>Generated conditions have the same results in SQL as in memory, whatever the serializer and the columns are.</summary>
public class QueryOracleTests
{
    private const int Documents = 80;

    [Theory]
    [InlineData(1, EnumStorage.AsInteger, Casing.Default, false)]
    [InlineData(2, EnumStorage.AsString, Casing.CamelCase, false)]
    [InlineData(3, EnumStorage.AsString, Casing.SnakeCase, true)]
    [InlineData(4, EnumStorage.AsInteger, Casing.CamelCase, true)]
    public async Task Generated_conditions_select_the_same_documents_as_in_memory(int seed, EnumStorage enums, Casing casing, bool duplicated)
    {
        await using var store = await TestStore.CreateAsync(options =>
        {
            options.UseSystemTextJsonForSerialization(enums, casing);
            if (duplicated)
                Duplicate(options);
        });
        await store.SaveAsync(s => s.Store<Sample>(SampleArbitraries.Documents.Sample(Documents, new Rnd((ulong)seed), 12)));
        await using var session = store.Query();
        var all = await session.Query<Sample>().ToListAsync();
        Assert.Equal(Documents, all.Count);

        var telling = 0;
        await Properties.HoldAsync(SampleArbitraries.Conditions, 650, 3, (ulong)seed, async tree =>
        {
            var condition = tree.ToExpression();
            var expected = all.Where(condition.Compile()).Select(x => x.Id).ToHashSet();
            telling += expected.Count is > 0 and < Documents ? 1 : 0;
            var actual = await session.Query<Sample>().Where(condition).Select(x => x.Id).ToListAsync();
            expected.SymmetricExceptWith(actual);
            return expected.Count == 0
                ? null
                : $"{session.Query<Sample>().Where(condition).ToCommand().CommandText}\nis wrong about {store.Store.Advanced.Serializer.ToJson(all.First(x => expected.Contains(x.Id)))}";
        });
        Assert.True(telling > 400, $"Only {telling} conditions were true for some documents and false for others.");
    }

    private static void Duplicate(StoreOptions options) => options.Schema.For<Sample>()
        .Duplicate(x => x.Name).Duplicate(x => x.Note).Duplicate(x => x.Number).Duplicate(x => x.Maybe).Duplicate(x => x.Price)
        .Duplicate(x => x.Flag).Duplicate(x => x.Agreed).Duplicate(x => x.Grade).Duplicate(x => x.Wish).Duplicate(x => x.Owner)
        .Duplicate(x => x.At).Duplicate(x => x.Until).Duplicate(x => x.Local).Duplicate(x => x.Day).Duplicate(x => x.Letter)
        .Duplicate(x => x.Small).Duplicate(x => x.Place.City).Duplicate(x => x.Ratio);
}
