using JasperFx.Events;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Payments.Payments;

/// <summary>Puts decisions into the unit of work: the events of the streams, the calls that the provider is to get, timers, and what the others are told.</summary>
internal sealed class PaymentWriter(IModuleSession<IPaymentsStore> session, OperationQueue queue, PaymentMetrics metrics, TimeProvider time)
{
    /// <summary>Writes what was decided about one payment.</summary>
    /// <param name="change">The decision.</param>
    /// <param name="stream">The payment's events; null for a new one.</param>
    public void Write(PaymentChange change, IEventStream<Payment>? stream)
    {
        var id = change.Payment.Id;
        if (stream is null)
        {
            using var origin = session.OnBehalfOf(change.Origin);
            session.Events.StartStream<Payment>(id, change.Steps);
            if (change.Payment.IsWaiting)
            {
                session.Schedule(id, change.Payment.ExpiresAt, new ExpirePayment(id));
            }
        }
        else if (change.Decided.Count > 0)
        {
            if (stream.Aggregate!.IsWaiting && !change.Payment.IsWaiting)
            {
                session.Unschedule(id);
            }

            foreach (var (step, decidedFor) in change.Decided)
            {
                using var origin = session.OnBehalfOf(decidedFor);
                stream.AppendOne(step);
            }
        }

        if (change.AbandonsAuthorisations)
        {
            queue.Abandon(session, id);
        }

        foreach (var operation in change.Operations)
        {
            queue.Add(session, operation);
        }

        foreach (var dropped in change.Dropped)
        {
            OperationQueue.Remove(session, dropped);
        }

        ScheduleRechecks(change);
        change.Telling.ForEach(told => Tell(told.Event, told.Origin));
    }

    /// <summary>Has a refund asked about when that is due, unless it was often enough.</summary>
    public void Schedule(RecheckRefund recheck)
    {
        if (recheck.DueAfter(time.GetUtcNow()) is { } due)
        {
            session.Schedule(recheck.OperationId, due, recheck);
        }
    }

    /// <summary>Writes the timers of gift cards that are good again.</summary>
    public void Write(GiftCardBook book) => book.Endings.ForEach(ending => session.Schedule(ending.Card, ending.At, new EndGiftCard(ending.Card)));

    private void ScheduleRechecks(PaymentChange change)
    {
        using var origin = session.OnBehalfOf(change.Origin);
        foreach (var step in change.Steps)
        {
            if (step is TenderRefunded { OperationId: { } operation, IsOutside: false } refunded)
            {
                Schedule(new RecheckRefund(change.Payment.Id, operation, refunded.Reference, 0));
            }
            else if (step is SurplusGivenBack { IsOutside: false } given)
            {
                Schedule(new RecheckRefund(change.Payment.Id, given.OperationId, given.Reference, 0));
            }
        }
    }

    public void Tell(IIntegrationEvent told, EventHeaders origin)
    {
        using (session.OnBehalfOf(origin))
        {
            session.Publish(told);
        }

        session.AfterCommit(() => metrics.Count(told));
    }
}
