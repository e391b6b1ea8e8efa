using System.Security.Cryptography;
using ModularMonolith.PaymentSimulator.Api;

namespace ModularMonolith.PaymentSimulator.Books;

/// <summary>What moves money.</summary>
internal sealed partial class ProviderBooks
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Takes what was authorised, or a part of it.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="amount">How much; null for all. Nothing, to end an intent of which a part was captured.</param>
    /// <param name="isFinal">Whether the rest is given back.</param>
    public void Capture(PaymentIntent intent, long? amount, bool isFinal)
    {
        if (intent.Status != IntentStatus.RequiresCapture)
        {
            throw Unexpected(intent, "captured");
        }

        if (!isFinal && !intent.Multicapture)
        {
            throw RequestFailure.Invalid(400, null, "final_capture=false needs an intent that was made with request_multicapture and is available for it.", "final_capture", WireFormat.Of(intent, this));
        }

        var take = amount ?? intent.Capturable;
        if (take < 0 || (take == 0 && (intent.Captures == 0 || !isFinal)))
        {
            throw RequestFailure.Invalid(400, "parameter_invalid_integer", "amount_to_capture is 1 or more.", "amount_to_capture");
        }

        if (take > intent.Capturable)
        {
            throw RequestFailure.Invalid(400, "amount_too_large", $"amount_to_capture is {take}, and {intent.Capturable} can be captured.", "amount_to_capture", WireFormat.Of(intent, this));
        }

        if (PaymentMethods.Find(intent.PaymentMethod!)?.CaptureFailure is { } failure)
        {
            throw RequestFailure.Card(failure.Code, failure.DeclineCode, failure.Message, WireFormat.Of(intent, this));
        }

        var charge = Charge(intent);
        if (take > 0)
        {
            Take(intent, charge, take);
            events.Raise("charge.captured", WireFormat.Of(charge));
        }

        if (isFinal || intent.Capturable == 0)
        {
            End(intent);
            Raise("payment_intent.succeeded", intent);
        }
        else
        {
            Raise("payment_intent.amount_capturable_updated", intent);
        }
    }

    /// <summary>Gives back.</summary>
    /// <param name="charge">What was charged.</param>
    /// <param name="amount">How much; null for all that is left.</param>
    /// <param name="reason">As it was sent.</param>
    /// <param name="metadata">As it was sent.</param>
    public Refund Refund(Charge charge, long? amount, string? reason, IReadOnlyDictionary<string, string> metadata)
    {
        var left = charge.Captured - charge.Refunded;
        if (left == 0)
        {
            throw RequestFailure.Invalid(400, "charge_already_refunded", $"Nothing of '{charge.Id}' is left to be refunded.");
        }

        var give = amount ?? left;
        if (give < 1 || give > left)
        {
            throw RequestFailure.Invalid(400, give < 1 ? "parameter_invalid_integer" : "amount_too_large", $"amount is {give}, and {left} can be refunded.", "amount");
        }

        var behaviour = PaymentMethods.Find(charge.PaymentMethod);
        var fails = behaviour?.RefundFails == true;
        var refund = new Refund
        {
            Id = NewId("re_"),
            Created = Now,
            ChargeId = charge.Id,
            IntentId = charge.IntentId,
            Amount = give,
            Currency = charge.Currency,
            Metadata = metadata,
            Reason = reason,
            FailureReason = fails ? "unknown" : null,
            IsPending = behaviour?.RefundPends == true,
        };
        Refunds.Add(refund);
        if (fails)
        {
            events.Raise("refund.failed", WireFormat.Of(refund));
            return refund;
        }

        charge.Refunded += give;
        refund.Transaction = Move(-give, 0, charge.Currency, refund.Id, "refund").Id;
        events.Raise("charge.refunded", WireFormat.Of(charge));
        return refund;
    }

    /// <summary>Says what becomes of a refund that is on its way.</summary>
    public void Finish(Refund refund, bool succeeds)
    {
        refund.IsPending = false;
        if (!succeeds)
        {
            refund.FailureReason = "expired_or_canceled_card";
            Charge(refund.ChargeId).Refunded -= refund.Amount;
            Move(refund.Amount, 0, refund.Currency, refund.Id, "refund_failure");
            events.Raise("refund.failed", WireFormat.Of(refund));
        }

        events.Raise("refund.updated", WireFormat.Of(refund));
    }

    /// <summary>Writes a movement into the account, also one that nothing explains, so that a comparison has something to find.</summary>
    public BalanceTransaction Move(long amount, long fee, string currency, string? source, string type)
    {
        var transaction = new BalanceTransaction { Id = NewId("txn_"), Created = Now, Amount = amount, Fee = fee, Currency = currency, Source = source, Type = type };
        Transactions.Add(transaction);
        return transaction;
    }

    private void Take(PaymentIntent intent, Charge charge, long amount)
    {
        intent.Capturable -= amount;
        intent.Captured += amount;
        intent.Captures++;
        charge.Captured += amount;
        var fee = ((amount * settings.FeeBasisPoints) + 5_000) / 10_000 + settings.FeeFixed;
        charge.LastTransaction = Move(amount, fee, intent.Currency, charge.Id, "charge").Id;
    }

    private static void End(PaymentIntent intent)
    {
        intent.Status = IntentStatus.Succeeded;
        intent.Capturable = 0;
    }

    private static string NewId(string prefix) => prefix + RandomNumberGenerator.GetString(Alphabet, 24);
}
