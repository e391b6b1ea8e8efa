using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    private readonly Dictionary<string, List<Copy>> _copies = []; // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy

    public int Count => _copies.Count;
}
