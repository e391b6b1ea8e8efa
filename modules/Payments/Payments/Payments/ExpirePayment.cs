using MediatR;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Payments.Payments;

/// <summary>Declines a payment that was not authorised in its time. What the provider may have authorised all the same is given back as soon as that is known.</summary>
[RetryOnConflict]
[Timer("expire-payment")]
internal sealed record ExpirePayment(Guid PaymentId) : ICommand;

internal sealed class ExpirePaymentHandler(IModuleSession<IPaymentsStore> session, PaymentWriter writer, IPaymentProvider provider, TimeProvider time) : IRequestHandler<ExpirePayment, Unit>
{
    public async Task<Unit> Handle(ExpirePayment request, CancellationToken cancellationToken)
    {
        var streams = await PaymentStreams.LoadAsync(session, [request.PaymentId], cancellationToken);
        if (streams.Find(request.PaymentId) is { } stream)
        {
            var book = await GiftCardBook.LoadAsync(session, streams.GiftCards, cancellationToken);
            var change = new PaymentChange(stream.Aggregate!, book, provider.Name, time) { Origin = session.Headers };
            change.Expire();
            writer.Write(change, stream);
        }

        return Unit.Value;
    }
}
