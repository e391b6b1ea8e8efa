using FluentValidation;
using MediatR;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Reservations;

internal sealed class ReleaseReservationValidator : AbstractValidator<ReleaseReservation>
{
    public ReleaseReservationValidator() => RuleFor(command => command.ReservationId).NotEmpty();
}

internal sealed class ReleaseReservationHandler(IModuleSession<IInventoryStore> session, StockLocks locks) : IRequestHandler<ReleaseReservation, bool>
{
    public async Task<bool> Handle(ReleaseReservation request, CancellationToken cancellationToken)
    {
        var reservation = await session.Documents.LoadAsync<Reservation>(request.ReservationId, cancellationToken);
        if (reservation is not { Status: ReservationStatus.Active })
        {
            return false;
        }

        var stock = await locks.LockAsync(reservation.Keys(), reservation.Skus(), cancellationToken);
        stock.Release(reservation);
        await locks.SettleAsync(stock, cancellationToken);
        reservation.Status = ReservationStatus.Released;
        session.Documents.UpdateRevision(reservation, reservation.Version + 1);
        session.Unschedule(reservation.Id);
        return true;
    }
}
