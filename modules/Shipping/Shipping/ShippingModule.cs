using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Fulfilments;
using ModularMonolith.Shipping.Labels;
using ModularMonolith.Shipping.Rates;
using ModularMonolith.Shipping.SampleData;
using ModularMonolith.Shipping.Tracking;

namespace ModularMonolith.Shipping;

internal interface IShippingStore : IDocumentStore;

[Module("shipping", Owner = "team-logistics", Purpose = "How goods reach customers: zones, rates, parcels, labels and tracking.")]
[Permission("shipping:fulfil", "Pack, label, dispatch and track shipments.")]
[Permission("shipping:manage", "Change zones, methods, rates and pickup points.")]
[Permission("shipping:read", "See zones, methods and shipments.")]
internal sealed class ShippingModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(ShippingSettings.From(module.Configuration));
        module.Services.AddSingleton(new ShippingMetrics(module.Descriptor));
        module.Services.AddSingleton<ShippingTable>();
        module.Services.AddSingleton<CarrierSignature>();
        module.Services.AddSingleton<ILabelProvider, OwnLabels>();
        module.Services.AddScoped<FulfilmentDesk>().AddScoped<TableDesk>();
        module.AddSampleData<SampleShipping>();
        module.UseStore<IShippingStore>(static options =>
        {
            options.Schema.For<TableStamp>().DocumentAlias("table_stamp");
            options.Schema.For<Zone>().DocumentAlias("zone");
            options.Schema.For<ShippingMethod>().DocumentAlias("shipping_method");
            options.Schema.For<PickupPoint>().DocumentAlias("pickup_point");
            options.Schema.For<LabelDocument>().DocumentAlias("label");
            options.Schema.For<ShipmentEntry>().DocumentAlias("shipment").UniqueIndex(entry => entry.Token).UniqueIndex(entry => entry.TrackingNumber!);
            // The list goes by id within a status: with the id in the index a page costs the same wherever it lies.
            options.Schema.For<Fulfilment>().DocumentAlias("fulfilment")
                .Index([fulfilment => fulfilment.Status, fulfilment => fulfilment.Id]).Index([fulfilment => fulfilment.HasDiscrepancy, fulfilment => fulfilment.Id]);
            options.Events.MapEventType<FulfilmentOpened>("fulfilment_opened");
            options.Events.MapEventType<GoodsReduced>("fulfilment_reduced");
            options.Events.MapEventType<GoodsExtended>("fulfilment_extended");
            options.Events.MapEventType<Readdressed>("fulfilment_readdressed");
            options.Events.MapEventType<Packed>("shipment_packed");
            options.Events.MapEventType<Released>("shipment_released");
            options.Events.MapEventType<Unpacked>("shipment_unpacked");
            options.Events.MapEventType<LabelRequested>("label_requested");
            options.Events.MapEventType<Labelled>("shipment_labelled");
            options.Events.MapEventType<LabelFailed>("label_failed");
            options.Events.MapEventType<Dispatched>("shipment_dispatched");
            options.Events.MapEventType<HandedOver>("shipment_handed_over");
            options.Events.MapEventType<Tracked>("shipment_tracked");
            options.Events.MapEventType<PickupEnded>("shipment_pickup_ended");
            options.Projections.Snapshot<Fulfilment>(SnapshotLifecycle.Inline);
        });
    }
}
