using FluentValidation;
using MediatR;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Sourcing;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Reservations;

internal sealed class RedirectReservationValidator : AbstractValidator<RedirectReservation>
{
    public RedirectReservationValidator()
    {
        RuleFor(command => command.ReservationId).NotEmpty();
        RuleFor(command => command.To).SetValidator(new StockDestinationValidator());
    }
}

/// <summary>
/// Most checkouts are of shops where the destination makes no difference: by the locations in memory that is known before anything is read. The old holds end and the new ones begin in
/// one transaction, under the locks of all that the SKUs have; so no buyer comes between, and when the new ones cannot be had nothing has happened.
/// </summary>
internal sealed class RedirectReservationHandler(
    IModuleSession<IInventoryStore> session, StockLocks locks, LocationDirectory locations, SourcingSettings sourcing, TimeProvider time) : IRequestHandler<RedirectReservation, bool>
{
    public async Task<bool> Handle(RedirectReservation request, CancellationToken cancellationToken)
    {
        if (sourcing.Strategy == SourcingStrategy.Priority || !await MattersAsync(request, cancellationToken))
        {
            return false;
        }

        var reservation = await session.Documents.LoadAsync<Reservation>(request.ReservationId, cancellationToken);
        if (reservation is not { Status: ReservationStatus.Active } || reservation.ExpiresAt <= time.GetUtcNow() || reservation.Lines.All(static line => line.IsBackordered))
        {
            return false;
        }

        var found = await SkuStock.FindAsync(session.Documents, reservation.Skus(), locations, cancellationToken);
        var stock = await locks.LockAsync(found.Items.Select(static item => item.Id), found.Ledgers, cancellationToken);
        if (stock.Redirect(reservation, request.To) is not { } lines)
        {
            return false;
        }

        reservation.Lines = lines;
        await locks.SettleAsync(stock, cancellationToken);
        session.Documents.UpdateRevision(reservation, reservation.Version + 1);
        return true;
    }

    private async ValueTask<bool> MattersAsync(RedirectReservation request, CancellationToken cancellationToken)
    {
        var all = (await locations.GetAsync(session.Documents, [], cancellationToken)).All;
        var ranking = LocationRanking.Rank(all, sourcing.Strategy, request.To);
        return ranking.Count > 1 && !ranking.SequenceEqual(LocationRanking.Rank(all, sourcing.Strategy, request.From), StringComparer.Ordinal);
    }
}
