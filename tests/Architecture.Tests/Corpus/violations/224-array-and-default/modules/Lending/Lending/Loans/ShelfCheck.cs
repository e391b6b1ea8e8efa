using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static Array Many() => new Copy[3]; // finds: module-references ""

    public static object? None() => default(Copy); 
}
