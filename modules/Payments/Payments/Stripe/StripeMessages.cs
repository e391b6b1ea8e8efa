using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Payments.Stripe;

// The members that are used of what Stripe's API answers; all others are passed over.
internal sealed record StripeIntent
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = string.Empty;

    [JsonPropertyName("status")]
    public string Status { get; init; } = string.Empty;

    [JsonPropertyName("currency")]
    public string Currency { get; init; } = string.Empty;

    [JsonPropertyName("amount_received")]
    public long AmountReceived { get; init; }

    [JsonPropertyName("next_action")]
    public StripeNextAction? NextAction { get; init; }

    [JsonPropertyName("last_payment_error")]
    public StripeError? LastPaymentError { get; init; }

    [JsonPropertyName("latest_charge")]
    public StripeCharge? LatestCharge { get; init; }

    [JsonPropertyName("metadata")]
    public Dictionary<string, string>? Metadata { get; init; }
}

internal sealed record StripeNextAction
{
    [JsonPropertyName("redirect_to_url")]
    public StripeRedirect? RedirectToUrl { get; init; }
}

internal sealed record StripeRedirect
{
    [JsonPropertyName("url")]
    public string? Url { get; init; }
}

/// <summary>A charge, which is an id alone where it was not expanded.</summary>
[JsonConverter(typeof(StripeChargeJson))]
internal sealed record StripeCharge(string Id, long? CaptureBefore, bool CanCaptureAgain);

internal sealed record StripeError
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("decline_code")]
    public string? DeclineCode { get; init; }

    [JsonPropertyName("payment_intent")]
    public StripeIntent? PaymentIntent { get; init; }
}

internal sealed record StripeFailure
{
    [JsonPropertyName("error")]
    public StripeError? Error { get; init; }
}

internal sealed record StripeRefund
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = string.Empty;

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("balance_transaction")]
    public JsonElement? BalanceTransaction { get; init; }

    [JsonPropertyName("metadata")]
    public Dictionary<string, string>? Metadata { get; init; }
}

internal sealed record StripeList<T>
{
    [JsonPropertyName("data")]
    public IReadOnlyList<T> Data { get; init; } = [];

    [JsonPropertyName("has_more")]
    public bool HasMore { get; init; }
}

internal sealed record StripeBalanceTransaction
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = string.Empty;

    [JsonPropertyName("type")]
    public string Type { get; init; } = string.Empty;

    [JsonPropertyName("source")]
    public string? Source { get; init; }

    [JsonPropertyName("amount")]
    public long Amount { get; init; }

    [JsonPropertyName("fee")]
    public long Fee { get; init; }

    [JsonPropertyName("currency")]
    public string Currency { get; init; } = string.Empty;

    [JsonPropertyName("created")]
    public long Created { get; init; }
}

internal sealed record StripeEvent
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = string.Empty;

    [JsonPropertyName("type")]
    public string Type { get; init; } = string.Empty;

    [JsonPropertyName("data")]
    public StripeEventData? Data { get; init; }
}

internal sealed record StripeEventData
{
    [JsonPropertyName("object")]
    public StripeEventObject? Object { get; init; }
}

internal sealed record StripeEventObject
{
    [JsonPropertyName("id")]
    public string Id { get; init; } = string.Empty;

    [JsonPropertyName("object")]
    public string Kind { get; init; } = string.Empty;

    // What it is depends on the object.
    [JsonPropertyName("status")]
    public JsonElement? Status { get; init; }

    [JsonPropertyName("metadata")]
    public Dictionary<string, string>? Metadata { get; init; }
}
