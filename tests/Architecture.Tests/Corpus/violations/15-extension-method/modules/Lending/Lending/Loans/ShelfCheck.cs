using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Title(IEnumerable<object> found) => found.First()
        .AsCopy(); // finds-1: module-references "" → ModularMonolith.Shelves.Copies.MoreCopyWords.AsCopy
}
