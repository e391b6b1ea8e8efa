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
                {|MM0013:"select * from " + Schema + ".product"|},
                {|MM0013:$"select {column} from {Schema}.product where id = {id}"|},
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
}
