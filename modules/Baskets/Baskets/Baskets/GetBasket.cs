using MediatR;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>Answers other modules. Two round trips to the database: the basket and its variants.</summary>
internal sealed class GetBasketHandler(OpenBaskets baskets, Offers offers) : IRequestHandler<GetBasket, BasketDetails?>
{
    // ISO 4217's code for "no currency involved".
    private const string NoCurrency = "XXX";

    public async Task<BasketDetails?> Handle(GetBasket request, CancellationToken cancellationToken)
    {
        if (await baskets.FindAsync(request.BasketId, cancellationToken) is not { } basket)
        {
            return null;
        }

        var view = await offers.ViewAsync(basket, await offers.WithoutStockAsync(basket, cancellationToken), cancellationToken);
        return new BasketDetails(
            view.Id,
            [.. view.Lines.Select(line => new BasketLineDetails(
                line.VariantId, line.Sku, line.Title, line.Quantity, line.UnitPrice, line.LineTotal, line.Problem?.Detail, line.TracksInventory))],
            view.Total ?? Money.Zero(NoCurrency));
    }
}
