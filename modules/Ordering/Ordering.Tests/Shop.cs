using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>What the other modules answer: variants with prices and stock, baskets of them, reservations. Safe for parallel use.</summary>
public sealed partial class Shop
{
    private readonly ConcurrentDictionary<Guid, VariantDetails> _variants = new();
    private readonly ConcurrentDictionary<string, List<(Guid VariantId, int Quantity)>> _baskets = new();
    private readonly Dictionary<string, int> _available = [];
    private readonly Dictionary<Guid, IReadOnlyList<StockLine>> _reservations = [];
    private readonly Lock _stock = new();
    private int _number;

    /// <summary>Runs inside ReserveStock after its stock is taken: where a test lets something happen between reservation and save.</summary>
    public ConcurrentDictionary<string, Func<Guid, Task>> WhenReserved { get; } = new();

    public ConcurrentQueue<RedirectReservation> Redirected { get; } = [];

    public ConcurrentBag<Guid> Released { get; } = [];

    public ConcurrentDictionary<Guid, DateTimeOffset> Extended { get; } = new();

    /// <summary>Puts a variant on sale with this much stock.</summary>
    public VariantDetails Sell(long price = 1_000, int stock = 100, bool tracksInventory = true)
    {
        var number = Interlocked.Increment(ref _number);
        var variant = new VariantDetails(
            Guid.NewGuid(), Guid.NewGuid(), $"SKU-{number}", $"Product {number}", null, $"product-{number}",
            new Money(price, "EUR"), null, true, tracksInventory, 100, null);
        _variants[variant.VariantId] = variant;
        lock (_stock)
        {
            _available[variant.Sku] = stock;
        }

        return variant;
    }

    public void Reprice(VariantDetails variant, long price, string currency = "EUR") =>
        _variants[variant.VariantId] = variant with { Price = new Money(price, currency) };

    public void Unpublish(VariantDetails variant) => _variants[variant.VariantId] = variant with { IsPublished = false };

    public string Fill(params (VariantDetails Variant, int Quantity)[] lines)
    {
        var id = Guid.NewGuid().ToString("N");
        _baskets[id] = [.. lines.Select(line => (line.Variant.VariantId, line.Quantity))];
        return id;
    }

    public int Available(VariantDetails variant)
    {
        lock (_stock)
        {
            return _available[variant.Sku];
        }
    }

    /// <summary>Lets a reservation expire, as Inventory does by its clock.</summary>
    public void Expire(Guid reservationId) => Release(new ReleaseReservation(reservationId));

    public void Script(IServiceCollection services) => services
        .Answer<GetBasket, BasketDetails?>(Basket)
        .Answer<GetVariants, IReadOnlyList<VariantDetails>>(request => [.. request.VariantIds.Where(_variants.ContainsKey).Select(id => _variants[id])])
        .Answer<ReserveStock, StockReservation>((request, _) => ReserveAsync(request))
        .Answer<ExtendReservation, bool>(Extend)
        .Answer<RedirectReservation, bool>(request =>
        {
            Redirected.Enqueue(request);
            return true;
        })
        .Answer<ReleaseReservation, bool>(request =>
        {
            Released.Add(request.ReservationId);
            return Release(request);
        })
        .Answer<CalculateQuote, Quote>(Price)
        .Answer<ReproduceQuote, QuoteReproduction>(static _ => new QuoteReproduction(true, []))
        .Answer<ReserveRedemptions, RedemptionReservation>(ReserveDiscounts)
        .Answer<GetShippingOptions, IReadOnlyList<ShippingOption>>(ShippingTo)
        .Answer<FindPickupPoints, IReadOnlyList<PickupPointOption>>(PointsNear)
        .Answer<ChoosePickupPoint, PickupPointChoice>(Choose)
        .Answer<FindGiftCard, GiftCardDetails?>(request => GiftCards.GetValueOrDefault(request.Code));

    private BasketDetails? Basket(GetBasket request)
    {
        if (!_baskets.TryGetValue(request.BasketId, out var basket))
        {
            return null;
        }

        var lines = basket.Select(line =>
        {
            var variant = _variants[line.VariantId];
            return variant.IsPublished
                ? new BasketLineDetails(variant.VariantId, variant.Sku, variant.ProductTitle, line.Quantity, variant.Price, variant.Price * line.Quantity, null, variant.TracksInventory)
                : new BasketLineDetails(variant.VariantId, variant.Sku, variant.ProductTitle, line.Quantity, null, null, "It is not published.", variant.TracksInventory);
        }).ToList();
        return new BasketDetails(request.BasketId, lines, lines.Select(static line => line.LineTotal).OfType<Money>().DefaultIfEmpty(Money.Zero("EUR")).Aggregate(static (sum, next) => sum + next));
    }

    private async Task<StockReservation> ReserveAsync(ReserveStock request)
    {
        Reserved[request.ReservationId] = request;
        lock (_stock)
        {
            var missing = request.Lines.Where(line => _available[line.Sku] < line.Quantity)
                .Select(line => new ShortLine(line.Sku, line.Quantity, _available[line.Sku])).ToList();
            if (missing.Count > 0)
            {
                return new StockReservation(false, missing);
            }

            foreach (var line in request.Lines)
            {
                _available[line.Sku] -= line.Quantity;
            }

            _reservations[request.ReservationId] = request.Lines;
        }

        foreach (var line in request.Lines)
        {
            if (WhenReserved.TryGetValue(line.Sku, out var action))
            {
                await action(request.ReservationId);
            }
        }

        return new StockReservation(true, []);
    }

    private bool Extend(ExtendReservation request)
    {
        lock (_stock)
        {
            Extended[request.ReservationId] = request.ExpiresAt;
            return _reservations.ContainsKey(request.ReservationId);
        }
    }

    private bool Release(ReleaseReservation request)
    {
        lock (_stock)
        {
            if (!_reservations.Remove(request.ReservationId, out var lines))
            {
                return false;
            }

            foreach (var line in lines)
            {
                _available[line.Sku] += line.Quantity;
            }

            return true;
        }
    }
}
