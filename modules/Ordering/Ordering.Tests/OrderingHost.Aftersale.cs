using System.Net;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>What comes back, and what does not arrive.</summary>
public sealed partial class OrderingHost
{
    /// <summary>An order of which all is with the customer.</summary>
    public async Task<Guid> DeliveredAsync(params (VariantDetails Variant, int Quantity)[] lines)
    {
        var order = await ConfirmedAsync(In("DE"), null, lines);
        await DeliverAsync(order, lines);
        await UntilAsync(order, "completed");
        return order;
    }

    /// <summary>An order without a shipping method that was paid at the counter.</summary>
    public async Task<Guid> PaidOrderAsync(params (VariantDetails Variant, int Quantity)[] lines)
    {
        var order = (await OrderAsync(await CheckoutAsync(new { basketId = Shop.Fill(lines) }))).Id;
        await PostAsync($"{Orders}/{order}/mark-paid", string.Empty);
        await UntilAsync(order, "confirmed");
        return order;
    }

    /// <summary>An order of which all has left in one parcel.</summary>
    public async Task<(Guid Order, Guid Shipment)> SentAsync(params (VariantDetails Variant, int Quantity)[] lines)
    {
        var order = await ConfirmedAsync(In("DE"), null, lines);
        return (order, await SendAsync(order, lines));
    }

    /// <summary>A parcel from packing until it has left.</summary>
    public async Task<Guid> SendAsync(Guid order, params (VariantDetails Variant, int Quantity)[] lines)
    {
        var shipment = await PackAsync(order, lines);
        await CaptureAsync(order, shipment);
        await ReleasedAsync(shipment);
        await DispatchAsync(order, shipment);
        await UntilAsync(order, answer => StateOf(answer, shipment) == "dispatched");
        return shipment;
    }

    /// <summary>A parcel that nothing is paid for, from packing until it is with the customer.</summary>
    public async Task<Guid> DeliverUnpaidAsync(Guid order, params (VariantDetails Variant, int Quantity)[] lines)
    {
        var shipment = await PackAsync(order, lines);
        await ReleasedAsync(shipment);
        await DispatchAsync(order, shipment);
        await UntilAsync(order, answer => StateOf(answer, shipment) == "dispatched");
        await DeliverAsync(order, shipment);
        await UntilAsync(order, answer => StateOf(answer, shipment) == "delivered");
        return shipment;
    }

    public async Task LoseAsync(Guid order, Guid shipment)
    {
        await Host.PublishAsync(new ShipmentLost(order, shipment, Host.Time.GetUtcNow()));
        await UntilAsync(order, answer => StateOf(answer, shipment) == "lost");
    }

    public async Task FindAsync(Guid order, Guid shipment)
    {
        await Host.PublishAsync(new ShipmentFound(order, shipment, Host.Time.GetUtcNow()));
        await UntilAsync(order, answer => StateOf(answer, shipment) == "dispatched");
    }

    /// <summary>A parcel is at the pickup point.</summary>
    public async Task ArriveAsync(Guid order, Guid shipment, DateTimeOffset? collectBy = null)
    {
        await Host.PublishAsync(new ShipmentReadyForPickup(order, shipment, Host.Time.GetUtcNow(), collectBy));
        await UntilAsync(order, answer => StateOf(answer, shipment) == "readyForPickup");
    }

    /// <summary>A parcel is at the pickup point, and nobody fetches it.</summary>
    public async Task NotCollectAsync(Guid order, Guid shipment)
    {
        await ArriveAsync(order, shipment);
        await Host.PublishAsync(new ShipmentNotCollected(order, shipment, Host.Time.GetUtcNow()));
        await UntilAsync(order, answer => StateOf(answer, shipment) == "notCollected");
    }

    public async Task BringBackAsync(Guid order, Guid shipment)
    {
        await Host.PublishAsync(new ShipmentReturnedToSender(order, shipment, Host.Time.GetUtcNow()));
        await UntilAsync(order, answer => StateOf(answer, shipment) == "returnedToSender");
    }

    public Task<Answer> ParcelAsync(Guid order, Guid shipment, string command, object? body = null) =>
        SendAsync(HttpMethod.Post, $"{Orders}/{order}/shipments/{shipment}/{command}", body ?? new { });

    public async Task<Answer> ParcelDoneAsync(Guid order, Guid shipment, string command, object? body = null)
    {
        var answer = await ParcelAsync(order, shipment, command, body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    /// <summary>What Inventory was asked for beside the order's own reservation.</summary>
    public async Task<IReadOnlyList<ReservationConsumed>> AskedAgainAsync(Guid order, int count) => await Eventually.Async(
        async () => await PublishedAsync<ReservationConsumed>(message => message.Reference == order.ToString() && message.ReservationId != PaymentOf(order)), found => found.Count == count);

    /// <summary>Inventory has the last that it was asked for.</summary>
    public async Task RestockedAsync(Guid order, int asked = 1, bool isBackordered = false)
    {
        var consumed = (await AskedAgainAsync(order, asked))[^1];
        await Host.PublishAsync(new StockCommitted(consumed.ReservationId, consumed.Reference, [.. consumed.Lines.Select(line => new SourcedLine(line.Sku, "MAIN", line.Quantity, isBackordered))]));
    }

    /// <summary>Inventory has not got the last that it was asked for.</summary>
    public async Task SoldOutAsync(Guid order, int asked = 1)
    {
        var consumed = (await AskedAgainAsync(order, asked))[^1];
        await Host.PublishAsync(new StockUnavailable(consumed.ReservationId, consumed.Reference, [.. consumed.Lines.Select(static line => new ShortLine(line.Sku, line.Quantity, 0))]));
    }

    public async Task<Guid> BackAsync(Guid order, params ReturnedLine[] lines)
    {
        var id = Guid.NewGuid();
        await Host.PublishAsync(new GoodsReturned(id, order, lines, null, false));
        return id;
    }

    public static ReturnedLine Exchange(VariantDetails variant, int quantity, VariantDetails? wanted = null) => new(
        variant.VariantId, quantity, false, new ExchangeGoods((wanted ?? variant).VariantId, (wanted ?? variant).Sku, (wanted ?? variant).ProductTitle, 100, (wanted ?? variant).TracksInventory));

    /// <summary>What is given back under an id; zero when nothing is.</summary>
    public async Task<Money> RefundOfAsync(Guid refund) => Assert.Single(await Eventually.Async(
        async () => (IReadOnlyList<Money>)
        [
            .. (await PublishedAsync<RefundRequested>(asked => asked.RefundId == refund)).Select(static asked => asked.Amount),
            .. (await PublishedAsync<OrderRefunded>(done => done.RefundId == refund && done.Amount.Amount == 0)).Select(static done => done.Amount),
        ],
        static found => found.Count > 0));
}
