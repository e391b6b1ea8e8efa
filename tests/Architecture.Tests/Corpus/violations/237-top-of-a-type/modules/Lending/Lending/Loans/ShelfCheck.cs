using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck : IComparable<Copy> // finds: module-references ""
{
    public int CompareTo(Copy? other) => 0;
}
