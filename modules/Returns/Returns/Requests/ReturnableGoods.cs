using MediatR;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Returns.Requests;

/// <summary>What of an order the caller can return now.</summary>
internal sealed class ReturnableGoods(ISender sender, Ownership ownership, ReturnsSettings settings, TimeProvider time)
{
    /// <summary>The order, as far as it exists for the caller.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<ReturnableOrder> RequireAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var only = ownership.OnlyOf(Ownership.ManageAll);
        return await sender.Send(new GetReturnableOrder(orderId), cancellationToken) is { } order && (only is null || order.Owner == only)
            ? order
            : throw ProblemException.NotFound("order", orderId);
    }

    /// <summary>How many of a line can be returned, until when, and why not more.</summary>
    public (int Quantity, DateTimeOffset? Until, string? Reason) Of(ReturnableLine? line, OrderReturns claims)
    {
        if (line is null or { Shipped: 0 })
        {
            return (0, null, "Nothing of it was sent with this order.");
        }

        if (line.DeliveredAt is not { } deliveredAt)
        {
            return (0, null, "It has not arrived yet.");
        }

        var until = deliveredAt + settings.Window;
        return time.GetUtcNow() > until && !ownership.IsStaff
            ? (0, until, $"The time to return it is over since {until:yyyy-MM-dd}.")
            : (claims.LeftOf(line), until, null);
    }
}
