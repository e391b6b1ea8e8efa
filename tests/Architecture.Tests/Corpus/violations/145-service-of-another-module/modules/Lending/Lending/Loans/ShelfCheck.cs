using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck(IEnumerable<IShelfKeeper> keepers) // finds: module-references "" → ModularMonolith.Shelves.Copies.IShelfKeeper; services-stay-in-their-module ""
{
    public int Count => keepers.Count();
}
