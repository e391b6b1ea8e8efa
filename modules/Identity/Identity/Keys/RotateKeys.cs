using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Keys;

/// <summary>Publishes the next key before the current one has signed for as long as it should, and removes those whose tokens have all expired.</summary>
internal sealed record RotateKeys : ICommand;

internal sealed class RotateKeysHandler(IModuleSession<IIdentityStore> session, KeyMaker maker, TokenSettings settings, TimeProvider time) : IRequestHandler<RotateKeys, Unit>
{
    private const int MostKeys = 50;

    // Longer than anybody may keep the published keys.
    private static readonly TimeSpan PublishedAhead = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeptAfter = TokenSettings.AccessTokenLength + TimeSpan.FromHours(1);

    public async Task<Unit> Handle(RotateKeys request, CancellationToken cancellationToken)
    {
        // One after the other, also when an operator has the job run by hand.
        await session.Documents.BeginTransactionAsync(cancellationToken);
        await session.Documents.QueryAsync<bool>(SigningKeys.Lock, cancellationToken);
        var keys = await session.Documents.Query<SigningKey>().OrderBy(static key => key.ActiveFrom).Take(MostKeys).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        for (var place = 0; place + 1 < keys.Count; place++)
        {
            if (keys[place + 1].ActiveFrom + KeptAfter < now)
            {
                session.Documents.Delete(keys[place]);
            }
        }

        if (keys.Count > 0 && keys[^1].ActiveFrom + settings.KeyLength - PublishedAhead <= now)
        {
            var due = keys[^1].ActiveFrom + settings.KeyLength;
            session.Documents.Insert(maker.Make(due > now + PublishedAhead ? due : now + PublishedAhead));
        }

        return Unit.Value;
    }
}
