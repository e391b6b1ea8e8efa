namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object Next(object first)
    {
        var mark = (Shelves.Copies.ShelfMark)first; // finds: module-references "" → ModularMonolith.Shelves.Copies.ShelfMark
        return mark + 1; // finds: module-references "" → ModularMonolith.Shelves.Copies.ShelfMark.op_Addition
    }
}
