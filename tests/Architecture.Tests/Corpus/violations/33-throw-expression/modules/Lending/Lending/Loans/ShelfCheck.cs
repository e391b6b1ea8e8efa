namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Require(string? title) =>
        title ?? throw new Shelves.Copies.CopyMissingException(Guid.Empty); // finds: module-references "" → ModularMonolith.Shelves.Copies.CopyMissingException
}
