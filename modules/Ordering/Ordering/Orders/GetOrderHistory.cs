using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Orders;

internal sealed record GetOrderHistory(Guid OrderId) : IQuery<OrderHistory>;

/// <summary>What happened to an order, oldest first.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Entries">As many as the order has events that the caller may see: a few for each parcel, refund and note.</param>
internal sealed record OrderHistory(Guid OrderId, IReadOnlyList<OrderHistoryEntry> Entries);

/// <summary>One thing that happened.</summary>
/// <param name="Version">1 for the first.</param>
/// <param name="Name">What, for example <c>order_placed</c>.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Data">What was recorded about it; depends on the name.</param>
internal sealed record OrderHistoryEntry(long Version, string Name, DateTimeOffset At, object Data);

internal sealed class GetOrderHistoryEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{id:guid}/history", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetOrderHistory(id), cancellationToken)))
        .RequireSubject()
        .WithName("GetOrderHistory")
        .WithSummary("What happened to an order, oldest first.")
        .Produces<OrderHistory>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetOrderHistoryHandler(IModuleSession<IOrderingStore> session, Ownership ownership) : IRequestHandler<GetOrderHistory, OrderHistory>
{
    public async Task<OrderHistory> Handle(GetOrderHistory request, CancellationToken cancellationToken)
    {
        var events = await session.Events.FetchStreamAsync(request.OrderId, token: cancellationToken);
        ownership.Require(OrderFold.Of(request.OrderId, events), request.OrderId, Ownership.ReadAll);
        var isStaff = ownership.SeesAll;
        return new OrderHistory(
            request.OrderId,
            [
                .. events.Where(entry => isStaff || entry.Data is not NoteAdded { IsForCustomer: false })
                    .Select(entry => new OrderHistoryEntry(entry.Version, entry.EventTypeName, entry.Timestamp, Shown(entry.Data, isStaff))),
            ]);
    }

    // The quote has a resource of its own, which leaves out what is Pricing's own affair.
    private static object Shown(object data, bool isStaff) => data switch
    {
        Placed placed => placed with { Quote = null },
        NoteAdded note when !isStaff => note with { Author = null },
        _ => data,
    };
}
