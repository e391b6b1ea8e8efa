namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build() => new System.Text.StringBuilder().AppendFormat("select data from {0}.mt_events", "shelves").ToString(); // finds: sql-stays-in-its-schema "shelves"
}
