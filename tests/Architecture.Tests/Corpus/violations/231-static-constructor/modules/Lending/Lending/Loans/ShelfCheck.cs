using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    private static readonly string Word;

    static ShelfCheck() => Word = new Copy().Title; // finds: module-references ""

    public static string Say() => Word;
}
