using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public object? Last
    {
        get;
        set => field = value as Copy; // finds: module-references ""
    }
}
