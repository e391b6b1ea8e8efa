using static ModularMonolith.Shelves.Copies.ShelfWords;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Text() =>
        Nothing(); // finds: module-references "calls ModularMonolith.Shelves.Copies.ShelfWords.Nothing" → ModularMonolith.Shelves.Copies.ShelfWords.Nothing
}
