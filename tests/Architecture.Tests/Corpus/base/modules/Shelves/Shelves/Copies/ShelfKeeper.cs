using ModularMonolith.Platform.Data;

namespace ModularMonolith.Shelves.Copies;

internal interface IShelfKeeper
{
    Task<Copy> RequireAsync(Guid id, CancellationToken cancellationToken);
}

/// <summary>Finds copies.</summary>
internal sealed class ShelfKeeper(IModuleSession<IShelvesStore> session) : IShelfKeeper
{
    public async Task<Copy> RequireAsync(Guid id, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Copy>(id, cancellationToken) ?? throw new CopyMissingException(id);
}

internal static class CopyWords
{
    public static string Describe(this Copy copy) => $"{copy.Title} ({copy.State})";
}
