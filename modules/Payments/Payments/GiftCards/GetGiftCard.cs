using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.GiftCards;

internal sealed record GetGiftCard(Guid GiftCardId) : IQuery<Versioned<GiftCardView>>;

internal sealed class GetGiftCardEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/gift-cards/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetGiftCard(id), cancellationToken)).Answer(http))
        .RequirePermission("payments:read")
        .WithName("GetGiftCard")
        .WithSummary("A gift card.")
        .Produces<GiftCardView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetGiftCardHandler(IModuleSession<IPaymentsStore> session) : IRequestHandler<GetGiftCard, Versioned<GiftCardView>>
{
    public async Task<Versioned<GiftCardView>> Handle(GetGiftCard request, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<GiftCard>(request.GiftCardId, cancellationToken) is { } card
            ? new Versioned<GiftCardView>(GiftCardView.Of(card), card.Version)
            : throw ProblemException.NotFound("gift card", request.GiftCardId);
}
