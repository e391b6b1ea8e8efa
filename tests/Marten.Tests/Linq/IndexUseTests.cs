using Marten;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Linq;

/// <summary>Queries spell members as the declared indexes do. Without sequential scans the plan shows whether an index can serve them.</summary>
public class IndexUseTests
{
    [Fact]
    public async Task Each_declared_index_serves_the_queries_it_is_meant_for()
    {
        await using var store = await TestStore.CreateAsync(o =>
        {
            o.UseSystemTextJsonForSerialization(Weasel.Core.EnumStorage.AsString, Weasel.Core.Casing.CamelCase);
            o.Schema.For<Sample>()
                .Index(x => x.Name, i => i.Name = "by_name").Index(x => x.Number, i => i.Name = "by_number").Index(x => x.At, i => i.Name = "by_at")
                .Index(x => x.Owner, i => i.Name = "by_owner").Index(x => x.Place.City, i => i.Name = "by_city").Index(x => x.Grade, i => i.Name = "by_grade")
                .Index(x => x.Flag, i => i.Name = "by_flag").Index(x => x.Price, i => i.Name = "by_price")
                .Index(x => x.Note, i => { i.Name = "by_lower_note"; i.Casing = global::Marten.Schema.ComputedIndex.Casings.Lower; })
                .Duplicate(x => x.Large, configure: i => i.Name = "by_large").Duplicate(x => x.Day, configure: i => i.Name = "by_day")
                .GinIndexJsonData(i => i.Name = "by_content").FullTextIndex((global::Marten.Schema.FullTextIndexDefinition i) => i.Name = "by_words", x => x.Name);
        });
        await store.SaveAsync(s => s.Store(Enumerable.Range(0, 50).Select(i => new Sample { Name = $"n{i}", Number = i }).ToArray()));
        await using var session = store.Query();
        var query = session.Query<Sample>();
        var (time, id, day) = (DateTimeOffset.UnixEpoch, Guid.CreateVersion7(), new DateOnly(2024, 1, 1));
        string?[] names = ["n1", "n2"];

        await UsesAsync("by_name", query.Where(x => x.Name == "n1"));
        await UsesAsync("by_name", query.Where(x => names.Contains(x.Name)));
        await UsesAsync("by_number", query.Where(x => x.Number == 7));
        await UsesAsync("by_number", query.Where(x => x.Number > 7 && x.Number <= 9));
        await UsesAsync("by_number", query.OrderBy(x => x.Number).Take(3));
        await UsesAsync("by_number", query.OrderByDescending(x => x.Number).Take(3));
        await UsesAsync("by_at", query.Where(x => x.At < time));
        await UsesAsync("by_owner", query.Where(x => x.Owner == id));
        await UsesAsync("by_city", query.Where(x => x.Place.City == "a"));
        await UsesAsync("by_grade", query.Where(x => x.Grade == Grade.High));
        await UsesAsync("by_flag", query.Where(x => x.Flag));
        await UsesAsync("by_price", query.Where(x => x.Price >= 3.5m));
        await UsesAsync("by_lower_note", query.Where(x => x.Note!.Equals("A", StringComparison.OrdinalIgnoreCase)));
        await UsesAsync("by_large", query.Where(x => x.Large == 3));
        await UsesAsync("by_day", query.Where(x => x.Day >= day));
        await UsesAsync("by_content", query.Where(x => x.Tags.Contains("t")));
        await UsesAsync("by_content", query.Where(x => x.Parts.Any(p => p.Code == "c" && p.Amount == 2)));
        await UsesAsync("by_words", query.Where(x => x.PlainTextSearch("n1")));
        await UsesAsync("pkey_mt_doc_sample_id", query.Where(x => x.Id == id));
    }

    private static async Task UsesAsync<T>(string index, IQueryable<T> query) where T : notnull
    {
        await using var command = query.ToCommand();
        var dataSource = await TestStore.SharedAsync();
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var settings = new NpgsqlCommand("set local enable_seqscan = off; set local enable_sort = off", connection, transaction))
            await settings.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand("explain " + command.CommandText, connection, transaction);
        foreach (var parameter in command.Parameters.Cast<NpgsqlParameter>().ToList())
            explain.Parameters.Add(parameter.Clone());
        var plan = new List<string>();
        await using (var reader = await explain.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
        }

        Assert.True(plan.Exists(line => line.Contains(index, StringComparison.Ordinal)), $"{command.CommandText}\n{string.Join('\n', plan)}");
    }
}
