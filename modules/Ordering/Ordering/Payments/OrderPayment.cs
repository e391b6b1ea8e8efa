using System.Text.Json.Serialization;
using ModularMonolith.Ordering.Orders;

namespace ModularMonolith.Ordering.Payments;

/// <summary>What is known of an order's payment.</summary>
internal enum PaymentState
{
    Pending,
    ActionRequired,
    Authorised,
    Declined,
    Voided,
}

/// <summary>The payment that Payments makes for an order. What was captured is told by the parcels.</summary>
internal sealed record OrderPayment(Guid PaymentId, IReadOnlyList<PlannedTender> Tenders, DateTimeOffset ExpiresAt, PaymentState State)
{
    public DateTimeOffset? AuthorisedAt { get; init; }

    public string? ActionUrl { get; init; }

    public string? DeclineCode { get; init; }
}

/// <summary>How far an order is paid, as clients see it.</summary>
internal enum OrderPaymentStatus
{
    None,
    Pending,
    [JsonStringEnumMemberName("action-required")]
    ActionRequired,
    Authorised,
    [JsonStringEnumMemberName("partially-captured")]
    PartiallyCaptured,
    Captured,
    Paid,
    Declined,
    Voided,
    [JsonStringEnumMemberName("partially-refunded")]
    PartiallyRefunded,
    Refunded,
}
