using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public const int Twice = Copy.YearsAtMost * 2; // finds: module-references ""
}
