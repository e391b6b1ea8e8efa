using System.Collections.Concurrent;
using System.Text.Json;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Prices, discounts, shipping and gift cards: 19 % of tax is in what goes to DE, 10 % are put on what goes to US, and nothing is taxed elsewhere.</summary>
public sealed partial class Shop
{
    private readonly ConcurrentDictionary<Guid, ReserveRedemptions> _redemptions = new();

    /// <summary>Codes with their percentage; those that are taken out are not known any more.</summary>
    public ConcurrentDictionary<string, int> Coupons { get; } = new();

    /// <summary>Codes that are not to be had any more when they are to be reserved.</summary>
    public ConcurrentDictionary<string, bool> UsedUp { get; } = new();

    public ConcurrentDictionary<string, GiftCardDetails> GiftCards { get; } = new();

    public ConcurrentDictionary<Guid, ReserveStock> Reserved { get; } = new();

    public IReadOnlyList<ReserveRedemptions> Redemptions => [.. _redemptions.Values];

    private RedemptionReservation ReserveDiscounts(ReserveRedemptions request)
    {
        var refused = request.Redemptions.Where(redemption => UsedUp.ContainsKey(redemption.Coupon!))
            .Select(static redemption => new RefusedRedemption(redemption.PromotionId, redemption.Coupon, $"{redemption.Coupon} was used as often as it can be.")).ToList();
        if (refused.Count == 0)
        {
            _redemptions[request.RedemptionId] = request;
        }

        return new RedemptionReservation(refused.Count == 0, refused);
    }

    private static IReadOnlyList<ShippingOption> ShippingTo(GetShippingOptions request) => request.Country == "AQ"
        ? []
        :
        [
            new ShippingOption("standard", "Standard", "delivery", new Money(request.ItemsTotal.Amount >= 5_000 ? 0 : 490, request.ItemsTotal.Currency), 2, 4, "490, free from 5000."),
            new ShippingOption("pickup", "Pick up", "pickup", Money.Zero(request.ItemsTotal.Currency), null, null, "Free."),
            new ShippingOption("point", "To a pickup point", "pickup", new Money(290, request.ItemsTotal.Currency), null, null, "290.", true),
        ];

    /// <summary>Pickup points that the method <c>point</c> goes to; those that are taken out are closed.</summary>
    public ConcurrentDictionary<string, ChosenPickupPoint> Points { get; } = new();

    private IReadOnlyList<PickupPointOption> PointsNear(FindPickupPoints request) =>
        [.. Points.Values.Where(point => request.Method is null or "point").OrderBy(static point => point.Code, StringComparer.Ordinal).Take(request.Limit)
            .Select(static point => new PickupPointOption(point.Code, point.Title, point.Address, point.OpeningHours, point.KeptDays, ["point"]))];

    private PickupPointChoice Choose(ChoosePickupPoint request) =>
        request.Method != "point" ? new PickupPointChoice(null, $"'{request.Method}' does not bring goods to pickup points.")
        : Points.TryGetValue(request.Code, out var point) ? new PickupPointChoice(point, null)
        : new PickupPointChoice(null, $"There is no pickup point '{request.Code}'.");

    private Quote Price(CalculateQuote asked)
    {
        var request = asked.Request with { CountedAs = asked.Email is null ? asked.Request.Customer : "whoever reads " + asked.Email };
        if (request.Items.Any(item => item.CataloguePrice.Currency != request.Currency))
        {
            throw new ProblemException(ProblemTypes.IllegalState, "There is no price in this currency.");
        }

        var (percent, isIncluded) = request.Destination?.Country switch { "DE" => (19, true), "US" => (10, false), _ => (0, true) };
        var coupon = request.Coupons.FirstOrDefault(Coupons.ContainsKey);
        var items = request.Items.Select(item =>
        {
            var subtotal = item.CataloguePrice * item.Quantity;
            var discount = coupon is null ? Money.Zero(request.Currency) : new Money(subtotal.Amount * Coupons[coupon] / 100, request.Currency);
            var (tax, total) = Taxed(subtotal - discount, percent, isIncluded);
            return new QuotedItem(item.VariantId, item.Quantity, item.CataloguePrice, item.CompareAtPrice, null, null, subtotal, discount, tax, total, item.TaxCategory);
        }).ToList();
        QuotedShipping? shipping = null;
        if (request.Shipping is { } wanted)
        {
            var (tax, total) = Taxed(wanted.Price, percent, isIncluded);
            shipping = new QuotedShipping(wanted.Method, wanted.Title, wanted.Price, Money.Zero(request.Currency), tax, total);
        }

        var sums = items.Aggregate((Subtotal: 0L, Discount: 0L, Tax: 0L, Total: 0L), static (sum, item) =>
            (sum.Subtotal + item.Subtotal.Amount, sum.Discount + item.Discount.Amount, sum.Tax + item.Tax.Amount, sum.Total + item.Total.Amount));
        var decisions = request.Coupons.Select(code => new QuoteDecision("coupon", code, code, code == coupon, code == coupon ? "It was entered." : "There is no such coupon.")).ToList();
        return new Quote(
            request, isIncluded, items, shipping, In(sums.Subtotal), In(sums.Discount), In(sums.Tax + (shipping?.Tax.Amount ?? 0)), In(sums.Total + (shipping?.Total.Amount ?? 0)), [], decisions,
            new QuoteRounding("line", 0), coupon is null ? [] : [new Redemption(Guid.Empty, coupon, In(sums.Discount))], JsonSerializer.SerializeToElement(new { rules = 1 }));

        Money In(long amount) => new(amount, request.Currency);
    }

    private static (Money Tax, Money Total) Taxed(Money price, int percent, bool isIncluded)
    {
        var tax = new Money(price.Amount * percent / (isIncluded ? 100 + percent : 100), price.Currency);
        return (tax, isIncluded ? price : price + tax);
    }
}
