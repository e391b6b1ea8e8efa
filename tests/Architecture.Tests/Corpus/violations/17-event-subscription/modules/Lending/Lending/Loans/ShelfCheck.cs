namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static void Listen(object bell, Action heard)
    {
        if (bell is Shelves.Copies.ShelfBell found) // finds: module-references "" → ModularMonolith.Shelves.Copies.ShelfBell
        {
            found.Rang += (_, _) => heard(); // finds: module-references "" → ModularMonolith.Shelves.Copies.ShelfBell.add_Rang
        }
    }
}
