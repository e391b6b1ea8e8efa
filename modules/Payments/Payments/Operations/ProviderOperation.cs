using System.Text.Json.Serialization;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Payments.Operations;

internal enum OperationKind
{
    /// <summary>Authorise an amount.</summary>
    Authorise,

    /// <summary>Ask what has become of an authorisation that waits for the customer, or of a refund that is on its way.</summary>
    Check,

    /// <summary>Take a part of an authorisation.</summary>
    Capture,

    /// <summary>Authorise and take at once, where an earlier authorisation could be captured only once.</summary>
    Charge,

    /// <summary>Give back what was authorised and not taken.</summary>
    Cancel,

    /// <summary>Give back what was taken.</summary>
    Refund,
}

/// <summary>A call that the provider has to be given, again and again until its outcome is known.</summary>
/// <param name="Id">Also the idempotency key: the provider does it once, however often it is sent.</param>
/// <param name="PaymentId">The payment.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="Tender">The tender's number.</param>
/// <param name="Token">The provider's token of the payment method.</param>
/// <param name="Reference">What is paid: the order.</param>
/// <param name="Amount">How much; for <see cref="OperationKind.Cancel"/> what was captured and stays.</param>
/// <param name="Intent">The provider's payment; null where it makes one.</param>
/// <param name="IsFinal">Whether a capture is the last one of its intent.</param>
/// <param name="CreatedAt">When it became necessary.</param>
/// <param name="Captured">What had been taken of the intent before, in minor units, also where it was given back since.</param>
/// <param name="Refund">The provider's refund that is asked about; null where an authorisation is.</param>
/// <param name="Origin">On whose behalf, and in which trace, it became necessary.</param>
internal sealed record ProviderOperation(
    Guid Id, Guid PaymentId, OperationKind Kind, int Tender, string Token, string Reference, Money Amount, string? Intent, bool IsFinal, DateTimeOffset CreatedAt, long Captured, string? Refund = null,
    EventHeaders? Origin = null)
{
    /// <summary>Whether an earlier attempt may have had its effect.</summary>
    [JsonIgnore]
    public bool MayHaveArrived { get; init; }

    /// <summary>Why nobody makes this call before the staff says so; null for a call that is made at once.</summary>
    [JsonIgnore]
    public string? LeftBecause { get; init; }
}
