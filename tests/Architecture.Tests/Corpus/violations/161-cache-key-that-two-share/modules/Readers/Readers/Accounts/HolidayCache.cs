using Microsoft.Extensions.Caching.Memory;

namespace ModularMonolith.Readers.Accounts;

internal sealed class HolidayCache(IMemoryCache cache)
{
    public string? Find()
    {
        return cache.Get<string>("holidays"); // finds: cache-keys-are-own "uses the key 'holidays', which Lending uses too"
    }
}
