using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    private readonly Dictionary<string, List<Copy>> _copies = []; // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy as a type argument" → ModularMonolith.Shelves.Copies.Copy

    public int Count => _copies.Count;
}
