using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering;

internal interface IOrderingStore : IDocumentStore;

[Module(
    "ordering",
    Owner = "team-ordering",
    Purpose = "Turns a basket into a checkout with reserved stock, and a checkout into an order whose history is kept.",
    DependsOn = ["baskets", "catalog", "inventory"])]
[Permission("ordering:manage", "Record payments and shipments of orders.")]
[Permission("ordering:read", "See the orders of all customers.")]
internal sealed class OrderingModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(ReservationTime.From(module.Configuration));
        module.Services.AddSingleton(PaymentTime.From(module.Configuration));
        module.Services.AddScoped<Ownership>();
        module.AddProcess<IOrderingStore, OrderFulfilmentState>("order-fulfilment");
        module.AddRecurring<RemoveOldCheckouts>("remove-old-checkouts", "*/5 * * * *");
        module.UseStore<IOrderingStore>(static options =>
        {
            options.Schema.For<Checkout>().Index(checkout => checkout.BasketId);
            // The list goes by id within a status or an owner: with the id in the index a page costs the same wherever it lies.
            options.Schema.For<Order>().Index([order => order.Status, order => order.Id]).Index([order => order.Owner!, order => order.Id]).UniqueIndex(order => order.BasketId);
            options.Events.MapEventType<Placed>("order_placed");
            options.Events.MapEventType<Paid>("order_paid");
            options.Events.MapEventType<Confirmed>("order_confirmed");
            options.Events.MapEventType<Shipped>("order_shipped");
            options.Events.MapEventType<Cancelled>("order_cancelled");
            options.Events.MapEventType<Rejected>("order_rejected");
            options.Projections.Snapshot<Order>(SnapshotLifecycle.Inline);
        });
    }
}

/// <summary>How long a checkout keeps its stock.</summary>
/// <param name="Length">1 minute to 24 hours, the longest that Inventory reserves for.</param>
internal sealed record ReservationTime(TimeSpan Length)
{
    private const int DefaultMinutes = 10;
    private const int MaximumMinutes = 24 * 60;

    public static ReservationTime From(IConfiguration configuration)
    {
        var minutes = configuration.GetValue("ReservationMinutes", DefaultMinutes);
        return minutes is >= 1 and <= MaximumMinutes
            ? new ReservationTime(TimeSpan.FromMinutes(minutes))
            : throw new ModuleConfigurationException($"ordering:ReservationMinutes is {minutes}; it must be between 1 and {MaximumMinutes}.");
    }
}

/// <summary>How long an order waits to be paid before it is cancelled.</summary>
/// <param name="Length">1 to 2,160 hours.</param>
internal sealed record PaymentTime(TimeSpan Length)
{
    private const int DefaultHours = 72;
    private const int MaximumHours = 90 * 24;

    public static PaymentTime From(IConfiguration configuration)
    {
        var hours = configuration.GetValue("PaymentHours", DefaultHours);
        return hours is >= 1 and <= MaximumHours
            ? new PaymentTime(TimeSpan.FromHours(hours))
            : throw new ModuleConfigurationException($"ordering:PaymentHours is {hours}; it must be between 1 and {MaximumHours}.");
    }
}
