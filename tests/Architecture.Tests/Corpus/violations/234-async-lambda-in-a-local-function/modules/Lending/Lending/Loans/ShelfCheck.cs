using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static Task<string> Title()
    {
        return Ask();

        static async Task<string> Ask()
        {
            Func<Task<string>> inner = async () =>
            {
                await Task.Yield();
                return new Copy().Title; // finds: module-references ""
            };
            return await inner();
        }
    }
}
