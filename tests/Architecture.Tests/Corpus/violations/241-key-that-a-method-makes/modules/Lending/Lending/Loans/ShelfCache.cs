using Microsoft.Extensions.Caching.Memory;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCache(IMemoryCache cache)
{
    public object? Copy(Guid id)
    {
        return cache.Get(KeyOf(id)); // finds: cache-keys-are-own "uses the key 'shelves:', which is named after Shelves"
    }

    public object? Place(Guid id) => cache.Get(("shelves", id)); // finds: cache-keys-are-own "uses the key 'shelves', which is named after Shelves"

    private static string KeyOf(Guid id) => $"shelves:{id}";
}
