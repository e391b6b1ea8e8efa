namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object Next(object first)
    {
        var mark = (Shelves.Copies.ShelfMark)first; // finds: module-references "uses ModularMonolith.Shelves.Copies.ShelfMark" → ModularMonolith.Shelves.Copies.ShelfMark
        return mark + 1; // finds: module-references "calls ModularMonolith.Shelves.Copies.ShelfMark.op_Addition" → ModularMonolith.Shelves.Copies.ShelfMark.op_Addition
    }
}
