using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck<T> // finds: module-references "" → ModularMonolith.Shelves.Copies.IShelfKeeper
    where T : IShelfKeeper
{
    public static string Name => typeof(T).Name;
}
