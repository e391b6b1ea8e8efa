using System.Diagnostics.CodeAnalysis;
using JasperFx.Events;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Payments.Payments;

/// <summary>
/// What others ask for. One subscription for all of it, so that the requests about a payment are taken in their order. Nothing is done here but to record what has to be done: the provider is
/// called after the commit.
/// </summary>
[Subscription("payment-instructions", Parallelism = 1)]
[SuppressMessage("Boundaries", "MM0030", Justification = "The requests about one payment are taken in their order, which holds within one subscription only.")]
internal sealed class PaymentInstructions(IModuleSession<IPaymentsStore> session, PaymentWriter writer, IPaymentProvider provider, TimeProvider time)
    : IHandleBatch<PaymentRequested>, IHandleBatch<CaptureRequested>, IHandleBatch<VoidRequested>, IHandleBatch<RefundRequested>
{
    public async Task HandleAsync(IReadOnlyList<Delivered<PaymentRequested>> events, CancellationToken cancellationToken)
    {
        // The id decides: who is told twice has opened it already.
        var requests = events.DistinctBy(static delivered => delivered.Event.PaymentId).ToList();
        var known = (await session.Documents.LoadManyAsync<Payment>(cancellationToken, requests.Select(static request => request.Event.PaymentId))).Select(static payment => payment.Id).ToHashSet();
        requests.RemoveAll(request => known.Contains(request.Event.PaymentId));
        var tokens = requests.SelectMany(static request => request.Event.Tenders).Where(static tender => tender.Kind == Tender.GiftCard).Select(static tender => tender.Token);
        var book = await GiftCardBook.LoadAsync(session, tokens, cancellationToken);
        foreach (var request in requests)
        {
            using var origin = session.OnBehalfOf(request.Context.Origin);
            writer.Write(PaymentChange.Open(request.Event, book, provider.Name, time, request.Context.Origin), null);
        }
    }

    public Task HandleAsync(IReadOnlyList<Delivered<CaptureRequested>> events, CancellationToken cancellationToken) =>
        ChangeAsync(events, static request => request.PaymentId, static (change, request) => change.Capture(request), cancellationToken);

    public Task HandleAsync(IReadOnlyList<Delivered<VoidRequested>> events, CancellationToken cancellationToken) =>
        ChangeAsync(events, static request => request.PaymentId, static (change, request) => change.Void(request), cancellationToken);

    public Task HandleAsync(IReadOnlyList<Delivered<RefundRequested>> events, CancellationToken cancellationToken) =>
        ChangeAsync(events, static request => request.PaymentId, static (change, request) => change.Refund(request), cancellationToken);

    private async Task ChangeAsync<TEvent>(IReadOnlyList<Delivered<TEvent>> events, Func<TEvent, Guid> paymentOf, Action<PaymentChange, TEvent> apply, CancellationToken cancellationToken)
        where TEvent : class, IIntegrationEvent
    {
        var streams = await PaymentStreams.LoadAsync(session, events.Select(delivered => paymentOf(delivered.Event)), cancellationToken);
        var book = await GiftCardBook.LoadAsync(session, streams.GiftCards, cancellationToken);
        foreach (var requests in events.GroupBy(delivered => paymentOf(delivered.Event)))
        {
            if (streams.Find(requests.Key) is { } stream)
            {
                Change(stream, book, requests, apply);
                continue;
            }

            foreach (var request in requests)
            {
                writer.Tell(PaymentChange.Unknown(request.Event, time.GetUtcNow()), request.Context.Origin);
            }
        }

        writer.Write(book);
    }

    private void Change<TEvent>(IEventStream<Payment> stream, GiftCardBook book, IEnumerable<Delivered<TEvent>> requests, Action<PaymentChange, TEvent> apply)
        where TEvent : class, IIntegrationEvent
    {
        var change = new PaymentChange(stream.Aggregate!, book, provider.Name, time);
        foreach (var request in requests)
        {
            // What is held on gift cards is appended at once.
            using var origin = session.OnBehalfOf(change.Origin = request.Context.Origin);
            apply(change, request.Event);
        }

        writer.Write(change, stream);
    }
}
