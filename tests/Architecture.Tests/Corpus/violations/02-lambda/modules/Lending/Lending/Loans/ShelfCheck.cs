namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static IEnumerable<string> Titles(IEnumerable<object> found) =>
        found.Select(static one =>
            one.ToString() + new Shelves.Copies.Copy()); // finds: module-references "creates ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
}
