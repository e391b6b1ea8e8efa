using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static bool IsLost(int state) =>
        state == (int)CopyState.Lost; // finds: module-references "" → ModularMonolith.Shelves.Copies.CopyState.Lost
}
