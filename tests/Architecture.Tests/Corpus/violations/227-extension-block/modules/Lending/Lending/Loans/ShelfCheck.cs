using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    extension(Copy copy) // finds: module-references ""
    {
        public string Spine => copy.Title.ToUpperInvariant(); // finds: module-references ""
    }
}
