using FsCheck;
using FsCheck.Fluent;
using Marten;
using Marten.Exceptions;
using ModularMonolith.Marten.Tests.Documents;

namespace ModularMonolith.Marten.Tests.Linq;

/// <summary>Generated documents, texts and chains of operators against the same in memory.</summary>
public class GeneratedTests
{
    private static readonly Gen<string> Texts =
        from characters in Gen.OneOf(Gen.Elements("'\"\\%_$?:@{}[]().,;-- \t\n\r<>&|!*#~^`".ToCharArray()), Gen.Choose(1, 0xD7FF).Select(c => (char)c)).ArrayOf()
        select new string(characters);

    private static readonly Gen<Chain> Chains =
        from condition in Gen.Choose(0, int.MaxValue - 1)
        from depth in Gen.Choose(0, 3)
        from key in Gen.Choose(0, 5)
        from downwards in Gen.Elements(true, false)
        from skip in Gen.Choose(0, 40)
        from take in Gen.Choose(0, 40)
        select new Chain(condition, depth, key, downwards, skip, take);

    [Fact]
    public async Task Generated_texts_are_stored_loaded_and_found()
    {
        await using var store = await TestStore.CreateAsync(o => o.Schema.For<Sample>().Duplicate(x => x.Note));
        var samples = Texts.Sample(60, new Rnd(7), 200).Select(text => new Sample { Id = Guid.CreateVersion7(), Name = text, Note = text, Tags = [text], Labels = { [text] = text }, Place = new Place { City = text } }).ToList();
        await store.SaveAsync(s => s.Store<Sample>(samples));
        await using var session = store.Query();

        Assert.Equal(samples.Select(x => (x.Id, x.Name, x.Note, x.Tags[0], x.Labels.Single().Key)), (await session.Query<Sample>().OrderBy(x => x.Id).ToListAsync()).OrderBy(x => samples.FindIndex(s => s.Id == x.Id)).Select(x => (x.Id, x.Name, x.Note, x.Tags[0], x.Labels.Single().Key)));
        foreach (var text in samples.Select(x => x.Name).Distinct())
        {
            var batch = session.CreateBatchQuery();
            var query = batch.Query<Sample>();
            Task<long>[] counts =
            [
                query.Count(x => x.Name == text), query.Count(x => x.Note == text), query.Count(x => x.Name.Contains(text)), query.Count(x => x.Place.City!.StartsWith(text)),
                query.Count(x => x.Tags.Contains(text)), query.Count(x => x.Labels.ContainsKey(text)), query.Count(x => x.Note!.EndsWith(text)),
            ];
            await batch.Execute();
            int[] expected =
            [
                samples.Count(x => x.Name == text), samples.Count(x => x.Note == text), samples.Count(x => x.Name.Contains(text, StringComparison.Ordinal)), samples.Count(x => x.Name.StartsWith(text, StringComparison.Ordinal)),
                samples.Count(x => x.Name == text), samples.Count(x => x.Name == text), samples.Count(x => x.Name.EndsWith(text, StringComparison.Ordinal)),
            ];
            Assert.Equal(expected.Select(x => (long)x), await Task.WhenAll(counts));
        }
    }

    [Fact]
    public async Task Generated_chains_of_operators_have_the_results_of_memory()
    {
        await using var store = await TestStore.CreateAsync(o => o.UseSystemTextJsonForSerialization(Weasel.Core.EnumStorage.AsString, Weasel.Core.Casing.CamelCase));
        var random = new Random(3);
        await store.SaveAsync(s => s.Store(Enumerable.Range(0, 60).Select(_ => RandomSamples.Create(random)).ToArray()));
        await using var session = store.Query();
        var all = await session.Query<Sample>().ToListAsync();
        foreach (var chain in Chains.Sample(50, new Rnd(11), 150))
        {
            var condition = RandomConditions.Create(new Random(chain.Condition), chain.Depth);
            var expected = Ordered(all.AsQueryable().Where(condition.Compile()).AsQueryable(), chain).ToList();

            var page = await Ordered(session.Query<Sample>().Where(condition), chain).Stats(out var statistics).Skip(chain.Skip).Take(chain.Take).ToListAsync();
            var groups = await session.Query<Sample>().Where(condition).GroupBy(x => new { x.Small, x.Flag }).Select(g => new { g.Key.Small, g.Key.Flag, Count = g.Count(), Sum = g.Sum(x => x.Price), Max = g.Max(x => x.Number) }).ToListAsync();

            Assert.True(expected.Skip(chain.Skip).Take(chain.Take).Select(x => x.Id).SequenceEqual(page.Select(x => x.Id)), $"{chain}: {condition}");
            Assert.Equal(expected.Count, statistics.TotalResults);
            Assert.Equal(
                expected.GroupBy(x => new { x.Small, x.Flag }).Select(g => new { g.Key.Small, g.Key.Flag, Count = g.Count(), Sum = g.Sum(x => x.Price), Max = g.Max(x => x.Number) }).OrderBy(g => g.Small).ThenBy(g => g.Flag),
                groups.OrderBy(g => g.Small).ThenBy(g => g.Flag));
        }
    }

    [Theory]
    [InlineData("'; drop table mt_doc_label; --")]
    [InlineData("\"; drop table mt_doc_label; --")]
    [InlineData("x' or '1'='1")]
    [InlineData("$1 ?? :a @b {0} \\")]
    public async Task Ids_metadata_and_names_of_configurations_are_never_SQL(string text)
    {
        await using var store = await TestStore.CreateAsync(o =>
        {
            o.Schema.For<Label>().Metadata(m =>
            {
                m.CorrelationId.Enabled = m.CausationId.Enabled = m.LastModifiedBy.Enabled = m.Headers.Enabled = true;
            });
            o.Schema.For<Label>().Index(x => x.Text, i => i.Name = "idx_" + text);
            o.Schema.For<User>().DocumentAlias("user" + text);
        });
        await store.SaveAsync(s =>
        {
            (s.CorrelationId, s.CausationId, s.LastModifiedBy) = (text, text, text);
            s.SetHeader(text, text);
            s.Store(new Label { Id = text, Text = text }, new Label { Id = "other" });
            s.Store(new User { Name = text });
        });
        await using var session = store.Query();

        Assert.Equal(text, (await session.LoadAsync<Label>(text))?.Text);
        Assert.Single(await session.LoadManyAsync<Label>(text, "none"));
        Assert.Equal(text, (await session.MetadataForAsync(new Label { Id = text }))?.CorrelationId);
        Assert.Equal(text, (await session.QueryAsync<Label>("where d.id = ?", text)).Single().Id);
        Assert.Equal(1, await session.Query<User>().CountAsync(x => x.Name == text));
        await Assert.ThrowsAsync<MartenCommandException>(() => session.SearchAsync<Label>("word", text));
        await store.SaveAsync(s => s.Delete<Label>(text));
        await store.SaveAsync(s => s.DeleteWhere<Label>(x => x.Id == text || x.Text == text));
        Assert.Equal(["other"], await session.Query<Label>().Select(x => x.Id).ToListAsync());
    }

    private static IQueryable<Sample> Ordered(IQueryable<Sample> query, Chain chain)
    {
        var ordered = (chain.Order, chain.Descending) switch
        {
            (0, false) => query.OrderBy(x => x.Number),
            (0, true) => query.OrderByDescending(x => x.Number),
            (1, false) => query.OrderBy(x => x.Price),
            (1, true) => query.OrderByDescending(x => x.Price),
            (2, false) => query.OrderBy(x => x.Day),
            (2, true) => query.OrderByDescending(x => x.Day),
            (3, false) => query.OrderBy(x => x.Place.Floor),
            (3, true) => query.OrderByDescending(x => x.Place.Floor),
            (4, false) => query.OrderBy(x => x.Flag),
            (4, true) => query.OrderByDescending(x => x.Flag),
            (_, false) => query.OrderBy(x => x.Small),
            (_, true) => query.OrderByDescending(x => x.Small),
        };
        return ordered.ThenBy(x => x.Large).ThenBy(x => x.Id);
    }

    private sealed record Chain(int Condition, int Depth, int Order, bool Descending, int Skip, int Take);
}
