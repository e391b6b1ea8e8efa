using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Ordering.Checkouts;

/// <summary>Removes checkouts that ended long ago, however they ended: an order keeps all that it needs of its own.</summary>
internal sealed record RemoveOldCheckouts : ICommand;

internal sealed class RemoveOldCheckoutsHandler(IModuleSession<IOrderingStore> session, TimeProvider time) : IRequestHandler<RemoveOldCheckouts, Unit>
{
    // Far longer than a client goes on repeating a request.
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private const int AtOnce = 2_000;

    public async Task<Unit> Handle(RemoveOldCheckouts request, CancellationToken cancellationToken)
    {
        // The ids are UUIDv7 and begin with the time, so the primary key finds the oldest.
        var firstKept = Guid.CreateVersion7(time.GetUtcNow() - KeptFor);
        var old = await session.Documents.Query<Checkout>()
            .Where(checkout => checkout.MatchesSql("d.id < ?", firstKept))
            .OrderBy(static checkout => checkout.Id)
            .Take(AtOnce)
            .Select(static checkout => checkout.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in old)
        {
            session.Documents.Delete<Checkout>(id);
        }

        return Unit.Value;
    }
}
