using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static IEnumerable<string> Titles(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return new CopyMissingException(Guid.Empty).Message; // finds: module-references "creates ModularMonolith.Shelves.Copies.CopyMissingException" → ModularMonolith.Shelves.Copies.CopyMissingException
        }
    }
}
