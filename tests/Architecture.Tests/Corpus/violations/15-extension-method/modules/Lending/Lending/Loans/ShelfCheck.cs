using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Title(IEnumerable<object> found) => found.First()
        .AsCopy(); // finds: module-references "calls ModularMonolith.Shelves.Copies.MoreCopyWords.AsCopy" → ModularMonolith.Shelves.Copies.MoreCopyWords.AsCopy
}
