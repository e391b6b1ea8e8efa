using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static Func<bool> Later(IEnumerable<object> found)
    {
        var copies = found.OfType<Copy>(); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
        return () => copies.Any();
    }
}
