namespace ModularMonolith.PaymentSimulator.Books;

/// <summary>What a shop asks for.</summary>
internal sealed record NewIntent(long Amount, string Currency, string CaptureMethod, string? PaymentMethod, IReadOnlyDictionary<string, string> Metadata, bool WantsMulticapture);

/// <summary>How it is confirmed.</summary>
/// <param name="ReturnAddress">Where the customer is sent after an authentication.</param>
/// <param name="RefusesAction">Whether an authentication that is needed counts as a decline.</param>
/// <param name="IsDeclined">Whether a fault declines it.</param>
/// <param name="Self">The simulator's own address.</param>
internal sealed record Confirmation(string? ReturnAddress, bool RefusesAction, bool IsDeclined, Uri Self);

internal sealed class PaymentIntent : IRegistered
{
    public required string Id { get; init; }

    public required string ClientSecret { get; init; }

    public required long Created { get; init; }

    public int Position { get; set; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required string CaptureMethod { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Whether it may be captured more than once.</summary>
    public required bool Multicapture { get; init; }

    public string? PaymentMethod { get; set; }

    public required string Status { get; set; }

    public long Capturable { get; set; }

    public long Captured { get; set; }

    public int Captures { get; set; }

    public string? ChargeId { get; set; }

    public CardFailure? LastError { get; set; }

    public string? ActionAddress { get; set; }

    public string? ReturnAddress { get; set; }

    public long? CanceledAt { get; set; }

    public string? CancellationReason { get; set; }
}

/// <summary>The words of <see cref="PaymentIntent.Status"/>.</summary>
internal static class IntentStatus
{
    public const string RequiresPaymentMethod = "requires_payment_method";
    public const string RequiresConfirmation = "requires_confirmation";
    public const string RequiresAction = "requires_action";
    public const string RequiresCapture = "requires_capture";
    public const string Succeeded = "succeeded";
    public const string Canceled = "canceled";
}

internal sealed class Charge : IRegistered
{
    public required string Id { get; init; }

    public required long Created { get; init; }

    public int Position { get; set; }

    public required string IntentId { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required string PaymentMethod { get; init; }

    public required bool Multicapture { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? FailureCode { get; init; }

    public long Captured { get; set; }

    public long Refunded { get; set; }

    public string? LastTransaction { get; set; }
}

internal sealed class Refund : IRegistered
{
    public required string Id { get; init; }

    public required long Created { get; init; }

    public int Position { get; set; }

    public required string ChargeId { get; init; }

    public required string IntentId { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? Reason { get; init; }

    public string? FailureReason { get; set; }

    /// <summary>Whether it is on its way.</summary>
    public bool IsPending { get; set; }

    public string? Transaction { get; set; }
}

/// <summary>A movement on the shop's account at the provider.</summary>
internal sealed class BalanceTransaction : IRegistered
{
    public required string Id { get; init; }

    public required long Created { get; init; }

    public int Position { get; set; }

    /// <summary>Positive when it comes in.</summary>
    public required long Amount { get; init; }

    public required long Fee { get; init; }

    public required string Currency { get; init; }

    public required string? Source { get; init; }

    /// <summary><c>charge</c>, <c>refund</c>, <c>refund_failure</c> or <c>payout</c>.</summary>
    public required string Type { get; init; }
}
