using System.Diagnostics.CodeAnalysis;
using MediatR;
using Microsoft.Extensions.Logging;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Payments.Payments;

/// <summary>Records what came of operations, once: an outcome that was recorded before makes no difference.</summary>
[RetryOnConflict(Attempts = 10)]
[SuppressMessage("Boundaries", "MM0032", Justification = "What providers answer is read and bounded by their adapters; no client sends it.")]
internal sealed record RecordOutcomes(IReadOnlyList<OperationOutcome> Outcomes) : ICommand;

/// <summary>What came of one operation, and on whose behalf it was carried out.</summary>
internal sealed record OperationOutcome(Guid PaymentId, Guid OperationId, ProviderOutcome Outcome, EventHeaders? Origin = null);

internal sealed partial class RecordOutcomesHandler(
    IModuleSession<IPaymentsStore> session, PaymentWriter writer, IPaymentProvider provider, TimeProvider time, ILogger<RecordOutcomesHandler> logger) : IRequestHandler<RecordOutcomes, Unit>
{
    public async Task<Unit> Handle(RecordOutcomes request, CancellationToken cancellationToken)
    {
        session.Continue("payment operations", [.. request.Outcomes.Select(static outcome => outcome.Origin ?? EventHeaders.None)]);
        var streams = await PaymentStreams.LoadAsync(session, request.Outcomes.Select(static outcome => outcome.PaymentId), cancellationToken);
        var book = await GiftCardBook.LoadAsync(session, streams.GiftCards, cancellationToken);
        foreach (var payment in request.Outcomes.GroupBy(static outcome => outcome.PaymentId))
        {
            if (streams.Find(payment.Key) is { } stream)
            {
                var change = new PaymentChange(stream.Aggregate!, book, provider.Name, time);
                foreach (var outcome in payment)
                {
                    Record(change, outcome);
                }

                LogAll(change);
                writer.Write(change, stream);
            }
        }

        writer.Write(book);
        return Unit.Value;
    }

    private void Record(PaymentChange change, OperationOutcome outcome)
    {
        change.Origin = outcome.Origin ?? EventHeaders.None;
        using var origin = session.OnBehalfOf(change.Origin);
        if (outcome.Outcome is WasRefused refused && change.Payment.Pending.FirstOrDefault(pending => pending.Id == outcome.OperationId) is { } pending && !change.CanRefuse(pending))
        {
            LogLeft(outcome.OperationId, outcome.PaymentId, refused.Code);
            change.Leave(pending);
            session.Documents.QueueSqlCommand("update provider_operation set state = 'stuck', is_leased = false, error = ? where id = ?", "Refused: " + refused.Code, outcome.OperationId);
            return;
        }

        change.Record(outcome.OperationId, outcome.Outcome);
        OperationQueue.Remove(session, outcome.OperationId);
    }

    private void LogAll(PaymentChange change)
    {
        foreach (var step in change.Steps)
        {
            if (step is RefundBounced refund)
            {
                LogBounced(refund.RefundId, change.Payment.Id, refund.Amount, refund.Reason);
            }
            else if (step is SurplusBounced surplus)
            {
                LogSurplusBounced(surplus.SurplusId, change.Payment.Id, surplus.Amount, surplus.Reason);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The refund {RefundId} of payment {PaymentId} had been made, and {Amount} (in minor units) of it have come back ({Reason}). They are owed to the customer again.")]
    private partial void LogBounced(Guid refundId, Guid paymentId, long amount, string reason);

    [LoggerMessage(LogLevel.Error, "The surplus {SurplusId} of payment {PaymentId} had been given back, and {Amount} (in minor units) have come back ({Reason}). It is left to the staff: see /api/payments/operations?status=stuck.")]
    private partial void LogSurplusBounced(Guid surplusId, Guid paymentId, long amount, string reason);

    [LoggerMessage(LogLevel.Error, "The operation {OperationId} of payment {PaymentId} was refused ({Code}), but what it gives back is owed; it is left to the staff.")]
    private partial void LogLeft(Guid operationId, Guid paymentId, string code);
}
