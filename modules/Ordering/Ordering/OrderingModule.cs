using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Payments;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering;

internal interface IOrderingStore : IDocumentStore;

[Module(
    "ordering",
    Owner = "team-ordering",
    Purpose = "Turns a basket into a checkout with reserved stock, and a checkout into an order whose history is kept, from its payment to the delivery and back.",
    DependsOn = ["baskets", "catalog", "inventory", "payments", "pricing", "shipping"])]
[Permission("ordering:manage", "Record payments and shipments of orders, change, cancel and refund them.")]
[Permission("ordering:read", "See the orders of all customers.")]
internal sealed class OrderingModule : IModule
{
    // With its quote a compressed row has a little more than 2 kB, from where on PostgreSQL stores it as pieces in a table of its own. Whole it is written and read at once.
    private const string RowsOfOneQuote = """
        alter table mt_doc_checkout set (toast_tuple_target = 4080);
        alter table mt_events set (toast_tuple_target = 4080);
        """;

    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(ReservationTime.From(module.Configuration));
        module.Services.AddSingleton(PaymentTime.From(module.Configuration));
        module.Services.AddSingleton(CardPaymentTime.From(module.Configuration));
        module.Services.AddSingleton(CheckoutLimit.From(module.Configuration));
        module.Services.AddSingleton<OrderOutcomes>();
        module.Services.AddSingleton<OrderMetrics>();
        module.Services.AddSingleton<IConfigureMarten<IOrderingStore>, OrderListeners>();
        module.Services.AddScoped<Ownership>().AddScoped<Quoting>().AddScoped<Tenders>().AddScoped<Discounts>().AddScoped<OrderDesk>().AddScoped<OrderRefunds>().AddScoped<OrderReplacements>();
        module.AddProcess<IOrderingStore, OrderFulfilmentState>("order-fulfilment");
        module.AddRecurring<RemoveOldCheckouts>("remove-old-checkouts", "*/5 * * * *");
        module.UseStore<IOrderingStore>(static options =>
        {
            options.Schema.For<Checkout>().Index(checkout => checkout.BasketId).Index([checkout => checkout.Owner!, checkout => checkout.Status, checkout => checkout.Id]);
            // The list goes by id within a status or an owner: with the id in the index a page costs the same wherever it lies.
            options.Schema.For<Order>().Index([order => order.Status, order => order.Id]).Index([order => order.Owner!, order => order.Id]).UniqueIndex(order => order.BasketId)
                .Index(order => order.Id, static index => (index.Name, index.Predicate) = ("order_needs_attention", Order.AttentionSql));
            options.Events.MapEventType<Placed>("order_placed");
            options.Events.MapEventType<Paid>("order_paid");
            options.Events.MapEventType<Authorised>("order_payment_authorised");
            options.Events.MapEventType<ActionRequired>("order_payment_action_required");
            options.Events.MapEventType<Declined>("order_payment_declined");
            options.Events.MapEventType<Voided>("order_payment_voided");
            options.Events.MapEventType<Confirmed>("order_confirmed");
            options.Events.MapEventType<FulfilmentBegun>("order_fulfilment_begun");
            options.Events.MapEventType<Packed>("order_parcel_packed");
            options.Events.MapEventType<Captured>("order_parcel_captured");
            options.Events.MapEventType<Released>("order_parcel_released");
            options.Events.MapEventType<Refused>("order_parcel_refused");
            options.Events.MapEventType<Dispatched>("order_parcel_dispatched");
            options.Events.MapEventType<Delivered>("order_parcel_delivered");
            options.Events.MapEventType<Lost>("order_parcel_lost");
            options.Events.MapEventType<Found>("order_parcel_found");
            options.Events.MapEventType<CameBack>("order_parcel_came_back");
            options.Events.MapEventType<ReadyForPickup>("order_parcel_ready_for_pickup");
            options.Events.MapEventType<LeftPickupPoint>("order_parcel_left_pickup_point");
            options.Events.MapEventType<NotCollected>("order_parcel_not_collected");
            options.Events.MapEventType<ParcelReceived>("order_parcel_received");
            options.Events.MapEventType<ParcelRefunded>("order_parcel_refunded");
            options.Events.MapEventType<ReplacementBegun>("order_replacement_begun");
            options.Events.MapEventType<ReplacementStocked>("order_replacement_stocked");
            options.Events.MapEventType<ReplacementArrived>("order_replacement_arrived");
            options.Events.MapEventType<ReplacementGivenUp>("order_replacement_given_up");
            options.Events.MapEventType<ReplacementCalledOff>("order_replacement_called_off");
            options.Events.MapEventType<RefundDeferred>("order_refund_deferred");
            options.Events.MapEventType<Shipped>("order_shipped");
            options.Events.MapEventType<Completed>("order_completed");
            options.Events.MapEventType<LinesCancelled>("order_lines_cancelled");
            options.Events.MapEventType<Cancelled>("order_cancelled");
            options.Events.MapEventType<Rejected>("order_rejected");
            options.Events.MapEventType<Edited>("order_edited");
            options.Events.MapEventType<NoteAdded>("order_note_added");
            options.Events.MapEventType<GoodsBack>("order_goods_returned");
            options.Events.MapEventType<RefundBegun>("order_refund_begun");
            options.Events.MapEventType<RefundRepeated>("order_refund_repeated");
            options.Events.MapEventType<Refunded>("order_refunded");
            options.Events.MapEventType<RefundRefused>("order_refund_refused");
            options.Events.MapEventType<RefundCameBack>("order_refund_came_back");
            options.Events.MapEventType<RefundSettled>("order_refund_settled");
            options.Projections.Snapshot<Order>(SnapshotLifecycle.Inline);
        }).AddSchemaScript(RowsOfOneQuote);
    }
}

/// <summary>Who is told of what was committed.</summary>
internal sealed class OrderListeners(OrderMetrics metrics) : IConfigureMarten<IOrderingStore>
{
    public void Configure(IServiceProvider services, StoreOptions options) => options.Listeners.Add(metrics);
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

/// <summary>How long a payment by card may take, with all that the customer has to do for it, before the order is cancelled.</summary>
/// <param name="Length">1 minute to 7 days.</param>
internal sealed record CardPaymentTime(TimeSpan Length)
{
    private const int DefaultMinutes = 60;
    private const int MaximumMinutes = 7 * 24 * 60;

    public static CardPaymentTime From(IConfiguration configuration)
    {
        var minutes = configuration.GetValue<int?>("CardPaymentMinutes") ?? DefaultMinutes;
        return minutes is >= 1 and <= MaximumMinutes
            ? new CardPaymentTime(TimeSpan.FromMinutes(minutes))
            : throw new ModuleConfigurationException($"ordering:CardPaymentMinutes is {minutes}; it must be between 1 and {MaximumMinutes}.");
    }
}

/// <summary>How many open checkouts one subject has at most; the oldest makes room for a new one.</summary>
/// <param name="PerSubject">1 to 10,000.</param>
internal sealed record CheckoutLimit(int PerSubject)
{
    private const int Default = 20;
    private const int Maximum = 10_000;

    public static CheckoutLimit From(IConfiguration configuration)
    {
        var count = configuration.GetValue<int?>("OpenCheckouts") ?? Default;
        return count is >= 1 and <= Maximum
            ? new CheckoutLimit(count)
            : throw new ModuleConfigurationException($"ordering:OpenCheckouts is {count}; it must be between 1 and {Maximum}.");
    }
}
