using Microsoft.Extensions.Caching.Memory;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanCache(IMemoryCache cache)
{
    public string? Find(Guid id) => cache.Get<string>("lending:loan:" + id);

    public void Keep(Guid id, string text) => cache.Set("lending:loan:" + id, text, TimeSpan.FromMinutes(1));
}
