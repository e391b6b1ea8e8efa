using FluentValidation;
using MediatR;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Payments.Payments;

/// <summary>
/// Has the provider asked whether what was given back has come back. Banks return refunds for weeks, and a webhook that would say so may be lost or was never set up. The last question is asked 30
/// days after the refund; what comes back later is told by a webhook, or found by the reconciliation.
/// </summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="OperationId">The operation by which it was given back; also the timer's id.</param>
/// <param name="Reference">The provider's id of the refund.</param>
/// <param name="Round">How often it was asked about before.</param>
[RetryOnConflict]
[Timer("recheck-refund")]
internal sealed record RecheckRefund(Guid PaymentId, Guid OperationId, string Reference, int Round) : ICommand
{
    // Days after the refund. Most of those that come back do so in the first days.
    private static readonly int[] Days = [1, 3, 7, 14, 30];

    /// <summary>When it is due, counted from the round before.</summary>
    /// <param name="before">The time of the round before, or of the refund.</param>
    /// <returns>Null when it was asked about often enough.</returns>
    public DateTimeOffset? DueAfter(DateTimeOffset before) => Round < Days.Length ? before.AddDays(Days[Round] - (Round == 0 ? 0 : Days[Round - 1])) : null;
}

internal sealed class RecheckRefundValidator : AbstractValidator<RecheckRefund>
{
    public RecheckRefundValidator()
    {
        RuleFor(command => command.Reference).NotEmpty().MaximumLength(255).NoNul();
        RuleFor(command => command.Round).GreaterThanOrEqualTo(0);
    }
}

internal sealed class RecheckRefundHandler(IModuleSession<IPaymentsStore> session, PaymentWriter writer, IPaymentProvider provider, TimeProvider time) : IRequestHandler<RecheckRefund, Unit>
{
    public async Task<Unit> Handle(RecheckRefund request, CancellationToken cancellationToken)
    {
        var streams = await PaymentStreams.LoadAsync(session, [request.PaymentId], cancellationToken);
        if (streams.Find(request.PaymentId) is not { } stream)
        {
            return Unit.Value;
        }

        var change = new PaymentChange(stream.Aggregate!, await GiftCardBook.LoadAsync(session, streams.GiftCards, cancellationToken), provider.Name, time) { Origin = session.Headers };
        if (change.Recheck(request.Reference))
        {
            writer.Write(change, stream);
            writer.Schedule(request with { Round = request.Round + 1 });
        }

        return Unit.Value;
    }
}
