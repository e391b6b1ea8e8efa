using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck : IComparer<object>
{
    int IComparer<object>.Compare(object? left, object? right)
    {
        return left is Copy ? 1 : 0; // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
    }
}
