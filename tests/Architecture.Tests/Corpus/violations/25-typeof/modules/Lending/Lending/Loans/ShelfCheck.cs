namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Name()
    {
        var type = typeof(Shelves.Copies.Copy); // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
        return type.Name;
    }
}
