using Stacks = ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static int Years() => Stacks.Copy.YearsAtMost; // finds: module-references ""
}
