using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

[System.Runtime.CompilerServices.CompilerGenerated]
internal sealed class ShelfCheck
{
    public string TitleOf(Copy copy) => copy.Title; // finds: module-references ""
}
