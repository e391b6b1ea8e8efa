using static ModularMonolith.Shelves.Copies.CopyWords;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Nothing() =>
        Describe(null!); // finds: module-references "" → ModularMonolith.Shelves.Copies.CopyWords.Describe
}
