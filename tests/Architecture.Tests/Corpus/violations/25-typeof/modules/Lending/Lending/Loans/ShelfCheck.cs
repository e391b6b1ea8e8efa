namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Name()
    {
        var type = typeof(Shelves.Copies.Copy); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
        return type.Name;
    }
}
