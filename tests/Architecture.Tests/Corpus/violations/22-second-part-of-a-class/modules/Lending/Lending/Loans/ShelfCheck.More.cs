using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed partial class ShelfCheck
{
    public static object Harmful() =>
        new Copy(); // finds: module-references "creates ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
}
