using System.Collections.Immutable;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.GiftCards;

internal enum GiftCardStatus
{
    Active,
    Expired,
    Cancelled,
}

/// <summary>Something that happened to a gift card. Amounts are in minor units of its currency.</summary>
internal interface IGiftCardStep;

/// <summary><c>CodeHash</c>: the code itself is nowhere stored.</summary>
internal sealed record CardIssued(string CodeHash, string LastCharacters, Money Amount, string Reason, DateTimeOffset? ExpiresAt, DateTimeOffset IssuedAt);

/// <summary><c>Key</c>: the tender that it is held for.</summary>
internal sealed record CardHeld(string Key, long Amount, DateTimeOffset HeldAt) : IGiftCardStep;

internal sealed record CardHoldReleased(string Key, long Amount, DateTimeOffset ReleasedAt) : IGiftCardStep;

internal sealed record CardCharged(string Key, long Amount, DateTimeOffset ChargedAt) : IGiftCardStep;

/// <summary>Money came back. A card that had ended is good again.</summary>
internal sealed record CardRefunded(string Key, long Amount, DateTimeOffset? ExpiresAt, DateTimeOffset RefundedAt) : IGiftCardStep;

internal sealed record CardEnded(long Remaining, bool IsCancelled, string Reason, DateTimeOffset EndedAt) : IGiftCardStep;

/// <summary>
/// A gift card as its events have made it; immutable as <see cref="Payments.Payment"/> is. At any time 0 ≤ held ≤ <see cref="Balance"/>.
/// </summary>
internal sealed record GiftCard
{
    public Guid Id { get; set; }

    public string CodeHash { get; init; } = string.Empty;

    public string LastCharacters { get; init; } = string.Empty;

    public Money Amount { get; init; }

    public long Balance { get; init; }

    public ImmutableDictionary<string, long> Holds { get; init; } = ImmutableDictionary<string, long>.Empty;

    public string Reason { get; init; } = string.Empty;

    public GiftCardStatus Status { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public int Version { get; set; }

    public long Held => Holds.Values.Sum();

    public static GiftCard Create(CardIssued issued) => new()
    {
        CodeHash = issued.CodeHash,
        LastCharacters = issued.LastCharacters,
        Amount = issued.Amount,
        Balance = issued.Amount.Amount,
        Reason = issued.Reason,
        IssuedAt = issued.IssuedAt,
        ExpiresAt = issued.ExpiresAt,
    };

    public GiftCard Apply(IGiftCardStep step) => step switch
    {
        CardHeld held => this with { Holds = Holds.SetItem(held.Key, Holds.GetValueOrDefault(held.Key) + held.Amount) },
        CardHoldReleased released => this with { Holds = Less(released.Key, released.Amount) },
        CardCharged charged => this with { Holds = Less(charged.Key, charged.Amount), Balance = Balance - charged.Amount },
        CardRefunded refunded => this with { Balance = Balance + refunded.Amount, Status = GiftCardStatus.Active, EndedAt = null, ExpiresAt = refunded.ExpiresAt },
        CardEnded ended => this with { Balance = Balance - ended.Remaining, Status = ended.IsCancelled ? GiftCardStatus.Cancelled : GiftCardStatus.Expired, EndedAt = ended.EndedAt },
        _ => this,
    };

    /// <summary>What can be promised to a new payment at a moment. An expired card has nothing to promise although nobody has ended it yet.</summary>
    public long AvailableAt(DateTimeOffset now) => Status == GiftCardStatus.Active && !(ExpiresAt <= now) ? Balance - Held : 0;

    private ImmutableDictionary<string, long> Less(string key, long amount)
    {
        var rest = Holds.GetValueOrDefault(key) - amount;
        return rest > 0 ? Holds.SetItem(key, rest) : Holds.Remove(key);
    }
}
