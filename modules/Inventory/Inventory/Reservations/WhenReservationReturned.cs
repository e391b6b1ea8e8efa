using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Inventory.Reservations;

/// <summary>
/// Puts an order's stock back where it was taken, all at once or in parts, and never more than was taken. What has not arrived is not waited for any more. Consumption and return come
/// by two subscriptions, so the return may be first: it then releases what is held and leaves its mark, at which the consumption does nothing any more.
/// </summary>
[Subscription("return-reservation")]
internal sealed class WhenReservationReturned(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IHandle<ReservationReturned>
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

        var stock = await locks.LockAsync(reservation.Keys(), reservation.Skus(), cancellationToken);
        if (reservation.Status == ReservationStatus.Committed)
        {
            await ReturnAsync(reservation, integrationEvent, stock, cancellationToken);
        }
        else
        {
            stock.Release(reservation);
            reservation.Status = ReservationStatus.Returned;
        }

        await locks.SettleAsync(stock, cancellationToken);
        session.Documents.UpdateRevision(reservation, reservation.Version + 1);
        session.Unschedule(reservation.Id);
    }

    private async Task ReturnAsync(Reservation reservation, ReservationReturned integrationEvent, LockedStock stock, CancellationToken cancellationToken)
    {
        var back = integrationEvent.Lines.GroupBy(static line => line.Sku, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Sum(static line => (long)line.Quantity), StringComparer.Ordinal);
        var keys = reservation.Lines.Where(static line => line.IsBackordered).Select(line => Backorder.KeyOf(reservation.Id, line.Sku)).ToList();
        var backorders = keys.Count == 0
            ? []
            : (await session.Documents.LoadManyAsync<Backorder>(cancellationToken, keys)).ToDictionary(static backorder => backorder.Sku, StringComparer.Ordinal);
        var lines = reservation.Lines.ToArray();
        // What has not even come is given up first, then what was taken from the last choice.
        foreach (var (index, line) in reservation.Lines.Index().OrderByDescending(static pair => pair.Item.IsBackordered).ThenByDescending(static pair => pair.Index))
        {
            var quantity = (int)Math.Clamp(back.GetValueOrDefault(line.Sku), 0, line.Quantity - line.Returned);
            if (quantity > 0)
            {
                back[line.Sku] -= quantity;
                if (line.IsBackordered)
                {
                    GiveUp(backorders[line.Sku], line, quantity, stock, integrationEvent.Reference);
                }
                else
                {
                    var item = stock.ItemOf(line);
                    item.Append(item.State.Return(reservation.Id, quantity, integrationEvent.Reference));
                }
            }

            lines[index] = line with { Returned = line.Returned + quantity };
        }

        reservation.Lines = lines;
        if (Array.TrueForAll(lines, static line => line.Returned == line.Quantity))
        {
            reservation.Status = ReservationStatus.Returned;
        }
    }

    private void GiveUp(Backorder backorder, ReservedLine line, int quantity, LockedStock stock, string reference)
    {
        var cameBack = line.Returned - backorder.Cancelled;
        var waiting = Math.Min(quantity, backorder.Waiting);
        if (waiting > 0)
        {
            var ledger = stock.LedgerOf(line.Sku)!;
            ledger.Append(ledger.State.Cancel(backorder.ReservationId, waiting, time.GetUtcNow()));
            backorder.Cancelled += waiting;
            stock.Change(backorder);
        }

        // The rest had arrived, and goes back to where it did.
        var rest = quantity - waiting;
        foreach (var arrival in backorder.Arrivals)
        {
            var already = Math.Min(cameBack, arrival.Quantity);
            cameBack -= already;
            var returned = Math.Min(rest, arrival.Quantity - already);
            if (returned > 0)
            {
                var item = stock.Find(arrival.Location, line.Sku)!;
                item.Append(item.State.Return(backorder.ReservationId, returned, reference));
                rest -= returned;
            }
        }
    }
}
