using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal readonly record struct ShelfCheck(Guid Id)
{
    public static explicit operator ShelfCheck(Copy copy) => new(copy.Id); // finds: module-references ""
}
