using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck(IEnumerable<IShelfKeeper> keepers) // finds: module-references "uses ModularMonolith.Shelves.Copies.IShelfKeeper as a type argument" → ModularMonolith.Shelves.Copies.IShelfKeeper; services-stay-in-their-module "injects IShelfKeeper, a service of Shelves"
{
    public int Count => keepers.Count();
}
