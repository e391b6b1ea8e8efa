using ModularMonolith.Architecture.Sql;

namespace ModularMonolith.Architecture.Tests.Engine.Sql;

public sealed class SqlReaderTests
{
    public static TheoryData<string, string> Statements()
    {
        var data = new TheoryData<string, string>();
        foreach (var (sql, names) in SqlStatements.All)
        {
            data.Add(sql, names);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void What_sql_names_in_a_schema_is_found_and_nothing_else(string sql, string names) => Assert.Equal(names, Names(sql));

    [Theory]
    [InlineData("select * from\n  inventory.stock_item", 16)]
    [InlineData("do $$ begin delete from inventory.stock_item; end $$", 24)]
    [InlineData("select nextval('inventory.number')", 16)]
    public void A_name_is_found_where_it_stands(string sql, int position) =>
        Assert.Equal(position, Assert.Single(SqlReader.Read(sql), static reference => reference.Schema is not null).Position);

    [Fact]
    public void What_a_statement_creates_is_told_from_what_it_uses()
    {
        var references = SqlReader.Read("create table if not exists line (sku text references stock_item (sku)); create index by_sku on line (sku)");
        Assert.Equal(["line"], references.Where(static reference => reference.Defines && reference.Name == "line").Select(static reference => reference.Name).Distinct());
        Assert.DoesNotContain(references, static reference => reference.Defines && reference.Name == "stock_item");
    }

    [Theory]
    [InlineData("'")]
    [InlineData("$$ select")]
    [InlineData("/* /* */")]
    [InlineData("select (((((")]
    [InlineData("execute format(")]
    [InlineData("execute format('%I'")]
    [InlineData("set search_path to")]
    [InlineData("\"")]
    [InlineData("U&\"\\00")]
    [InlineData(") ) ; from . . ,")]
    public void What_is_cut_off_is_read_as_far_as_it_goes(string sql) => Assert.NotNull(SqlReader.Read(sql));

    /// <summary>What is named in a schema, and schemas as such, in the order of the text, each once.</summary>
    internal static string Names(string sql) => SqlText.IsSql(sql)
        ? string.Join(", ", SqlReader.Read(sql).Where(static reference => reference.Schema is not null || reference.Kind == SqlObject.Schema)
            .OrderBy(static reference => reference.Position).Select(static reference => reference.ToString()).Distinct())
        : string.Empty;
}
