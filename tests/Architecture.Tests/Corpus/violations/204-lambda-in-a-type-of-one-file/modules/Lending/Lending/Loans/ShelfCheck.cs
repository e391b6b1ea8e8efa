using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

file static class ShelfCheck
{
    public static IEnumerable<string> Titles(IEnumerable<object> copies) => copies.Select(static copy => ((Copy)copy).Title); // finds: module-references ""
}
