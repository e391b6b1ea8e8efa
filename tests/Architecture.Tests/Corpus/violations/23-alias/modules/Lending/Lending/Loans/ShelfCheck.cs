using Book = ModularMonolith.Shelves.Copies.Copy;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object Make() =>
        new Book(); // finds: module-references "creates ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy

    public static int Years() =>
        Book.YearsAtMost; // finds: module-references "copies the value or name of ModularMonolith.Shelves.Copies.Copy.YearsAtMost" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
