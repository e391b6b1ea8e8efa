using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck : IShelfKeeper // finds: module-references "" → ModularMonolith.Shelves.Copies.IShelfKeeper
{
    public Task<Copy> RequireAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult<Copy>(null!); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
}
