using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory;

internal interface IInventoryStore : IDocumentStore;

[Module("inventory", Owner = "team-inventory", Purpose = "How much there is of each SKU at each location, and what of it is promised.")]
[Permission("inventory:read", "See stock, movements and reservations.")]
[Permission("inventory:write", "Receive, adjust and transfer stock, and create locations.")]
internal sealed class InventoryModule : IModule
{
    public void Configure(ModuleBuilder module) => module
        .UseStore<IInventoryStore>(static options =>
        {
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.MapEventType<FirstStockDeclared>("stock_declared");
            options.Events.MapEventType<StockReceived>("stock_received");
            options.Events.MapEventType<StockAdjusted>("stock_adjusted");
            options.Events.MapEventType<StockReserved>("stock_reserved");
            options.Events.MapEventType<ReservationExtended>("reservation_extended");
            options.Events.MapEventType<ReservationCommitted>("reservation_committed");
            options.Events.MapEventType<ReservationReleased>("reservation_released");
            options.Events.MapEventType<ReservationExpired>("reservation_expired");
            options.Events.MapEventType<StockReturned>("stock_returned");
            options.Events.MapEventType<TransferredOut>("transferred_out");
            options.Events.MapEventType<TransferredIn>("transferred_in");
            options.Projections.Snapshot<StockItem>(SnapshotLifecycle.Inline);
            options.Schema.For<StockItem>().DocumentAlias("stock_item").Index(item => item.Sku);
            options.Schema.For<Reservation>().DocumentAlias("reservation").Duplicate(reservation => reservation.DueAt, configure: static _ => { });
            options.Schema.For<Location>().DocumentAlias("location");
        })
        .AddSchemaScript(ExpireReservation.TimersOfOlderReservations);
}
