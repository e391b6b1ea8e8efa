using static ModularMonolith.Shelves.Copies.CopyState;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static bool IsLost(int state) => state == (int)Lost; // finds: module-references ""
}
