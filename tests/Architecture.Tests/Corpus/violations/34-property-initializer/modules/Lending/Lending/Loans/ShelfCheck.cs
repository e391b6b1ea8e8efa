namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public object Current { get; } = new Shelves.Copies.Copy(); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
}
