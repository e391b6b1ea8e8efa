using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static IEnumerable<string> Titles(IEnumerable<object> found) =>
        from one in found
        where one is Copy // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
        select one.ToString();
}
