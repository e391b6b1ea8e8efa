using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string TitleOf(object found)
    {
        return ((Copy)found).Title; // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy; module-references "uses ModularMonolith.Shelves.Copies.Copy.Title" → ModularMonolith.Shelves.Copies.Copy.Title
    }
}
