using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Returns.Requests;

internal sealed record ShowReturnable(Guid OrderId) : IQuery<ReturnableView>;

/// <summary>What of an order can be returned now.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Lines">What was sent of it.</param>
internal sealed record ReturnableView(Guid OrderId, IReadOnlyList<ReturnableLineView> Lines);

/// <summary>One variant of it.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title when it was ordered.</param>
/// <param name="Quantity">How many can be returned now.</param>
/// <param name="Until">Until when.</param>
/// <param name="Reason">Why none can.</param>
internal sealed record ReturnableLineView(Guid VariantId, string Sku, string Title, int Quantity, DateTimeOffset? Until, string? Reason);

internal sealed class ShowReturnableEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{orderId:guid}/returnable", static async (Guid orderId, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new ShowReturnable(orderId), cancellationToken)))
        .RequireSubject()
        .WithName("ShowReturnable")
        .WithSummary("What of an own order can be returned now, and until when.")
        .Produces<ReturnableView>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class ShowReturnableHandler(IModuleSession<IReturnsStore> session, ReturnableGoods goods) : IRequestHandler<ShowReturnable, ReturnableView>
{
    public async Task<ReturnableView> Handle(ShowReturnable request, CancellationToken cancellationToken)
    {
        var order = await goods.RequireAsync(request.OrderId, cancellationToken);
        var claims = await OrderReturns.LoadAsync(session.Documents, request.OrderId, cancellationToken);
        return new ReturnableView(order.OrderId, [.. order.Lines.Select(line =>
        {
            var (quantity, until, reason) = goods.Of(line, claims);
            return new ReturnableLineView(line.VariantId, line.Sku, line.Title, quantity, until, reason);
        })]);
    }
}
