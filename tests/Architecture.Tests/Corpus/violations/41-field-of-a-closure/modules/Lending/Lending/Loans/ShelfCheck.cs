using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static Func<bool> Later(IEnumerable<object> found)
    {
        var copies = found.OfType<Copy>(); // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy as a type argument" → ModularMonolith.Shelves.Copies.Copy
        return () => copies.Any();
    }
}
