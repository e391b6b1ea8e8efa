using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Inventory.Reservations;

/// <summary>
/// Puts an order's stock back where it was taken, once for each reservation. Consumption and return come by two subscriptions, so the
/// return may be first: it then releases what is held and leaves its mark, at which the consumption does nothing any more.
/// </summary>
[Subscription("return-reservation")]
internal sealed class WhenReservationReturned(IModuleSession<IInventoryStore> session, TimeProvider time) : IHandle<ReservationReturned>
{
    public async Task HandleAsync(ReservationReturned integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var reservation = await session.Documents.LoadAsync<Reservation>(integrationEvent.ReservationId, cancellationToken);
        if (reservation is null)
        {
            session.Documents.Insert(new Reservation
            {
                Id = integrationEvent.ReservationId,
                Status = ReservationStatus.Returned,
                ExpiresAt = time.GetUtcNow(),
                Reference = integrationEvent.Reference,
            });
            return;
        }

        if (reservation.Status is ReservationStatus.Returned or ReservationStatus.Unavailable)
        {
            return;
        }

        var stock = await LockedStock.LockAsync(session, reservation.Lines.Select(static line => StockKey.Of(line.Location, line.Sku)), cancellationToken);
        if (reservation.Status == ReservationStatus.Committed)
        {
            Return(reservation, integrationEvent, stock);
        }
        else
        {
            stock.Release(reservation);
        }

        reservation.Status = ReservationStatus.Returned;
        session.Documents.UpdateRevision(reservation, reservation.Version + 1);
        session.Unschedule(reservation.Id);
    }

    // No more comes back than was taken, whatever the event says.
    private static void Return(Reservation reservation, ReservationReturned integrationEvent, LockedStock stock)
    {
        var back = integrationEvent.Lines.GroupBy(static line => line.Sku, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Sum(static line => (long)line.Quantity), StringComparer.Ordinal);
        foreach (var line in reservation.Lines)
        {
            var quantity = (int)Math.Min(line.Quantity, back.GetValueOrDefault(line.Sku));
            if (quantity > 0)
            {
                back[line.Sku] -= quantity;
                var item = stock.ItemOf(line);
                item.Append(item.State.Return(reservation.Id, quantity, integrationEvent.Reference));
            }
        }
    }
}
