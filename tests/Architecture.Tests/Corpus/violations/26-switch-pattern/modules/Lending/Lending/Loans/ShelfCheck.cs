using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Name(object found)
    {
        switch (found)
        {
            case string text:
                return text;
            case CopyMissingException: // finds: module-references "uses ModularMonolith.Shelves.Copies.CopyMissingException" → ModularMonolith.Shelves.Copies.CopyMissingException
                return "missing";
            default:
                return "none";
        }
    }
}
