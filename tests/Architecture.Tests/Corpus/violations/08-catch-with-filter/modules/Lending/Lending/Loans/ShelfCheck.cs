using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static bool Try(Action run)
    {
        try
        {
            run();
            return true;
        }
        catch (CopyMissingException missing) when (missing.HResult != 0) // finds: module-references "ModularMonolith.Shelves.Copies.CopyMissingException" → ModularMonolith.Shelves.Copies.CopyMissingException
        {
            return false;
        }
    }
}
