using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Inventory.Reservations;

/// <summary>
/// Takes an order's stock out of the warehouse, once for each reservation. What the reservation does not hold any more is taken from
/// what is available; when that is not enough, nothing is taken and the order is told.
/// </summary>
[Subscription("consume-reservation")]
internal sealed class WhenReservationConsumed(IModuleSession<IInventoryStore> session, TimeProvider time) : IHandle<ReservationConsumed>
{
    public async Task HandleAsync(ReservationConsumed integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var stored = await session.Documents.LoadAsync<Reservation>(integrationEvent.ReservationId, cancellationToken);
        if (stored is { Status: ReservationStatus.Committed or ReservationStatus.Unavailable or ReservationStatus.Returned })
        {
            return;
        }

        var reservation = stored ?? new Reservation { Id = integrationEvent.ReservationId, ExpiresAt = time.GetUtcNow(), Status = ReservationStatus.Expired };
        reservation.Reference = integrationEvent.Reference;
        var wanted = stored is null ? Merged(integrationEvent.Lines) : reservation.Totals();
        var found = await LockedStock.FindAsync(session.Documents, wanted.Select(static line => line.Sku), cancellationToken);
        var stock = await LockedStock.LockAsync(session, found.Select(static item => item.Id), cancellationToken);
        Consume(reservation, wanted, stock);
        if (stored is null)
        {
            session.Documents.Insert(reservation);
        }
        else
        {
            session.Documents.UpdateRevision(reservation, reservation.Version + 1);
            session.Unschedule(reservation.Id);
        }
    }

    private void Consume(Reservation reservation, IReadOnlyList<StockLine> wanted, LockedStock stock)
    {
        var now = time.GetUtcNow();
        var missing = stock.ShortOf(wanted, now, reservation.Id);
        if (missing.Count > 0)
        {
            stock.Release(reservation);
            reservation.Status = ReservationStatus.Unavailable;
            session.Publish(new StockUnavailable(reservation.Id, reservation.Reference!, missing));
            return;
        }

        var held = reservation.Lines.Where(line => stock.Holds(reservation.Id, line)).ToList();
        var heldBySku = held.ToLookup(static line => line.Sku, static line => line.Quantity, StringComparer.Ordinal);
        stock.Commit(reservation.Id, held, reservation.Reference);
        var lost = wanted.Select(line => line with { Quantity = line.Quantity - heldBySku[line.Sku].Sum() }).Where(static line => line.Quantity > 0);
        var replacement = stock.Reserve(lost, reservation.Id, now.AddMinutes(1), now);
        stock.Commit(reservation.Id, replacement, reservation.Reference);
        reservation.Lines = [.. held, .. replacement];
        reservation.Status = ReservationStatus.Committed;
        session.Publish(new StockCommitted(reservation.Id, reservation.Reference!));
    }

    private static List<StockLine> Merged(IReadOnlyList<StockLine> lines) =>
        [.. lines.GroupBy(static line => line.Sku, StringComparer.Ordinal).Select(static group => new StockLine(group.Key, group.Sum(static line => line.Quantity)))];
}
