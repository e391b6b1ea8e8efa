using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static IEnumerable<string> Titles(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return new CopyMissingException(Guid.Empty).Message; // finds: module-references "" → ModularMonolith.Shelves.Copies.CopyMissingException
        }
    }
}
