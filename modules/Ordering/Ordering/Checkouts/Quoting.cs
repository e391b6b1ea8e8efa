using MediatR;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

/// <summary>What something costs now.</summary>
/// <param name="Quote">The quote.</param>
/// <param name="Lines">The lines at its prices.</param>
/// <param name="Delivery">How it is delivered; null while no method is chosen.</param>
/// <param name="LacksPickupPoint">Whether the method brings it to a pickup point and none is chosen.</param>
internal sealed record Offer(Quote Quote, IReadOnlyList<PricedLine> Lines, Delivery? Delivery, bool LacksPickupPoint);

/// <summary>Asks Catalog what is sold, Shipping what delivering costs and Pricing what all of it costs.</summary>
internal sealed class Quoting(ISender sender, TimeProvider time)
{
    /// <summary>What a checkout costs at this moment, with what it says of address, method and coupons.</summary>
    /// <exception cref="ProblemException">A line is not sold any more, or the method does not deliver there.</exception>
    public async Task<Offer> OfferAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var currency = checkout.Currency ?? checkout.Lines[0].UnitPrice.Currency;
        var variants = await VariantsAsync(checkout, cancellationToken);
        var point = checkout.PickupPoint is null ? null : await PointAsync(checkout, Weight(checkout, variants), cancellationToken);

        // Tax is due where the customer gets the goods.
        var place = point?.Address ?? checkout.ShippingAddress;
        var request = new QuoteRequest(
            checkout.Id, currency, [.. checkout.Lines.Select(line => ItemOf(line, variants[line.VariantId]))], checkout.Coupons, checkout.Owner,
            place is null ? null : new QuoteDestination(place.Country, place.Region, place.PostalCode), LastKnown(checkout, currency), time.GetUtcNow());
        var quote = await CalculateAsync(checkout, request, variants, cancellationToken);
        ShippingOption? option = null;
        if (checkout.ShippingMethod is { } method)
        {
            option = await OptionAsync(checkout, method, ItemsTotal(quote), Weight(checkout, variants), cancellationToken);
            var shipping = new QuoteShipping(option.Method, option.Title, option.Price);
            if (request.Shipping != shipping)
            {
                quote = await CalculateAsync(checkout, request with { Shipping = shipping }, variants, cancellationToken);
            }
        }

        return new Offer(quote, [.. checkout.Lines.Select(line => PricedAs(line, quote, variants[line.VariantId]))], DeliveryOf(option, quote, point),
            option is { NeedsPickupPoint: true } && point is null);
    }

    /// <summary>How a checkout can be delivered.</summary>
    /// <exception cref="ProblemException">No address is known yet.</exception>
    public Task<IReadOnlyList<ShippingOption>> OptionsAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var (total, weight) = GoodsOf(checkout);
        return AskAsync(checkout, total, weight, cancellationToken);
    }

    /// <summary>Where a checkout can be brought for the customer to fetch it, the nearest first.</summary>
    /// <exception cref="ProblemException">No address is known yet.</exception>
    public Task<IReadOnlyList<PickupPointOption>> PointsAsync(Checkout checkout, int limit, CancellationToken cancellationToken)
    {
        var address = AddressOf(checkout);
        var (total, weight) = GoodsOf(checkout);
        return sender.Send(new FindPickupPoints(address.Country, address.Region, address.PostalCode, total, weight, checkout.ShippingMethod, limit), cancellationToken);
    }

    private async Task<ChosenPickupPoint> PointAsync(Checkout checkout, int weight, CancellationToken cancellationToken)
    {
        var method = checkout.ShippingMethod
            ?? throw new ProblemException(OrderingProblems.ShippingMethodRequired, "A pickup point is chosen for a shipping method. Choose one that brings goods to pickup points first.");
        var choice = await sender.Send(new ChoosePickupPoint(checkout.PickupPoint!, method, AddressOf(checkout).Country, weight), cancellationToken);
        return choice.Point ?? throw new ProblemException(OrderingProblems.PickupPointUnavailable, choice.Problem + " Choose another pickup point.").With("pickupPoint", checkout.PickupPoint);
    }

    private async Task<Dictionary<Guid, VariantDetails>> VariantsAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var variants = (await sender.Send(new GetVariants([.. checkout.Lines.Select(static line => line.VariantId)]), cancellationToken))
            .Where(static variant => variant.IsPublished)
            .ToDictionary(static variant => variant.VariantId);
        var gone = checkout.Lines.Where(line => !variants.ContainsKey(line.VariantId)).ToList();
        return gone.Count == 0 ? variants : throw Unavailable(gone);
    }

    private async Task<Quote> CalculateAsync(Checkout checkout, QuoteRequest request, Dictionary<Guid, VariantDetails> variants, CancellationToken cancellationToken)
    {
        try
        {
            return await sender.Send(new CalculateQuote(request, checkout.Email), cancellationToken);
        }
        catch (ProblemException) when (checkout.Lines.Any(IsForeign))
        {
            throw Unavailable([.. checkout.Lines.Where(IsForeign)]);
        }

        bool IsForeign(PricedLine line) => variants[line.VariantId].Price.Currency != request.Currency;
    }

    private async Task<ShippingOption> OptionAsync(Checkout checkout, string method, Money itemsTotal, int weight, CancellationToken cancellationToken)
    {
        var options = await AskAsync(checkout, itemsTotal, weight, cancellationToken);
        return options.FirstOrDefault(option => option.Method == method)
            ?? throw new ProblemException(OrderingProblems.ShippingUnavailable, $"'{method}' does not deliver this order to the address. Choose another shipping method.")
                .With("shippingMethods", options.Select(static option => option.Method).ToList());
    }

    private Task<IReadOnlyList<ShippingOption>> AskAsync(Checkout checkout, Money itemsTotal, int weight, CancellationToken cancellationToken) =>
        sender.Send(
            new GetShippingOptions(AddressOf(checkout).Country, AddressOf(checkout).Region, AddressOf(checkout).PostalCode, itemsTotal, weight), cancellationToken);

    // As far as the checkout knows them without being computed anew.
    private static (Money Total, int Weight) GoodsOf(Checkout checkout) =>
        (checkout.Quote is { } quote ? ItemsTotal(quote) : checkout.Lines.Total(), checkout.Lines.Sum(static line => line.WeightGrams * line.Quantity));

    private static PostalAddress AddressOf(Checkout checkout) =>
        checkout.ShippingAddress ?? throw new ProblemException(OrderingProblems.ShippingAddressRequired, "The checkout has no shipping address. Give it one first.");

    // Most often it costs what it cost before, and then one calculation is enough.
    private static QuoteShipping? LastKnown(Checkout checkout, string currency) =>
        checkout.Quote?.Request.Shipping is { } shipping && shipping.Method == checkout.ShippingMethod && shipping.Price.Currency == currency ? shipping : null;

    private static int Weight(Checkout checkout, Dictionary<Guid, VariantDetails> variants) => checkout.Lines.Sum(line => variants[line.VariantId].WeightGrams * line.Quantity);

    private static Money ItemsTotal(Quote quote) => quote.Items.Aggregate(Money.Zero(quote.Total.Currency), static (sum, item) => sum + item.Subtotal - item.Discount);

    private static QuoteItem ItemOf(PricedLine line, VariantDetails variant) => new(
        line.VariantId, variant.ProductId, variant.Sku, line.Title, line.Quantity, variant.Price, variant.CompareAtPrice,
        variant.ProductType, variant.Vendor, variant.Tags, variant.TaxCategory);

    private static PricedLine PricedAs(PricedLine line, Quote quote, VariantDetails variant)
    {
        var item = quote.Items.First(item => item.VariantId == line.VariantId);
        return line with { UnitPrice = item.UnitPrice, WeightGrams = variant.WeightGrams, Discount = item.Discount, Tax = item.Tax, Total = item.Total };
    }

    private static Delivery? DeliveryOf(ShippingOption? option, Quote quote, ChosenPickupPoint? point) =>
        option is not null && quote.Shipping is { } shipping ? new Delivery(option.Method, option.Title, option.Kind, shipping.Total, shipping.Tax, point) : null;

    private static ProblemException Unavailable(IReadOnlyList<PricedLine> gone) =>
        new ProblemException(OrderingProblems.LinesUnavailable, $"{string.Join(", ", gone.Select(static line => line.Title))} cannot be ordered any more.")
            .With("lines", gone.Select(static line => new { line.Sku, line.Title }).ToList());
}
