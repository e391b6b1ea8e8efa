namespace ModularMonolith.Analyzers.Tests;

public sealed class SqlTests
{
    [Fact]
    public Task SQL_that_names_another_modules_schema_is_reported_at_the_name() => AnalyzedModule.Slice.ReportsAsync(""""
        namespace ModularMonolith.Ordering;

        internal sealed class Queries
        {
            private const string Names = "select name from {|MM0013:catalog|}.product";

            public string[] All() =>
            [
                "insert into {|MM0013:integration|}.message (name) values ('x')",
                "SELECT * FROM {|MM0013:RACKS|} . shelf",
                @"delete from ""{|MM0013:catalog|}"".product",
                """
                select o.id
                from mt_doc_order o
                join {|MM0013:catalog|}.product p on p.sku = o.sku
                """,
                Names,
            ];
        }
        """");

    [Fact]
    public Task SQL_that_is_put_together_is_read_as_a_whole() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Queries
        {
            private const string Schema = "catalog";

            public string[] All(string column, string id) =>
            [
                "select * from " + Schema + ".{|MM0013:product|}",
                $"select {column} from {Schema}.{|MM0013:product|} where id = {id}",
                "select " + column + " from {|MM0013:catalog|}.product",
                $"select {column} from {|MM0013:catalog|}.product where {column} = '{id}'",
            ];
        }
        """);

    [Fact]
    public Task A_constant_of_another_project_is_reported_where_it_is_used() => new AnalyzedModule { SeesCatalogContracts = true }.ReportsAsync("""
        using ModularMonolith.Catalog.Contracts;

        namespace ModularMonolith.Ordering;

        internal sealed class Queries
        {
            public string All() => {|MM0013:ProductLimits.Everything|};
        }
        """);

    [Fact]
    public Task SQL_of_the_own_schema_and_text_that_is_no_SQL_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Queries
        {
            public string[] All(string table, string schema) =>
            [
                "select * from ordering.mt_doc_order",
                "select p.id from mt_doc_order p where p.catalog.id = 1",
                "select * from mt_doc_catalog.x",
                "select catalog from mt_doc_order",
                $"select * from {table}catalog.product",
                $"select * from {schema}.product",
                "The catalog.product event was received.",
                "catalog.product-added",
                "select 'catalog.product'",
                "select catalog.data from mt_doc_order as catalog",
                "What catalog.product says is told by us. Select from it.",
                "Select a delivery from catalog.product first.",
            ];
        }
        """);

    [Fact]
    public Task SQL_that_is_put_together_over_statements_is_read_as_a_whole() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Text;

        namespace ModularMonolith.Ordering;

        internal sealed class Queries
        {
            private static readonly string Schema = "catalog";

            public string[] All(string column, bool all)
            {
                var table = $"{Schema}.product";
                var from = " from " + table;
                from += " where true";
                var builder = {|MM0013:new StringBuilder("delete from ")|};
                builder.Append("racks.").Append("shelf");
                builder.Append(all ? " where true" : " where false");
                return
                [
                    builder.ToString(),
                    {|MM0013:"select " + column + from|},
                    string.Format("select {0} from {1}.shelf", column, "{|MM0013:racks|}"),
                    string.Concat("select ", column, " from {|MM0013:racks|}.shelf"),
                ];
            }
        }
        """);

    [Fact]
    public Task What_is_run_as_SQL_is_read_and_what_people_read_is_not() => AnalyzedModule.Slice.ReportsAsync("""
        using Npgsql;

        namespace ModularMonolith.Ordering;

        internal sealed class Queries
        {
            public NpgsqlCommand Run(NpgsqlConnection connection) => new("call {|MM0013:catalog|}.refresh_all(); select 1 from {|MM0013:racks|}.shelf", connection);

            public Exception Fail() => new InvalidOperationException("select from racks.shelf");

            public void Connect(NpgsqlConnectionStringBuilder address) => address.SearchPath = "ordering, {|MM0013:racks|}";

            public NpgsqlConnection Open() => new("Host=db;Search Path={|MM0013:catalog|}");
        }
        """);

    [Fact]
    public async Task The_message_names_the_object()
    {
        var messages = await AnalyzedModule.Slice.MessagesAsync("""
            namespace ModularMonolith.Ordering;

            internal sealed class Queries
            {
                public string[] All() =>
                [
                    "select 1 from racks.shelf",
                    "set local search_path to ordering, racks",
                    "select to_regclass('racks.shelf') is not null",
                    "select racks.count_all()",
                    "select '1'::racks.amount",
                ];
            }
            """);

        Assert.Equal(
            ["names the function racks.count_all in SQL", "names the schema racks in SQL", "names the table racks.shelf in SQL", "names the table racks.shelf in SQL", "names the type racks.amount in SQL"],
            messages.Select(static message => message["Queries.All ".Length..message.IndexOf(". Ask", StringComparison.Ordinal)]));
    }
}
