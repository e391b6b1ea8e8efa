namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static IReadOnlyList<object> Two() =>
        [new Shelves.Copies.Copy(), new Shelves.Copies.Copy()]; // finds: module-references "creates ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
}
