using JasperFx.Events;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Payments.Payments;

/// <summary>Payments that were read for writing, in one round trip.</summary>
internal sealed class PaymentStreams
{
    private readonly Dictionary<Guid, IEventStream<Payment>> _streams = [];

    private PaymentStreams()
    {
    }

    /// <summary>The ids of the gift cards with which they are paid.</summary>
    public IEnumerable<string> GiftCards => _streams.Values.SelectMany(static stream => stream.Aggregate!.Tenders).Where(static tender => tender.IsGiftCard).Select(static tender => tender.Token);

    public static async Task<PaymentStreams> LoadAsync(IModuleSession<IPaymentsStore> session, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var batch = session.Documents.CreateBatchQuery();
        var wanted = ids.Distinct().Select(id => batch.Events.FetchForWriting<Payment>(id)).ToList();
        await batch.Execute(cancellationToken);
        var streams = new PaymentStreams();
        foreach (var stream in await Task.WhenAll(wanted))
        {
            if (stream.Aggregate is not null)
            {
                streams._streams.Add(stream.Id, stream);
            }
        }

        return streams;
    }

    /// <summary>A payment that exists; null otherwise.</summary>
    public IEventStream<Payment>? Find(Guid id) => _streams.GetValueOrDefault(id);
}
