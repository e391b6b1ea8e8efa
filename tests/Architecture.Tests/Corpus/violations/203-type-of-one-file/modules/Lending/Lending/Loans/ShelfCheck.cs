using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

file sealed class ShelfCheck
{
    public string TitleOf(object copy) => ((Copy)copy).Title; // finds: module-references ""
}
