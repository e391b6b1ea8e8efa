using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

[System.CodeDom.Compiler.GeneratedCode("nothing", "1.0")]
internal sealed class ShelfCheck
{
    public string TitleOf(Copy copy) => copy.Title; // finds: module-references ""
}
