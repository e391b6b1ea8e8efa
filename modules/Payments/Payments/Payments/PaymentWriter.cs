using JasperFx.Events;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Payments.Payments;

/// <summary>Puts decisions into the unit of work: the events of the streams, the calls that the provider is to get, timers, and what the others are told.</summary>
internal sealed class PaymentWriter(IModuleSession<IPaymentsStore> session, OperationQueue queue, PaymentMetrics metrics)
{
    /// <summary>Writes what was decided about one payment.</summary>
    /// <param name="change">The decision.</param>
    /// <param name="stream">The payment's events; null for a new one.</param>
    public void Write(PaymentChange change, IEventStream<Payment>? stream)
    {
        var id = change.Payment.Id;
        if (stream is null)
        {
            session.Events.StartStream<Payment>(id, change.Steps);
            if (change.Payment.IsWaiting)
            {
                using var origin = session.OnBehalfOf(change.Origin);
                session.Schedule(id, change.Payment.ExpiresAt, new ExpirePayment(id));
            }
        }
        else if (change.Steps.Count > 0)
        {
            if (stream.Aggregate!.IsWaiting && !change.Payment.IsWaiting)
            {
                session.Unschedule(id);
            }

            stream.AppendMany(change.Steps);
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

        change.Telling.ForEach(told => Tell(told.Event, told.Origin));
    }

    /// <summary>Writes the timers of gift cards that are good again.</summary>
    public void Write(GiftCardBook book) => book.Endings.ForEach(ending => session.Schedule(ending.Card, ending.At, new EndGiftCard(ending.Card)));

    public void Tell(IIntegrationEvent told, EventHeaders origin)
    {
        using (session.OnBehalfOf(origin))
        {
            session.Publish(told);
        }

        session.AfterCommit(() => metrics.Count(told));
    }
}
