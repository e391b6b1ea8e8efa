namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Require(string? title) =>
        title ?? throw new Shelves.Copies.CopyMissingException(Guid.Empty); // finds: module-references "creates ModularMonolith.Shelves.Copies.CopyMissingException" → ModularMonolith.Shelves.Copies.CopyMissingException
}
