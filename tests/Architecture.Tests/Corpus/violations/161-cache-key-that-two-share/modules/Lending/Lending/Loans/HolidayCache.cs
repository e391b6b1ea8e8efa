using Microsoft.Extensions.Caching.Memory;

namespace ModularMonolith.Lending.Loans;

internal sealed class HolidayCache(IMemoryCache cache)
{
    public void Keep(string days)
    {
        cache.Set("holidays", days); // finds: cache-keys-are-own "uses the key 'holidays', which Readers uses too"
    }
}
