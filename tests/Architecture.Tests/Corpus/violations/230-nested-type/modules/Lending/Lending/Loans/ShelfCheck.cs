using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    internal static class Inner
    {
        internal sealed class Innermost
        {
            public object Make() => new Copy(); // finds: module-references ""
        }
    }
}
