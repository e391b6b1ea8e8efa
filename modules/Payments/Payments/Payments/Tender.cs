using System.Text.Json.Serialization;

namespace ModularMonolith.Payments.Payments;

internal enum TenderStatus
{
    Pending,
    ActionRequired,
    Authorised,
    Declined,
    Released,
}

/// <summary>With what a part of a payment is paid.</summary>
/// <remarks><c>Number</c>: its place, from 0. <c>Amount</c>: what it pays, in minor units. <c>Intents</c>: the provider's payments, the last one in use. <c>IsSpent</c>: the last intent cannot be captured again; the next capture needs a new one.</remarks>
internal sealed record Tender(
    int Number, string Kind, string Token, long Amount, TenderStatus Status, IReadOnlyList<TenderIntent> Intents, bool CanCaptureAgain, bool IsSpent, DateTimeOffset? ValidUntil, string? ActionUrl)
{
    public const string Card = "card";
    public const string GiftCard = "gift-card";

    /// <summary>No tender: what the staff has given back in another way.</summary>
    public const string Outside = "outside";

    public bool IsGiftCard => Kind == GiftCard;

    public long Captured => Intents.Sum(static intent => intent.Captured);

    public long Refunded => Intents.Sum(static intent => intent.Refunded);

    /// <summary>What the provider has taken, also what it has to give back or has given back because it belongs to no capture.</summary>
    public long Taken => Intents.Sum(static intent => intent.Taken);

    /// <summary>Under which a gift card holds the amount.</summary>
    public static string HoldKey(Guid paymentId, int number) => $"{paymentId:N}:{number}";

    public Tender Took(string intent, long amount) => With(intent, found => found with { Captured = found.Captured + amount });

    public Tender Gave(string intent, long amount) => With(intent, found => found with { Refunded = found.Refunded + amount });

    /// <summary>Something is in no capture any more, or never was.</summary>
    public Tender Exceeded(string intent, long amount, bool wasCaptured) =>
        With(intent, found => found with { Captured = wasCaptured ? found.Captured - amount : found.Captured, Surplus = found.Surplus + amount });

    private Tender With(string intent, Func<TenderIntent, TenderIntent> change) => this with
    {
        Intents = Intents.Any(known => known.Reference == intent)
            ? [.. Intents.Select(known => known.Reference == intent ? change(known) : known)]
            : [.. Intents, change(new TenderIntent(intent, 0, 0))],
    };
}

/// <summary>The provider's payment, or the gift card.</summary>
/// <remarks><c>Surplus</c>: what was taken and belongs to no capture, whether it was given back already or not.</remarks>
internal sealed record TenderIntent(string Reference, long Captured, long Refunded, long Surplus = 0)
{
    [JsonIgnore]
    public long Taken => Captured + Surplus;
}

/// <summary>Money that was taken and belongs to no capture.</summary>
/// <remarks><c>Reference</c>: the provider's id of the refund by which it was given back, as long as it has not come back; <c>CameBackAt</c>: when it has.</remarks>
internal sealed record Surplus(
    Guid Id, int Tender, string Intent, long Amount, string? PendingReference, bool WasSent, DateTimeOffset? GivenBackAt, string? Reference = null, DateTimeOffset? CameBackAt = null);

internal enum MovementState
{
    Started,
    Completed,
    Refused,
}

/// <summary>A capture or a refund.</summary>
/// <remarks><c>Amount</c>: in minor units. <c>Parts</c>: what each tender gives or gets back.</remarks>
internal sealed record Movement(
    Guid Id, long Amount, MovementState State, bool IsFinal, IReadOnlyList<MovementPart> Parts, string? Code, string? Reason, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>The provider has begun to give it back, and it has not arrived.</summary>
    public bool IsPending { get; init; }

    /// <summary>What of a refund that was made has come back since, in minor units.</summary>
    [JsonIgnore]
    public long CameBack => State == MovementState.Completed ? Parts.Where(static part => part.Reference is null).Sum(static part => part.Amount) : 0;

    public Movement Done(int tender, string? wanted, string intent, string reference, DateTimeOffset at, bool isOutside = false) =>
        With(Next(tender, wanted, intent), part => part with { Intent = intent, Reference = reference, At = at, IsOutside = isOutside }) with { IsPending = false };

    /// <summary>A part of a refund has begun and not arrived.</summary>
    public Movement Begun(int tender, string intent, string? reference) =>
        With(Next(tender, intent, intent), part => part with { PendingReference = reference }) with { IsPending = true };

    public Movement Sent(string reference) => With(Of(reference), static part => part with { WasSent = true });

    public Movement Returned(string reference) => With(Of(reference), static part => part with { WasSent = false, PendingReference = null }) with { IsPending = false };

    /// <summary>A part that had been given has come back. Where nothing is left of it, nothing is given.</summary>
    public Movement Bounced(RefundBounced bounced)
    {
        var left = With(Of(bounced.Reference), static part => part with { Reference = null, PendingReference = null, WasSent = false });
        return left with
        {
            State = left.Parts.All(static part => part.Reference is null) ? MovementState.Refused : State,
            Code = bounced.Code,
            Reason = bounced.Reason,
            EndedAt = bounced.BouncedAt,
        };
    }

    private MovementPart Next(int tender, string? wanted, string intent) =>
        Parts.First(part => part.Reference is null && part.Tender == tender && (part.Intent is null || part.Intent == (wanted ?? intent)));

    private MovementPart Of(string reference) => Parts.First(part => (part.Reference ?? part.PendingReference) == reference);

    private Movement With(MovementPart changed, Func<MovementPart, MovementPart> change) => this with { Parts = [.. Parts.Select(part => ReferenceEquals(part, changed) ? change(part) : part)] };
}

/// <remarks>
/// <c>Reference</c>: the provider's id of the capture or refund; null until it is made. <c>PendingReference</c>: of a refund that has left and not arrived. <c>WasSent</c>: the others know that it has left.
/// <c>At</c>: when it was made. <c>IsOutside</c>: the staff has given it back in another way.
/// </remarks>
internal sealed record MovementPart(
    int Tender, string? Intent, long Amount, string? Reference, string? PendingReference = null, bool WasSent = false, DateTimeOffset? At = null, bool IsOutside = false);
