namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public object Current { get; } = new Shelves.Copies.Copy(); // finds: module-references "creates ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
}
