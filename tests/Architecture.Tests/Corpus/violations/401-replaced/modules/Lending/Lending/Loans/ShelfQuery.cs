namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build() => "select data from {schema}.mt_events".Replace("{schema}", "shelves", StringComparison.Ordinal); // finds: sql-stays-in-its-schema "shelves"
}
