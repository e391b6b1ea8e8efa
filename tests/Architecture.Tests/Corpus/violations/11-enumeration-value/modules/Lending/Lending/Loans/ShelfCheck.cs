using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static bool IsLost(int state) =>
        state == (int)CopyState.Lost; // finds: module-references "copies the value or name of ModularMonolith.Shelves.Copies.CopyState.Lost" → ModularMonolith.Shelves.Copies.CopyState.Lost
}
