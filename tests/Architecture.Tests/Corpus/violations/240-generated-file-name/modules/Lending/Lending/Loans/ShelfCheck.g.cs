using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public string TitleOf(Copy copy) => copy.Title; // finds: module-references ""
}
