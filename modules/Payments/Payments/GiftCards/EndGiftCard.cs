using MediatR;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Payments.GiftCards;

/// <summary>Ends a gift card whose time is over. What payments still hold of it stays theirs, so it ends when they have taken or released it.</summary>
[RetryOnConflict]
[Timer("end-gift-card")]
internal sealed record EndGiftCard(Guid GiftCardId) : ICommand;

internal sealed class EndGiftCardHandler(IModuleSession<IPaymentsStore> session, TimeProvider time) : IRequestHandler<EndGiftCard, Unit>
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public async Task<Unit> Handle(EndGiftCard request, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<GiftCard>(request.GiftCardId, cancellationToken);
        var now = time.GetUtcNow();
        if (stream.Aggregate is not { Status: GiftCardStatus.Active, ExpiresAt: { } expiresAt } card)
        {
            return Unit.Value;
        }

        if (expiresAt > now || card.Held > 0)
        {
            session.Schedule(card.Id, expiresAt > now ? expiresAt : now + Patience, request);
            return Unit.Value;
        }

        stream.AppendOne(new CardEnded(card.Balance, false, "Its time is over.", now));
        session.Publish(new GiftCardEnded(card.Id, new Money(card.Balance, card.Amount.Currency), "expired", now));
        return Unit.Value;
    }
}
