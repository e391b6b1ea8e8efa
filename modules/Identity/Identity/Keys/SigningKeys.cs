using System.Buffers.Text;
using System.Collections.Frozen;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Security.Tokens;

namespace ModularMonolith.Identity.Keys;

/// <summary>
/// The keys that all hosts share, as this host knows them. A key is published a day before it signs (<see cref="RotateKeys"/>), so hosts and clients that look once in a
/// while know it in time.
/// </summary>
internal sealed class SigningKeys(IIdentityStore store, KeyMaker maker, IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    /// <summary>Waits until nobody else makes or removes keys, for the rest of the transaction.</summary>
    public const string Lock = "select pg_advisory_xact_lock(hashtextextended(current_schema() || '.signing-key', 0))::text = ''";

    private const int MostKeys = 50;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    // Names of keys come from tokens that nobody has checked yet: they do not make this host ask the database more often than that.
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Ring _ring = new([], DateTimeOffset.MinValue);

    /// <summary>The key that signs now. The first one is made when it is asked for.</summary>
    public async ValueTask<SigningCredentials> CurrentAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ring = now - _ring.ReadAt < Fresh && _ring.ActiveAt(now) is not null ? _ring : await ReadAsync(make: true, Fresh, cancellationToken);
        return ring.ActiveAt(time.GetUtcNow())!.Credentials.Value;
    }

    public async ValueTask<ECDsaSecurityKey?> FindAsync(string keyId, CancellationToken cancellationToken) =>
        (_ring.Find(keyId) ?? (await ReadAsync(make: false, LeastInterval, cancellationToken)).Find(keyId))?.PublicKey;

    /// <summary>The public parts of the keys that signed what may still be good, that sign now, and that will sign next.</summary>
    public async ValueTask<IReadOnlyList<SigningKey>> PublishedAsync(CancellationToken cancellationToken)
    {
        await CurrentAsync(cancellationToken);
        return [.. _ring.Keys.Select(static key => key.Stored)];
    }

    public void Dispose() => _reading.Dispose();

    private async Task<Ring> ReadAsync(bool make, TimeSpan age, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (now - _ring.ReadAt < age && (!make || _ring.ActiveAt(now) is not null))
            {
                return _ring;
            }

            await using var session = store.LightweightSession();
            var found = await FindAllAsync(session, cancellationToken);
            if (make && !found.Any(key => key.ActiveFrom <= now))
            {
                found = await MakeFirstAsync(session, now, cancellationToken);
            }

            var known = _ring;
            return _ring = new Ring([.. found.Select(stored => known.Find(stored.Id) ?? new Known(stored, maker))], now);
        }
        finally
        {
            _reading.Release();
        }
    }

    // Under a lock, so that hosts that start together make one key.
    private async Task<IReadOnlyList<SigningKey>> MakeFirstAsync(IDocumentSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await session.BeginTransactionAsync(cancellationToken);
        await session.QueryAsync<bool>(Lock, cancellationToken);
        var found = await FindAllAsync(session, cancellationToken);
        if (found.Any(key => key.ActiveFrom <= now))
        {
            return found;
        }

        // Hosts whose clocks are behind use it too.
        var first = maker.Make(now - Fresh);
        session.Insert(first);
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<IAuditLog>().Record(session, "MakeFirstSigningKey");
        await session.SaveChangesAsync(cancellationToken);
        return [.. found, first];
    }

    private static Task<IReadOnlyList<SigningKey>> FindAllAsync(IDocumentSession session, CancellationToken cancellationToken) =>
        session.Query<SigningKey>().OrderBy(static key => key.ActiveFrom).Take(MostKeys).ToListAsync(cancellationToken);

    private sealed class Known(SigningKey stored, KeyMaker maker)
    {
        public SigningKey Stored { get; } = stored;

        public ECDsaSecurityKey PublicKey { get; } = VerificationKey.Create(stored.Id, Base64Url.DecodeFromChars(stored.X), Base64Url.DecodeFromChars(stored.Y));

        public Lazy<SigningCredentials> Credentials { get; } = new(() => maker.Open(stored));
    }

    private sealed class Ring(IReadOnlyList<Known> keys, DateTimeOffset readAt)
    {
        private readonly FrozenDictionary<string, Known> _byName = keys.ToFrozenDictionary(static key => key.Stored.Id, StringComparer.Ordinal);

        public IReadOnlyList<Known> Keys { get; } = [.. keys.OrderBy(static key => key.Stored.ActiveFrom)];

        public DateTimeOffset ReadAt { get; } = readAt;

        public Known? Find(string keyId) => _byName.GetValueOrDefault(keyId);

        public Known? ActiveAt(DateTimeOffset now) => Keys.LastOrDefault(key => key.Stored.ActiveFrom <= now);
    }
}
