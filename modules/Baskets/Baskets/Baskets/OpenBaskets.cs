using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>Finds the baskets that their owners can still use, and writes their changes.</summary>
internal sealed class OpenBaskets(IModuleSession<IBasketsStore> session, BasketLifetime lifetime, TimeProvider time)
{
    /// <summary>The basket, or null when there is none, or it has expired, or it was ordered.</summary>
    public async Task<Basket?> FindAsync(string id, CancellationToken cancellationToken) =>
        await LoadAsync(id, cancellationToken) is { OrderId: null } basket ? basket : null;

    /// <exception cref="ProblemException">404: there is none, or it has expired, or it was ordered.</exception>
    public async Task<Basket> RequireAsync(string id, CancellationToken cancellationToken)
    {
        var basket = (session.Borrow<Basket>(id) is { } borrowed && borrowed.ExpiresAt > time.GetUtcNow() ? borrowed : await LoadAsync(id, cancellationToken))
            ?? throw new ProblemException(ProblemTypes.NotFound, "There is no basket with this id, or it was deleted, or it has expired. Create a new one.");
        return basket.OrderId is { } orderId
            ? throw new ProblemException(BasketProblems.BasketOrdered, $"The basket was ordered: it became order {orderId}. Create a new basket.").With("orderId", orderId)
            : basket;
    }

    public Basket Create()
    {
        var now = time.GetUtcNow();
        return new Basket { Id = BasketId.Create(), CreatedAt = now, ExpiresAt = now + lifetime.AfterLastChange };
    }

    /// <summary>Queues a new basket.</summary>
    public void Insert(Basket basket)
    {
        session.Documents.Insert(basket);
        session.Keep(basket.Id, basket);
        ScheduleEnd(basket);
    }

    /// <summary>
    /// Queues a change of the basket, which is refused when somebody else has changed it since it was read. Its timer stays where it is: when it fires, it is set to the end that
    /// the basket has then.
    /// </summary>
    public void Save(Basket basket)
    {
        basket.ExpiresAt = time.GetUtcNow() + lifetime.AfterLastChange;
        session.Documents.UpdateRevision(basket, basket.Version + 1);
        session.Keep(basket.Id, basket);
    }

    /// <summary>
    /// Ends the basket by letting it expire now. The row is left to its timer: a concurrent change then meets a newer revision,
    /// where it would otherwise write the basket anew.
    /// </summary>
    public void End(Basket basket)
    {
        basket.Lines.Clear();
        basket.ExpiresAt = time.GetUtcNow();
        ScheduleEnd(basket);
        session.Documents.UpdateRevision(basket, basket.Version + 1);
    }

    // Before the basket's own change: the timer that fires ends itself first and then the basket, and locks taken in one order cannot wait in a circle.
    private void ScheduleEnd(Basket basket) => session.Schedule(BasketId.ToTimerId(basket.Id), basket.ExpiresAt + ExpireBasket.Grace, new ExpireBasket(basket.Id));

    private async Task<Basket?> LoadAsync(string id, CancellationToken cancellationToken) =>
        BasketId.IsWellFormed(id) && await session.Documents.LoadAsync<Basket>(id, cancellationToken) is { } basket && basket.ExpiresAt > time.GetUtcNow()
            ? basket
            : null;
}
