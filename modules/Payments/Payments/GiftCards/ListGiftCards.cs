using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.GiftCards;

internal sealed record ListGiftCards(GiftCardStatus? Status, Guid? After, int Limit) : IQuery<Page<GiftCardView>>;

internal sealed class ListGiftCardsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/gift-cards", static async (string? status, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListGiftCards(StatusName.Read<GiftCardStatus>(status), PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("payments:read")
        .WithName("ListGiftCards")
        .WithSummary("The gift cards, newest first.")
        .Produces<Page<GiftCardView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListGiftCardsHandler(IModuleSession<IPaymentsStore> session) : IRequestHandler<ListGiftCards, Page<GiftCardView>>
{
    public async Task<Page<GiftCardView>> Handle(ListGiftCards request, CancellationToken cancellationToken)
    {
        IQueryable<GiftCard> cards = session.Documents.Query<GiftCard>();
        if (request.Status is { } status)
        {
            cards = cards.Where(card => card.Status == status);
        }

        if (request.After is { } after)
        {
            cards = cards.Where(card => card.MatchesSql("d.id < ?", after));
        }

        var found = await cards.OrderByDescending(static card => card.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, GiftCardView.Of, static item => new IdCursor(item.Id));
    }
}
