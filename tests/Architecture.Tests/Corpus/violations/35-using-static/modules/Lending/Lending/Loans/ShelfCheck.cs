using static ModularMonolith.Shelves.Copies.ShelfWords;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Text() =>
        Nothing(); // finds: module-references "" → ModularMonolith.Shelves.Copies.ShelfWords.Nothing
}
