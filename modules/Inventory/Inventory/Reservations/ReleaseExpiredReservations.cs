using Marten;
using MediatR;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Reservations;

/// <summary>Releases reservations whose time is over, at most 100 in one run. Several hosts may do it at once: the second finds them released under the locks.</summary>
[RetryOnConflict(Attempts = 3)]
internal sealed record ReleaseExpiredReservations : ICommand;

internal sealed class ReleaseExpiredReservationsHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<ReleaseExpiredReservations, Unit>
{
    private const int BatchSize = 100;

    public async Task<Unit> Handle(ReleaseExpiredReservations request, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = time.GetUtcNow();
        var due = await session.Documents.Query<Reservation>()
            .Where(reservation => reservation.DueAt <= now)
            .OrderBy(reservation => reservation.DueAt)
            .Take(BatchSize).ToListAsync(cancellationToken);
        if (due.Count == 0)
        {
            return Unit.Value;
        }

        var stock = await LockedStock.LockAsync(session, due.SelectMany(static reservation => reservation.Lines).Select(static line => StockKey.Of(line.Location, line.Sku)), cancellationToken);
        // Another host, an order or an extension may have been faster while this one waited for the locks.
        var current = await session.Documents.LoadManyAsync<Reservation>(cancellationToken, due.Select(static reservation => reservation.Id));
        foreach (var reservation in current.Where(reservation => reservation.DueAt <= now))
        {
            stock.Expire(reservation);
            reservation.Status = ReservationStatus.Expired;
            session.Documents.UpdateRevision(reservation, reservation.Version + 1);
        }

        return Unit.Value;
    }
}
