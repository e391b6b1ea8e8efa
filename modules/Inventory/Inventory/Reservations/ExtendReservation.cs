using FluentValidation;
using JasperFx;
using MediatR;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Reservations;

internal sealed class ExtendReservationValidator : AbstractValidator<ExtendReservation>
{
    public ExtendReservationValidator(TimeProvider time)
    {
        RuleFor(command => command.ReservationId).NotEmpty();
        RuleFor(command => command.ExpiresAt)
            .Must(expiresAt => expiresAt <= time.GetUtcNow().AddHours(ReserveStockValidator.LongestHours))
            .WithMessage($"A reservation lasts at most {ReserveStockValidator.LongestHours} hours from now.");
    }
}

internal sealed class ExtendReservationHandler(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IRequestHandler<ExtendReservation, bool>
{
    public async Task<bool> Handle(ExtendReservation request, CancellationToken cancellationToken)
    {
        var reservation = await session.Documents.LoadAsync<Reservation>(request.ReservationId, cancellationToken);
        if (reservation is not { Status: ReservationStatus.Active } || reservation.ExpiresAt <= time.GetUtcNow())
        {
            return false;
        }

        var expiresAt = request.ExpiresAt.ToUniversalTime();
        if (expiresAt <= reservation.ExpiresAt)
        {
            return true;
        }

        var stock = await locks.LockAsync(reservation.Keys(), reservation.Skus(), cancellationToken);
        if (!reservation.Lines.All(line => stock.Holds(reservation.Id, line)))
        {
            // It is gone, or it was moved elsewhere while this one waited for the locks.
            return await session.Documents.LoadAsync<Reservation>(reservation.Id, cancellationToken) is { Status: ReservationStatus.Active } present && present.Version != reservation.Version
                ? throw new ConcurrencyException(typeof(Reservation), reservation.Id)
                : false;
        }

        stock.Extend(reservation, expiresAt);
        reservation.ExpiresAt = expiresAt;
        session.Documents.UpdateRevision(reservation, reservation.Version + 1);
        session.Schedule(reservation.Id, expiresAt, new ExpireReservation(reservation.Id));
        return true;
    }
}
