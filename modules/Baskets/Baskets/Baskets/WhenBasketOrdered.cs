using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>Closes the basket that became an order. The row stays until it expires, so that its owner can be told which order it became.</summary>
[Subscription("close-ordered-basket", Parallelism = 1)]
internal sealed class WhenBasketOrdered(IModuleSession<IBasketsStore> session) : IHandleBatch<BasketOrdered>
{
    public async Task HandleAsync(IReadOnlyList<Delivered<BasketOrdered>> events, CancellationToken cancellationToken)
    {
        // Of two orders that name one basket the first closes it; the platform may deliver an event again.
        var orders = events.DistinctBy(static each => each.Event.BasketId).ToDictionary(static each => each.Event.BasketId, static each => each.Event.OrderId, StringComparer.Ordinal);
        foreach (var basket in await session.Documents.LoadManyAsync<Basket>(cancellationToken, orders.Keys))
        {
            if (basket.OrderId is null)
            {
                basket.OrderId = orders[basket.Id];
                basket.Lines.Clear();
                session.Documents.UpdateRevision(basket, basket.Version + 1);
            }
        }
    }
}
