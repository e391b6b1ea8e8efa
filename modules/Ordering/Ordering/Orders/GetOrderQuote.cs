using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Ordering.Orders;

internal sealed record GetOrderQuote(Guid OrderId) : IQuery<OrderQuote>;

/// <summary>What an order costs and why, as it was decided when it was placed.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Quote">The amounts, and every rule that was looked at.</param>
/// <param name="IsReproduced">Whether computing it again from what was stored gives the same amounts.</param>
/// <param name="Differences">A sentence for each amount that does not.</param>
internal sealed record OrderQuote(Guid OrderId, CheckoutQuote Quote, bool IsReproduced, IReadOnlyList<string> Differences);

internal sealed class GetOrderQuoteEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{id:guid}/quote", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetOrderQuote(id), cancellationToken)))
        .RequireSubject()
        .WithName("GetOrderQuote")
        .WithSummary("What an order costs and why, computed once more from what was stored.")
        .Produces<OrderQuote>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetOrderQuoteHandler(IModuleSession<IOrderingStore> session, Ownership ownership, ISender sender) : IRequestHandler<GetOrderQuote, OrderQuote>
{
    public async Task<OrderQuote> Handle(GetOrderQuote request, CancellationToken cancellationToken)
    {
        var events = await session.Events.FetchStreamAsync(request.OrderId, version: 1, token: cancellationToken);
        ownership.Require(OrderFold.Of(request.OrderId, events), request.OrderId, Ownership.ReadAll);
        if (events[0].Data is not Placed { Quote: { } quote })
        {
            throw new ProblemException(ProblemTypes.NotFound, "The order is of the time before quotes were kept; its lines say what it costs.");
        }

        var reproduction = await sender.Send(new ReproduceQuote(quote), cancellationToken);
        return new OrderQuote(request.OrderId, CheckoutQuote.Of(quote, ownership.SeesAll), reproduction.IsSame, reproduction.Differences);
    }
}
