using MediatR;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Ordering.Replacements;

internal sealed class GetExchangeGoodsHandler(IModuleSession<IOrderingStore> session, ISender sender, TimeProvider time) : IRequestHandler<GetExchangeGoods, IReadOnlyList<ExchangeOffer>>
{
    public async Task<IReadOnlyList<ExchangeOffer>> Handle(GetExchangeGoods request, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<Order>(request.OrderId, cancellationToken) is not { } order)
        {
            return [];
        }

        var ids = request.Wishes.SelectMany(static wish => new[] { wish.VariantId, wish.WantedVariantId }).Distinct().ToList();
        var variants = (await sender.Send(new GetVariants(ids), cancellationToken)).ToDictionary(static variant => variant.VariantId);
        var offers = new List<ExchangeOffer>();
        foreach (var wish in request.Wishes)
        {
            offers.Add(order.GoodsOf(wish.VariantId) is { } goods
                ? await OfferAsync(order, goods, wish, variants, cancellationToken)
                : new ExchangeOffer(wish.VariantId, null, "It is not part of the order."));
        }

        return offers;
    }

    private async Task<ExchangeOffer> OfferAsync(Order order, OrderGoods goods, ExchangeWish wish, Dictionary<Guid, VariantDetails> variants, CancellationToken cancellationToken)
    {
        // The same again, whatever it costs by now: the customer has paid for one of it.
        if (wish.WantedVariantId == wish.VariantId)
        {
            return new ExchangeOffer(wish.VariantId, new ExchangeGoods(goods.VariantId, goods.Sku, goods.Title, goods.WeightGrams, goods.IsStocked), null);
        }

        if (!variants.TryGetValue(wish.WantedVariantId, out var wanted) || !wanted.IsPublished)
        {
            return new ExchangeOffer(wish.VariantId, null, "What is wanted instead is not sold.");
        }

        if (variants.TryGetValue(wish.VariantId, out var returned) && returned.TaxCategory != wanted.TaxCategory)
        {
            return new ExchangeOffer(wish.VariantId, null, "What is wanted instead is taxed differently. Return this for its money and order the other one.");
        }

        var title = wanted.VariantTitle is null ? wanted.ProductTitle : wanted.ProductTitle + " – " + wanted.VariantTitle;
        var price = await PriceAsync(order, wanted, title, wish.Quantity, cancellationToken);
        return price == goods.UnitPrice
            ? new ExchangeOffer(wish.VariantId, new ExchangeGoods(wanted.VariantId, wanted.Sku, title, wanted.WeightGrams, wanted.TracksInventory), null)
            : new ExchangeOffer(wish.VariantId, null, price is null
                ? $"What is wanted instead is not sold in {order.Total.Currency}. Return this for its money and order the other one."
                : $"What is wanted instead costs {price}, and this was ordered at {goods.UnitPrice}. Return this for its money and order the other one.");
    }

    // What the same customer would be asked for one of as many, before discounts.
    private async Task<Platform.Contracts.Money?> PriceAsync(Order order, VariantDetails wanted, string title, int quantity, CancellationToken cancellationToken)
    {
        var item = new QuoteItem(
            wanted.VariantId, wanted.ProductId, wanted.Sku, title, quantity, wanted.Price, wanted.CompareAtPrice, wanted.ProductType, wanted.Vendor, wanted.Tags, wanted.TaxCategory);
        var destination = order.ShippingAddress is { } address ? new QuoteDestination(address.Country, address.Region, address.PostalCode) : null;
        try
        {
            var quote = await sender.Send(new CalculateQuote(new QuoteRequest(Guid.CreateVersion7(time.GetUtcNow()), order.Total.Currency, [item], [], order.Owner, destination, null, time.GetUtcNow())), cancellationToken);
            return quote.Items[0].UnitPrice;
        }
        catch (ProblemException) when (wanted.Price.Currency != order.Total.Currency)
        {
            return null;
        }
    }
}
