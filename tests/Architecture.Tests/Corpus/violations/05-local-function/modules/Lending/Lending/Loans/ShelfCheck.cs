using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static int Count(int years)
    {
        return Inner(years) + Inner(1);

        static int Inner(int more)
        {
            object made = new Copy(); // finds: module-references "creates ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
            return made.GetHashCode() + more;
        }
    }
}
