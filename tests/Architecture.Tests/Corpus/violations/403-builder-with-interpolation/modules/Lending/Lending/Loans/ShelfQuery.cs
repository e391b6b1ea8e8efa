namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build(int most) => new System.Text.StringBuilder().Append("select data ").Append($"from shelves.mt_events limit {most}").ToString(); // finds: sql-stays-in-its-schema "shelves"
}
