using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Identity.Roles;

namespace ModularMonolith.Identity.ApiKeys;

/// <summary>A key that works, as a host keeps it for a moment.</summary>
internal sealed record KnownApiKey(Guid Id, string SecretHash, IReadOnlyList<string> Permissions, DateTimeOffset ExpiresAt, DateTimeOffset ReadAt);

/// <summary>
/// The keys that were used of late, so that not every request asks the database. A key that is revoked, or whose maker loses a right, stops working on this host at once and on
/// others within half a minute.
/// </summary>
internal sealed class ApiKeyCache(IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    private const int MostKeys = 10_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UseNoted = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _keys = new(new MemoryCacheOptions { SizeLimit = MostKeys });

    public async ValueTask<KnownApiKey?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_keys.TryGetValue(id, out KnownApiKey? known) && known is not null && now - known.ReadAt < Fresh)
        {
            return known.ExpiresAt > now ? known : null;
        }

        known = await ReadAsync(id, now, cancellationToken);
        if (known is not null)
        {
            _keys.Set(id, known, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Fresh });
        }

        return known;
    }

    public void Forget(Guid id) => _keys.Remove(id);

    /// <summary>Notes that a key was used, at most once a minute. Call it when the secret was right.</summary>
    public async Task NoteUseAsync(KnownApiKey key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_keys.TryGetValue((key.Id, nameof(UseNoted)), out DateTimeOffset noted) && now - noted < UseNoted)
        {
            return;
        }

        _keys.Set((key.Id, nameof(UseNoted)), now, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = UseNoted });
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<IIdentityStore>().LightweightSession();
        session.QueueSqlCommand(
            "update mt_doc_apikey set data = data || jsonb_build_object('lastUsedAt', ?::text) where id = ?", now.ToString("O", CultureInfo.InvariantCulture), key.Id);
        await session.SaveChangesAsync(cancellationToken);
    }

    public void Dispose() => _keys.Dispose();

    private async Task<KnownApiKey?> ReadAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = scope.ServiceProvider.GetRequiredService<IIdentityStore>().QuerySession();
        if (await session.LoadAsync<ApiKey>(id, cancellationToken) is not { RevokedAt: null } key || key.ExpiresAt <= now)
        {
            return null;
        }

        var held = await scope.ServiceProvider.GetRequiredService<AccountPermissions>().OfAsync(key.AccountId, cancellationToken);
        return new KnownApiKey(key.Id, key.SecretHash, [.. key.Permissions.Where(held.Contains)], key.ExpiresAt, now);
    }
}
