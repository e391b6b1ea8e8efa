namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static Type? Find()
    {
        return Type.GetType("ModularMonolith.Shelves.Copies.Copy, ModularMonolith.Shelves"); // finds: no-reflection-by-name "looks ModularMonolith.Shelves.Copies.Copy of Shelves up by name"
    }
}
