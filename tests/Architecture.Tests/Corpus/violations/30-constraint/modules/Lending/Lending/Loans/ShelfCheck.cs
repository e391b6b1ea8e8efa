using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck<T>
    where T : IShelfKeeper // finds: module-references "uses ModularMonolith.Shelves.Copies.IShelfKeeper" → ModularMonolith.Shelves.Copies.IShelfKeeper
{
    public static string Name => typeof(T).Name;
}
