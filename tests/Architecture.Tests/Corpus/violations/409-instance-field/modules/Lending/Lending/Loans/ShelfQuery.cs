namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    private readonly string _schema = "shelves";

    public string Build() => $"select data from {_schema}.mt_events"; // finds: sql-stays-in-its-schema "shelves"
}
