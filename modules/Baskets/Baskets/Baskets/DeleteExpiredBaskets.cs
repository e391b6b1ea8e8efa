using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>Removes the rows of expired, deleted and ordered baskets, the oldest first, a bounded number at a time.</summary>
[RetryOnConflict]
internal sealed record DeleteExpiredBaskets : ICommand;

internal sealed class DeleteExpiredBasketsHandler(IModuleSession<IBasketsStore> session, TimeProvider time) : IRequestHandler<DeleteExpiredBaskets, Unit>
{
    public const int BatchSize = 1000;

    // A change that was read just before the end may still be on its way to the database.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    public async Task<Unit> Handle(DeleteExpiredBaskets request, CancellationToken cancellationToken)
    {
        var ended = time.GetUtcNow() - Grace;
        var ids = await session.Documents.Query<Basket>()
            .Where(basket => basket.ExpiresAt <= ended)
            .OrderBy(basket => basket.ExpiresAt)
            .Take(BatchSize)
            .Select(basket => basket.Id)
            .ToListAsync(cancellationToken);
        if (ids.Count > 0)
        {
            var batch = ids.ToArray();
            session.Documents.DeleteWhere<Basket>(basket => basket.Id.IsOneOf(batch) && basket.ExpiresAt <= ended);
        }

        return Unit.Value;
    }
}
