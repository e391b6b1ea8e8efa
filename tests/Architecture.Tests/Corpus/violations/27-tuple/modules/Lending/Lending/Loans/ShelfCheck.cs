using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static (Copy? Copy, int Count) Find() => // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy as a type argument" → ModularMonolith.Shelves.Copies.Copy
        default;
}
