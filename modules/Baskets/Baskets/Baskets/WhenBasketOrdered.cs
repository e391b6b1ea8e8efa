using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>Closes the basket that became an order. The row stays until it expires, so that its owner can be told which order it became.</summary>
[Subscription("close-ordered-basket")]
internal sealed class WhenBasketOrdered(IModuleSession<IBasketsStore> session) : IHandle<BasketOrdered>
{
    public async Task HandleAsync(BasketOrdered integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var basket = await session.Documents.LoadAsync<Basket>(integrationEvent.BasketId, cancellationToken);
        if (basket is null or { OrderId: not null })
        {
            return;
        }

        basket.OrderId = integrationEvent.OrderId;
        basket.Lines.Clear();
        session.Documents.UpdateRevision(basket, basket.Version + 1);
    }
}
