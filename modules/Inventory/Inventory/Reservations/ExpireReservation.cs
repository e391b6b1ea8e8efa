using MediatR;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Inventory.Reservations;

/// <summary>Releases a reservation whose time is over. Every reservation has a timer that sends it; one that was extended, released or consumed meanwhile is left alone.</summary>
[RetryOnConflict]
[Timer("expire-reservation")]
internal sealed record ExpireReservation(Guid ReservationId) : ICommand
{
    /// <summary>
    /// Gives reservations of the version before, which had no timers, theirs. A host of that version that still runs releases its own, and what it leaves behind holds
    /// nothing back: stock whose time is over counts as available in any case.
    /// </summary>
    public const string TimersOfOlderReservations = """
        insert into log_timer (id, name, payload, headers, due_at, next_attempt_at)
        select id, 'expire-reservation', jsonb_build_object('reservationId', id), '{}'::jsonb, due_at, due_at from mt_doc_reservation where due_at is not null
        on conflict (id) do nothing
        """;
}

internal sealed class ExpireReservationHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<ExpireReservation, Unit>
{
    public async Task<Unit> Handle(ExpireReservation request, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<Reservation>(request.ReservationId, cancellationToken) is not { Status: ReservationStatus.Active } reservation)
        {
            return Unit.Value;
        }

        // Extended by a host of a version without timers, or the clock was set back.
        if (reservation.ExpiresAt > time.GetUtcNow())
        {
            session.Schedule(reservation.Id, reservation.ExpiresAt, request);
            return Unit.Value;
        }

        // Whoever was faster while this one waited for the locks has raised the version: then all of this is undone, and it begins again with what there is by then.
        var stock = await locks.LockAsync(reservation.Keys(), reservation.Skus(), cancellationToken);
        stock.Expire(reservation);
        await locks.SettleAsync(stock, cancellationToken);
        reservation.Status = ReservationStatus.Expired;
        session.Documents.UpdateRevision(reservation, reservation.Version + 1);
        return Unit.Value;
    }
}
