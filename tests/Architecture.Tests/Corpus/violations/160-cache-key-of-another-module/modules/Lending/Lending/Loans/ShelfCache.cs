using Microsoft.Extensions.Caching.Memory;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCache(IMemoryCache cache)
{
    public string? Title(Guid id)
    {
        return cache.Get<string>("shelves:copy:" + id); // finds: cache-keys-are-own "uses the key 'shelves:copy:', which is named after Shelves"
    }
}
