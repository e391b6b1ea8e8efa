using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static async IAsyncEnumerable<string> Titles()
    {
        await Task.Yield();
        yield return new Copy().Title; // finds: module-references ""
    }
}
