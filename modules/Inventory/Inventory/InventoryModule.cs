using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Certificates;
using ModularMonolith.Inventory.Counts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Sourcing;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Inventory.Transits;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory;

internal interface IInventoryStore : IDocumentStore;

[Module("inventory", Owner = "team-inventory", Purpose = "How much there is of each SKU at each location, and what of it is promised.")]
[Permission("inventory:read", "See stock, movements and reservations.")]
[Permission("inventory:write", "Receive, adjust, count and transfer stock, and edit locations and policies.")]
[Permission("inventory:certify", "Have the whole history of the stock verified.")]
internal sealed class InventoryModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.UseStore<IInventoryStore>(Configure).AddSchemaScript(ExpireReservation.TimersOfOlderReservations).AddRecurring<CertifyNightly>("certify-stock", CertifyNightly.Schedule);
        module.Services.AddSingleton(SourcingSettings.From(module.Configuration));
        module.Services.AddSingleton<LocationDirectory>();
        module.Services.AddSingleton<StockTurns>();
        module.Services.AddScoped<StockLocks>();
    }

    private static void Configure(StoreOptions options)
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
        options.Events.MapEventType<StockRestocked>("goods_restocked");
        options.Events.MapEventType<BackorderTaken>("backorder_taken");
        options.Events.MapEventType<TransitSent>("transit_sent");
        options.Events.MapEventType<TransitReceived>("transit_received");
        options.Events.MapEventType<StockCounted>("stock_counted");
        options.Projections.Snapshot<StockItem>(SnapshotLifecycle.Inline);
        options.Schema.For<StockItem>().DocumentAlias("stock_item").Index(item => item.Sku);

        options.Events.MapEventType<PolicySet>("policy_set");
        options.Events.MapEventType<StockMarked>("stock_marked");
        options.Events.MapEventType<BackorderHeld>("backorder_held");
        options.Events.MapEventType<BackorderHoldExtended>("backorder_hold_extended");
        options.Events.MapEventType<BackorderReleased>("backorder_released");
        options.Events.MapEventType<BackorderExpired>("backorder_expired");
        options.Events.MapEventType<BackorderCommitted>("backorder_committed");
        options.Events.MapEventType<BackorderArrived>("backorder_arrived");
        options.Events.MapEventType<BackorderCancelled>("backorder_cancelled");
        options.Projections.Snapshot<SkuLedger>(SnapshotLifecycle.Inline);
        options.Schema.For<SkuLedger>().DocumentAlias("sku_ledger");
        options.Schema.For<Backorder>().DocumentAlias("backorder").Index([static backorder => backorder.Sku, static backorder => backorder.Place!]);

        options.Schema.For<Reservation>().DocumentAlias("reservation").Duplicate(reservation => reservation.DueAt, configure: static _ => { });
        options.Schema.For<StockCount>().DocumentAlias("stock_count");
        options.Schema.For<CountedItem>().DocumentAlias("counted_item");
        options.Schema.For<StockTransit>().DocumentAlias("stock_transit");
        options.Schema.For<StockCertificate>().DocumentAlias("stock_certificate");
        options.Schema.For<RunningCertificate>().DocumentAlias("running_certificate");
        options.Schema.For<Restocking>().DocumentAlias("restocking");
        options.Schema.For<Location>().DocumentAlias("location").UseOptimisticConcurrency(true);
    }
}
