using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static async Task<string> TitleAsync(Guid id, Func<Guid, CancellationToken, Task<object>> find, CancellationToken cancellationToken)
    {
        var found = await find(id, cancellationToken);
        await Task.Yield();
        return found is Copy ? "copy" : "none"; // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
    }
}
