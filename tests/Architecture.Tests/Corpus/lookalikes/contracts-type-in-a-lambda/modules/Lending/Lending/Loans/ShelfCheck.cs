using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static IEnumerable<string> Titles(IEnumerable<CopyView> copies) => copies.Where(static copy => copy.Id != Guid.Empty).Select(static copy => copy.Title);
}
