namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    private const string Schema = "shelves";

    public static string Build(int most) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"select data from {Schema}.mt_events limit {most}"); // finds: sql-stays-in-its-schema "shelves"
}
