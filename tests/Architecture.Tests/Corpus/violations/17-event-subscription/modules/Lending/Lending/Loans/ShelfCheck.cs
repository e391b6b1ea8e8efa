namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static void Listen(object bell, Action heard)
    {
        if (bell is Shelves.Copies.ShelfBell found) // finds: module-references "uses ModularMonolith.Shelves.Copies.ShelfBell" → ModularMonolith.Shelves.Copies.ShelfBell
        {
            found.Rang += (_, _) => heard(); // finds: module-references "calls ModularMonolith.Shelves.Copies.ShelfBell.add_Rang" → ModularMonolith.Shelves.Copies.ShelfBell.add_Rang
        }
    }
}
