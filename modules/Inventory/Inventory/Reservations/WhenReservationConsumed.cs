using JasperFx;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Inventory.Reservations;

/// <summary>
/// Takes orders' stock out of the warehouses, once for each reservation. What a reservation does not hold any more is taken from what can be ordered; when that is not enough, nothing is
/// taken and the order is told. What has to arrive first waits in the line of its SKU. Many orders make up one transaction.
/// </summary>
[Subscription("consume-reservation", Parallelism = 1)]
internal sealed class WhenReservationConsumed(IModuleSession<IInventoryStore> session, StockLocks locks, LocationDirectory locations, TimeProvider time) : IHandleBatch<ReservationConsumed>
{
    public async Task HandleAsync(IReadOnlyList<Delivered<ReservationConsumed>> events, CancellationToken cancellationToken)
    {
        var consumed = events.DistinctBy(static consumed => consumed.Event.ReservationId).ToList();
        var skus = consumed.SelectMany(static order => order.Event.Lines).Select(static line => line.Sku).ToHashSet(StringComparer.Ordinal);
        var reading = Task.FromResult<IReadOnlyList<Reservation>>([]);
        var found = await SkuStock.FindAsync(
            session.Documents, skus, locations, cancellationToken, batch => reading = batch.LoadMany<Reservation>().ByIdList(consumed.Select(static order => order.Event.ReservationId)));
        var known = (await reading).ToDictionary(static reservation => reservation.Id);
        var open = consumed.Where(order => known.GetValueOrDefault(order.Event.ReservationId) is not { Status: ReservationStatus.Committed or ReservationStatus.Unavailable or ReservationStatus.Returned }).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var held = open.SelectMany(order => known.GetValueOrDefault(order.Event.ReservationId)?.Skus() ?? []).ToList();
        if (!skus.IsSupersetOf(held))
        {
            found = await SkuStock.FindAsync(session.Documents, skus.Concat(held), locations, cancellationToken);
        }

        var stock = await locks.LockAsync(found.Items.Select(static item => item.Id), found.Ledgers, cancellationToken);
        foreach (var (order, context) in open)
        {
            using var origin = session.OnBehalfOf(context.Origin);
            Consume(order, known.GetValueOrDefault(order.ReservationId), stock);
        }

        await locks.SettleAsync(stock, cancellationToken);
    }

    private void Consume(ReservationConsumed order, Reservation? stored, LockedStock stock)
    {
        if (stored is not null && stock.HasMoved(stored))
        {
            throw new ConcurrencyException(typeof(Reservation), stored.Id);
        }

        var reservation = stored ?? new Reservation { Id = order.ReservationId, ExpiresAt = time.GetUtcNow(), Status = ReservationStatus.Expired };
        reservation.Reference = order.Reference;
        var wanted = stored is null ? Merged(order.Lines) : reservation.Totals();
        var missing = stock.ShortOf(wanted, reservation.Id);
        if (missing.Count > 0)
        {
            stock.Release(reservation);
            reservation.Status = ReservationStatus.Unavailable;
            session.Publish(new StockUnavailable(reservation.Id, order.Reference, missing));
        }
        else
        {
            reservation.Lines = Take(reservation, wanted, stock);
            reservation.Status = ReservationStatus.Committed;
            session.Publish(new StockCommitted(
                reservation.Id, order.Reference, [.. reservation.Lines.Select(static line => new SourcedLine(line.Sku, line.Location, line.Quantity, line.IsBackordered))]));
        }

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

    private List<ReservedLine> Take(Reservation reservation, IReadOnlyList<StockLine> wanted, LockedStock stock)
    {
        var held = reservation.Lines.Where(line => stock.Holds(reservation.Id, line)).ToList();
        var taken = held.Where(static line => !line.IsBackordered).ToList();
        taken.ForEach(line => stock.Commit(reservation.Id, line, reservation.Reference));
        foreach (var line in held.Where(static line => line.IsBackordered))
        {
            TakeBackordered(reservation, line, stock, taken);
        }

        var heldBySku = held.ToLookup(static line => line.Sku, static line => line.Quantity, StringComparer.Ordinal);
        var lost = wanted.Select(line => line with { Quantity = line.Quantity - heldBySku[line.Sku].Sum() }).Where(static line => line.Quantity > 0);
        TakeMore(reservation, lost, stock, taken);
        var lines = taken.GroupBy(static line => (line.Sku, line.Location, line.IsBackordered)).Select(static same => same.First() with { Quantity = same.Sum(static line => line.Quantity) }).ToList();
        foreach (var line in lines.Where(static line => line.IsBackordered))
        {
            session.Documents.Insert(new Backorder
            {
                Id = Backorder.KeyOf(reservation.Id, line.Sku),
                ReservationId = reservation.Id,
                Sku = line.Sku,
                Location = line.Location,
                Reference = reservation.Reference!,
                Quantity = line.Quantity,
                OrderedAt = time.GetUtcNow(),
                Number = stock.LedgerOf(line.Sku)!.State.LastNumber,
            });
        }

        return lines;
    }

    // What has come since it was promised, and nobody else waits for, is taken from stock.
    private void TakeBackordered(Reservation reservation, ReservedLine line, LockedStock stock, List<ReservedLine> taken)
    {
        var ledger = stock.LedgerOf(line.Sku)!;
        var fromStock = (int)Math.Min(line.Quantity, stock.PromiseOf(line.Sku).FromStock);
        if (fromStock > 0)
        {
            TakeMore(reservation, [new StockLine(line.Sku, fromStock)], stock, taken);
        }

        ledger.Append(ledger.State.Commit(reservation.Id, line.Quantity - fromStock, time.GetUtcNow()));
        if (fromStock < line.Quantity)
        {
            taken.Add(line with { Quantity = line.Quantity - fromStock });
        }
    }

    private void TakeMore(Reservation reservation, IEnumerable<StockLine> lines, LockedStock stock, List<ReservedLine> taken)
    {
        var now = time.GetUtcNow();
        foreach (var line in stock.Reserve(lines, reservation.Id, now.AddMinutes(1)))
        {
            if (line.IsBackordered)
            {
                var ledger = stock.LedgerOf(line.Sku)!;
                ledger.Append(ledger.State.Commit(reservation.Id, line.Quantity, now));
            }
            else
            {
                stock.Commit(reservation.Id, line, reservation.Reference);
            }

            taken.Add(line);
        }
    }

    private static List<StockLine> Merged(IReadOnlyList<StockLine> lines) =>
        [.. lines.GroupBy(static line => line.Sku, StringComparer.Ordinal).Select(static group => new StockLine(group.Key, group.Sum(static line => line.Quantity)))];
}
