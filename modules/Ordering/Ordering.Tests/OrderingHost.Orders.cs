using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Orders on their way: what customers, the staff and the other modules do with them.</summary>
public sealed partial class OrderingHost
{
    public static readonly PostalAddress Nowhere = new("Ann Example", "Main Street 1", "Vienna", "AT", "1010");

    private readonly ConcurrentDictionary<Guid, Guid> _payments = new();

    /// <summary>An order's payment has the id of its checkout.</summary>
    public Guid PaymentOf(Guid order) => _payments.GetValueOrDefault(order);

    public void Remember(Guid order, Guid payment) => _payments[order] = payment;

    public static PostalAddress In(string country) => Nowhere with { Country = country };

    /// <summary>An order that is paid by card.</summary>
    public async Task<Guid> CardOrderAsync(PostalAddress? address = null, string? coupon = null, params (VariantDetails Variant, int Quantity)[] lines)
    {
        var basket = Shop.Fill(lines.Length == 0 ? [(Shop.Sell(), 1)] : lines);
        var checkout = await CheckoutAsync(new { basketId = basket, shippingAddress = address, shippingMethod = address is null ? null : "standard", coupons = coupon is null ? null : new[] { coupon } });
        var order = await OrderAsync(checkout, new { tenders = new[] { new { kind = "card", token = "tok" } } });
        Assert.True(order.Status == HttpStatusCode.Created, order.Text);
        return order.Id;
    }

    /// <summary>A card order of which payment and stock are certain.</summary>
    public async Task<Guid> ConfirmedAsync(PostalAddress? address = null, string? coupon = null, params (VariantDetails Variant, int Quantity)[] lines)
    {
        var order = await CardOrderAsync(address, coupon, lines);
        await AuthoriseAsync(order);
        await StockTakenAsync(order);
        await UntilAsync(order, "confirmed");
        return order;
    }

    public async Task<Answer> CheckoutAsync(object body)
    {
        var answer = await PostAsync(Checkouts, Json(body));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer;
    }

    public async Task<Answer> OrderAsync(Answer checkout, object? payment = null, string? key = null, string? prefer = null)
    {
        var body = new { checkoutId = checkout.Id, expectedTotal = checkout.Json.GetProperty("total"), payment };
        var answer = await SendAsync(HttpMethod.Post, Orders, body, key ?? Guid.NewGuid().ToString(), prefer: prefer);
        if (answer.Status == HttpStatusCode.Created)
        {
            _payments[answer.Id] = checkout.Id;
        }

        return answer;
    }

    public Task<Answer> GetOrderAsync(Guid order) => GetAsync($"{Orders}/{order}");

    public async Task<Answer> UntilAsync(Guid order, string status) => await Eventually.Async(() => GetOrderAsync(order), answer => answer["status"] == status);

    public async Task<Answer> UntilAsync(Guid order, Func<Answer, bool> holds) => await Eventually.Async(() => GetOrderAsync(order), holds);

    public async Task AuthoriseAsync(Guid order)
    {
        var amount = Assert.Single(await PublishedAsync<PaymentRequested>(requested => requested.PaymentId == PaymentOf(order))).Amount;
        await Host.PublishAsync(new PaymentAuthorised(PaymentOf(order), order.ToString(), amount, Host.Time.GetUtcNow(), Host.Time.GetUtcNow().AddDays(7)));
    }

    public Task DeclineAsync(Guid order) => Host.PublishAsync(new PaymentDeclined(PaymentOf(order), order.ToString(), "card-declined", "The card was declined.", Host.Time.GetUtcNow()));

    public async Task StockTakenAsync(Guid order, bool isBackordered = false)
    {
        var consumed = Assert.Single(await PublishedAsync<ReservationConsumed>(message => message.Reference == order.ToString()));
        await Host.PublishAsync(new StockCommitted(consumed.ReservationId, consumed.Reference, [.. consumed.Lines.Select(line => new SourcedLine(line.Sku, "MAIN", line.Quantity, isBackordered))]));
    }

    /// <summary>Shipping packs a parcel of some lines.</summary>
    public async Task<Guid> PackAsync(Guid order, params (VariantDetails Variant, int Quantity)[] lines)
    {
        var shipment = Guid.NewGuid();
        await Host.PublishAsync(new ShipmentPacked(order, shipment, [.. lines.Select(line => new ShipmentLine(line.Variant.VariantId, line.Variant.Sku, line.Quantity))], Host.Time.GetUtcNow()));
        return shipment;
    }

    /// <summary>Payments takes what was asked for a parcel.</summary>
    public async Task<Money> CaptureAsync(Guid order, Guid shipment)
    {
        var asked = Assert.Single(await Eventually.Async(() => PublishedAsync<CaptureRequested>(requested => requested.CaptureId == shipment), static found => found.Count > 0));
        await Host.PublishAsync(new PaymentCaptured(PaymentOf(order), order.ToString(), shipment, asked.Amount, [new TenderPart("card", "test", "ch_1", asked.Amount)], Host.Time.GetUtcNow()));
        return asked.Amount;
    }

    public async Task ReleasedAsync(Guid shipment) =>
        await Eventually.Async(() => PublishedAsync<ShipmentReleased>(released => released.ShipmentId == shipment), static found => found.Count == 1);

    public Task DispatchAsync(Guid order, Guid shipment) => Host.PublishAsync(new ShipmentDispatched(order, shipment, "Post", "T-1", Host.Time.GetUtcNow()));

    public Task DeliverAsync(Guid order, Guid shipment) => Host.PublishAsync(new ShipmentDelivered(order, shipment, Host.Time.GetUtcNow()));

    /// <summary>A parcel from packing until it is with the customer.</summary>
    public async Task<Guid> DeliverAsync(Guid order, params (VariantDetails Variant, int Quantity)[] lines)
    {
        var shipment = await PackAsync(order, lines);
        await CaptureAsync(order, shipment);
        await ReleasedAsync(shipment);
        await DispatchAsync(order, shipment);
        await UntilAsync(order, answer => StateOf(answer, shipment) == "dispatched");
        await DeliverAsync(order, shipment);
        await UntilAsync(order, answer => StateOf(answer, shipment) == "delivered");
        return shipment;
    }

    public static string? StateOf(Answer order, Guid shipment) =>
        order.Json.GetProperty("shipments").EnumerateArray().Where(each => each.GetProperty("id").GetGuid() == shipment).Select(static each => each.GetProperty("status").GetString()).FirstOrDefault();

    /// <summary>Payments gives back what was asked for.</summary>
    public async Task RefundAsync(Guid order, Guid refund)
    {
        var asked = Assert.Single(await Eventually.Async(() => PublishedAsync<RefundRequested>(requested => requested.RefundId == refund), static found => found.Count > 0));
        await Host.PublishAsync(new PaymentRefunded(PaymentOf(order), order.ToString(), refund, asked.Amount, [new TenderPart("card", "test", "re_1", asked.Amount)], Host.Time.GetUtcNow()));
    }

    public async Task<IReadOnlyList<string?>> NamesAsync(Guid order) =>
        [.. (await GetAsync($"{Orders}/{order}/history")).Json.GetProperty("entries").EnumerateArray().Select(static entry => entry.GetProperty("name").GetString())];

    internal async Task<OrderFulfilmentState?> ProcessAsync(Guid order)
    {
        await using var session = Store.QuerySession();
        return await session.LoadAsync<OrderFulfilmentState>(order);
    }

    public Task<Answer> PostKeyedAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body, Guid.NewGuid().ToString());

    public Task<Answer> SendAsync(HttpMethod method, string path, object? body, string? key = null, string? ifMatch = null, string? prefer = null, AuthenticationHeaderValue? caller = null)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Authorization = caller } };
        if (body is not null)
        {
            request.Content = new StringContent(Json(body), Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        foreach (var (name, value) in new[] { ("Idempotency-Key", key), ("If-Match", ifMatch), ("Prefer", prefer) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return SendAsync(request);
    }

    private static string Json(object body) => JsonSerializer.Serialize(body, JsonSerializerOptions.Web);
}
