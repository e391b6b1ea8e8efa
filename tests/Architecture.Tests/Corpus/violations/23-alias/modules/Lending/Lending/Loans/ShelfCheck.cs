using Book = ModularMonolith.Shelves.Copies.Copy;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object Make() =>
        new Book(); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy

    public static int Years() =>
        Book.YearsAtMost; // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
