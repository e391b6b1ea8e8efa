using JasperFx.Events;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Payments.GiftCards;

/// <summary>The gift cards that a unit of work deals with. What is held or charged is appended to them in its transaction, so that concurrent payments never promise the same money twice.</summary>
internal sealed class GiftCardBook(IEnumerable<GiftCard> cards)
{
    /// <summary>For how long a card is good again to which money came back after its end.</summary>
    private static readonly TimeSpan Revival = TimeSpan.FromDays(365);

    private readonly Dictionary<Guid, GiftCard> _cards = cards.ToDictionary(static card => card.Id);
    private readonly Dictionary<Guid, IEventStream<GiftCard>> _streams = [];

    /// <summary>What has been appended, for tests.</summary>
    public List<(Guid Card, IGiftCardStep Step)> Steps { get; } = [];

    /// <summary>Timers that became necessary: when a card ends.</summary>
    public List<(Guid Card, DateTimeOffset At)> Endings { get; } = [];

    public GiftCard this[Guid id] => _cards[id];

    /// <summary>Reads the cards of tenders in one round trip, for writing.</summary>
    public static async Task<GiftCardBook> LoadAsync(IModuleSession<IPaymentsStore> session, IEnumerable<string> tokens, CancellationToken cancellationToken)
    {
        var ids = tokens.Select(static token => Guid.TryParse(token, out var id) ? id : Guid.Empty).Where(static id => id != Guid.Empty).Distinct().Order().ToList();
        var book = new GiftCardBook([]);
        if (ids.Count == 0)
        {
            return book;
        }

        var batch = session.Documents.CreateBatchQuery();
        var found = ids.ConvertAll(id => batch.Events.FetchForWriting<GiftCard>(id));
        await batch.Execute(cancellationToken);
        foreach (var stream in await Task.WhenAll(found))
        {
            if (stream.Aggregate is { } card)
            {
                book._cards.Add(card.Id, card);
                book._streams.Add(card.Id, stream);
            }
        }

        return book;
    }

    /// <summary>Why a tender cannot be held; null when it can.</summary>
    public (string Code, string Reason)? WhyNot(string token, Money amount, DateTimeOffset now)
    {
        if (!Guid.TryParse(token, out var id) || !_cards.TryGetValue(id, out var card))
        {
            return ("gift-card-unknown", "There is no such gift card.");
        }

        return card.Amount.Currency != amount.Currency ? ("gift-card-currency", "The gift card is in another currency.")
            : card.Status != GiftCardStatus.Active || card.ExpiresAt <= now ? ("gift-card-ended", "The gift card has expired or was cancelled.")
            : card.AvailableAt(now) < amount.Amount ? ("insufficient-gift-card-balance", "There is not enough on the gift card.")
            : null;
    }

    public void Hold(string token, Guid paymentId, int tender, long amount, DateTimeOffset now) => Append(token, new CardHeld(Tender.HoldKey(paymentId, tender), amount, now));

    public void Release(string token, Guid paymentId, int tender, long amount, DateTimeOffset now) => Append(token, new CardHoldReleased(Tender.HoldKey(paymentId, tender), amount, now));

    public void Charge(string token, Guid paymentId, int tender, long amount, DateTimeOffset now) => Append(token, new CardCharged(Tender.HoldKey(paymentId, tender), amount, now));

    public void Refund(string token, Guid paymentId, int tender, long amount, DateTimeOffset now)
    {
        var card = _cards[Guid.Parse(token)];
        var isOver = card.Status != GiftCardStatus.Active || card.ExpiresAt <= now;
        var expiresAt = isOver ? now + Revival : card.ExpiresAt;
        Append(token, new CardRefunded(Tender.HoldKey(paymentId, tender), amount, expiresAt, now));
        if (isOver)
        {
            Endings.Add((card.Id, expiresAt!.Value));
        }
    }

    private void Append(string token, IGiftCardStep step)
    {
        var id = Guid.Parse(token);
        _cards[id] = _cards[id].Apply(step);
        Steps.Add((id, step));
        if (_streams.TryGetValue(id, out var stream))
        {
            stream.AppendOne(step);
        }
    }
}
