using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Ordering.Orders;

/// <summary>Sent when an order's time to be paid is over.</summary>
[Timer("cancel-unpaid-order")]
[RetryOnConflict]
internal sealed record CancelUnpaidOrder(Guid OrderId) : ICommand;

internal sealed class CancelUnpaidOrderHandler(OrderFulfilment fulfilment) : IRequestHandler<CancelUnpaidOrder, Unit>
{
    public async Task<Unit> Handle(CancelUnpaidOrder request, CancellationToken cancellationToken)
    {
        await fulfilment.CancelUnpaidAsync(request.OrderId, cancellationToken);
        return Unit.Value;
    }
}
