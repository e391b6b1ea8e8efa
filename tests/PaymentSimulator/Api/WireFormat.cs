using System.Text.Json.Nodes;
using ModularMonolith.PaymentSimulator.Books;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary>The objects as they go over the wire.</summary>
internal static class WireFormat
{
    public static JsonObject Of(PaymentIntent intent, ProviderBooks books, IReadOnlyList<string>? expand = null)
    {
        JsonNode? charge = intent.ChargeId;
        if (intent.ChargeId is not null && expand?.Contains("latest_charge") == true)
        {
            charge = Of(books.Charge(intent.ChargeId));
        }

        return new JsonObject
        {
            ["id"] = intent.Id,
            ["object"] = "payment_intent",
            ["amount"] = intent.Amount,
            ["amount_capturable"] = intent.Capturable,
            ["amount_received"] = intent.Captured,
            ["canceled_at"] = intent.CanceledAt,
            ["cancellation_reason"] = intent.CancellationReason,
            ["capture_method"] = intent.CaptureMethod,
            ["client_secret"] = intent.ClientSecret,
            ["confirmation_method"] = "automatic",
            ["created"] = intent.Created,
            ["currency"] = intent.Currency,
            ["customer"] = null,
            ["last_payment_error"] = intent.LastError is null ? null : Of(intent.LastError),
            ["latest_charge"] = charge,
            ["livemode"] = false,
            ["metadata"] = Of(intent.Metadata),
            ["next_action"] = intent.ActionAddress is null ? null : new JsonObject
            {
                ["type"] = "redirect_to_url",
                ["redirect_to_url"] = new JsonObject { ["url"] = intent.ActionAddress, ["return_url"] = intent.ReturnAddress },
            },
            ["payment_method"] = intent.PaymentMethod,
            ["payment_method_options"] = new JsonObject { ["card"] = new JsonObject { ["request_multicapture"] = intent.Multicapture ? "if_available" : null } },
            ["payment_method_types"] = new JsonArray("card"),
            ["status"] = intent.Status,
        };
    }

    public static JsonObject Of(Charge charge) => new()
    {
        ["id"] = charge.Id,
        ["object"] = "charge",
        ["amount"] = charge.Amount,
        ["amount_captured"] = charge.Captured,
        ["amount_refunded"] = charge.Refunded,
        ["balance_transaction"] = charge.LastTransaction,
        ["captured"] = charge.Captured > 0,
        ["created"] = charge.Created,
        ["currency"] = charge.Currency,
        ["failure_code"] = charge.FailureCode,
        ["livemode"] = false,
        ["metadata"] = Of(charge.Metadata),
        ["paid"] = charge.FailureCode is null,
        ["payment_intent"] = charge.IntentId,
        ["payment_method"] = charge.PaymentMethod,
        ["payment_method_details"] = new JsonObject
        {
            ["type"] = "card",
            ["card"] = new JsonObject { ["multicapture"] = new JsonObject { ["status"] = charge.Multicapture ? "available" : "unavailable" } },
        },
        ["refunded"] = charge.Refunded > 0 && charge.Refunded == charge.Captured,
        ["status"] = charge.FailureCode is null ? "succeeded" : "failed",
    };

    public static JsonObject Of(Refund refund) => new()
    {
        ["id"] = refund.Id,
        ["object"] = "refund",
        ["amount"] = refund.Amount,
        ["balance_transaction"] = refund.Transaction,
        ["charge"] = refund.ChargeId,
        ["created"] = refund.Created,
        ["currency"] = refund.Currency,
        ["failure_reason"] = refund.FailureReason,
        ["metadata"] = Of(refund.Metadata),
        ["payment_intent"] = refund.IntentId,
        ["reason"] = refund.Reason,
        ["status"] = refund.IsPending ? "pending" : refund.FailureReason is null ? "succeeded" : "failed",
    };

    public static JsonObject Of(BalanceTransaction transaction) => new()
    {
        ["id"] = transaction.Id,
        ["object"] = "balance_transaction",
        ["amount"] = transaction.Amount,
        ["available_on"] = transaction.Created,
        ["created"] = transaction.Created,
        ["currency"] = transaction.Currency,
        ["exchange_rate"] = null,
        ["fee"] = transaction.Fee,
        ["fee_details"] = transaction.Fee == 0
            ? []
            : new JsonArray(new JsonObject { ["amount"] = transaction.Fee, ["currency"] = transaction.Currency, ["description"] = "Simulated fee", ["type"] = "stripe_fee" }),
        ["net"] = transaction.Amount - transaction.Fee,
        ["reporting_category"] = transaction.Type,
        ["source"] = transaction.Source,
        ["status"] = "available",
        ["type"] = transaction.Type,
    };

    private static JsonObject Of(CardFailure failure)
    {
        var error = new JsonObject { ["type"] = "card_error", ["code"] = failure.Code, ["message"] = failure.Message };
        if (failure.DeclineCode is not null)
        {
            error["decline_code"] = failure.DeclineCode;
        }

        return error;
    }

    private static JsonObject Of(IReadOnlyDictionary<string, string> metadata)
    {
        var json = new JsonObject();
        foreach (var (key, value) in metadata)
        {
            json[key] = value;
        }

        return json;
    }
}
