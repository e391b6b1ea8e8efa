using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static string Name()
    {
        return Of<Copy>(); // finds: module-references ""

        static string Of<T>() => typeof(T).Name;
    }
}
