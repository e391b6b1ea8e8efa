using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck : IShelfKeeper // finds: module-references "implements ModularMonolith.Shelves.Copies.IShelfKeeper" → ModularMonolith.Shelves.Copies.IShelfKeeper
{
    public Task<Copy> RequireAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult<Copy>(null!); // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy as a type argument" → ModularMonolith.Shelves.Copies.Copy
}
