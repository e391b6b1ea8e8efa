using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>Opens the fulfilment of an order, once. Many at a time, because each confirmed order has one.</summary>
[Subscription("open-fulfilment", Parallelism = 1)]
internal sealed class WhenFulfilmentRequested(IModuleSession<IShippingStore> session, TimeProvider time) : IHandleBatch<FulfilmentRequested>
{
    public async Task HandleAsync(IReadOnlyList<Delivered<FulfilmentRequested>> events, CancellationToken cancellationToken)
    {
        var requests = events.DistinctBy(static delivered => delivered.Event.OrderId).ToList();
        var known = (await session.Documents.LoadManyAsync<Fulfilment>(cancellationToken, requests.Select(static request => request.Event.OrderId))).ToDictionary(static fulfilment => fulfilment.Id);
        foreach (var (request, context) in requests)
        {
            using var origin = session.OnBehalfOf(context.Origin);
            var opened = new FulfilmentOpened(request.Method, request.Address, Merged(request.Lines), time.GetUtcNow(), request.PickupPoint);
            if (!known.TryGetValue(request.OrderId, out var fulfilment))
            {
                session.Events.StartStream<Fulfilment>(request.OrderId, opened);
            }
            else if (!fulfilment.IsOpened)
            {
                session.Events.Append(request.OrderId, opened);
            }
        }
    }

    // Whoever tells of a variant twice means all of it.
    private static IReadOnlyList<FulfilmentLine> Merged(IReadOnlyList<FulfilmentLine> lines) =>
        [.. lines.GroupBy(static line => line.VariantId).Select(static group => group.First() with
        {
            Quantity = group.Sum(static line => line.Quantity),
            Sources = [.. group.SelectMany(static line => line.Sources)],
        })];
}
