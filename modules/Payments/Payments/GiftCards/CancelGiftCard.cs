using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Payments.GiftCards;

[RetryOnConflict]
internal sealed record CancelGiftCard(Guid GiftCardId, string Reason) : ICommand<GiftCardView>;

internal sealed record CancelGiftCardBody(string Reason);

internal sealed class CancelGiftCardValidator : AbstractValidator<CancelGiftCard>
{
    public CancelGiftCardValidator() => RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
}

internal sealed class CancelGiftCardEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/gift-cards/{id:guid}/cancel", static async (Guid id, CancelGiftCardBody body, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new CancelGiftCard(id, body.Reason), cancellationToken)))
        .RequirePermission("payments:manage")
        .SupportsDryRun()
        .WithName("CancelGiftCard")
        .WithSummary("Cancels a gift card; what is on it is not owed any more. Repeating it answers the same card.")
        .Produces<GiftCardView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CancelGiftCardHandler(IModuleSession<IPaymentsStore> session, TimeProvider time) : IRequestHandler<CancelGiftCard, GiftCardView>
{
    public async Task<GiftCardView> Handle(CancelGiftCard request, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<GiftCard>(request.GiftCardId, cancellationToken);
        if (stream.Aggregate is not { } card)
        {
            throw ProblemException.NotFound("gift card", request.GiftCardId);
        }

        if (card.Status == GiftCardStatus.Cancelled)
        {
            return GiftCardView.Of(card);
        }

        if (card.Status == GiftCardStatus.Expired)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The gift card has expired; there is nothing to cancel.").With("state", card.Status);
        }

        if (card.Held > 0)
        {
            throw new ProblemException(PaymentsProblems.GiftCardInUse, "A payment holds money on the gift card. Wait until it is captured or given up.");
        }

        var now = time.GetUtcNow();
        var ended = new CardEnded(card.Balance, true, request.Reason, now);
        stream.AppendOne(ended);
        session.Unschedule(card.Id);
        session.Publish(new GiftCardEnded(card.Id, new Money(card.Balance, card.Amount.Currency), "cancelled", now));
        return GiftCardView.Of(card.Apply(ended));
    }
}
