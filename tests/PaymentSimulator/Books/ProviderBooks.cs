using System.Security.Cryptography;
using ModularMonolith.PaymentSimulator.Api;

namespace ModularMonolith.PaymentSimulator.Books;

/// <summary>All that the simulator knows. One lock guards it: use <see cref="Read"/> and <see cref="Change"/>.</summary>
internal sealed partial class ProviderBooks(SimulatorSettings settings, IEventSink events, TimeProvider time)
{
    private readonly Lock _lock = new();

    public Register<PaymentIntent> Intents { get; } = new();

    public Register<Charge> Charges { get; } = new();

    public Register<Refund> Refunds { get; } = new();

    public Register<BalanceTransaction> Transactions { get; } = new();

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    public T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    public T Change<T>(Func<T> change)
    {
        lock (_lock)
        {
            return change();
        }
    }

    public PaymentIntent Intent(string id) => Intents.Find(id) ?? throw RequestFailure.Missing("payment_intent", id);

    public Charge Charge(string id) => Charges.Find(id) ?? throw RequestFailure.Missing("charge", id);

    public Charge Charge(PaymentIntent intent) => Charges.Find(intent.ChargeId ?? string.Empty)
        ?? throw RequestFailure.Invalid(400, "payment_intent_unexpected_state", $"'{intent.Id}' has not been charged.", null, WireFormat.Of(intent, this));

    public Refund Refund(string id) => Refunds.Find(id) ?? throw RequestFailure.Missing("refund", id);

    public PaymentIntent Create(NewIntent wanted)
    {
        if (Intents.Count >= settings.Capacity)
        {
            throw RequestFailure.Own(500, $"The simulator holds {settings.Capacity} intents and takes no more. Start it anew, or with a larger Simulator:Capacity.");
        }

        CheckMethod(wanted.PaymentMethod);
        var id = NewId("pi_");
        var intent = new PaymentIntent
        {
            Id = id,
            ClientSecret = $"{id}_secret_{RandomNumberGenerator.GetString(Alphabet, 24)}",
            Created = Now,
            Amount = wanted.Amount,
            Currency = wanted.Currency,
            CaptureMethod = wanted.CaptureMethod,
            Metadata = wanted.Metadata,
            Multicapture = wanted.WantsMulticapture && settings.Multicapture,
            PaymentMethod = wanted.PaymentMethod,
            Status = wanted.PaymentMethod is null ? IntentStatus.RequiresPaymentMethod : IntentStatus.RequiresConfirmation,
        };
        Intents.Add(intent);
        Raise("payment_intent.created", intent);
        return intent;
    }

    public void Confirm(PaymentIntent intent, Confirmation confirmation)
    {
        if (intent.Status is not (IntentStatus.RequiresPaymentMethod or IntentStatus.RequiresConfirmation))
        {
            throw Unexpected(intent, "confirmed");
        }

        var behaviour = CheckMethod(intent.PaymentMethod)
            ?? throw RequestFailure.Invalid(400, "payment_intent_unexpected_state", $"'{intent.Id}' has no payment method to be confirmed with.", "payment_method", WireFormat.Of(intent, this));
        intent.LastError = null;
        intent.ReturnAddress = confirmation.ReturnAddress;
        if (confirmation.IsDeclined)
        {
            throw Decline(intent, PaymentMethods.Declined);
        }

        if (!behaviour.WantsAuthentication)
        {
            Charge(intent, behaviour.Failure);
            return;
        }

        if (confirmation.RefusesAction)
        {
            throw Decline(intent, PaymentMethods.AuthenticationNeeded);
        }

        intent.Status = IntentStatus.RequiresAction;
        intent.ActionAddress = new Uri(confirmation.Self, AuthenticationPage.Path + intent.Id).AbsoluteUri;
        Raise("payment_intent.requires_action", intent);
    }

    /// <summary>What the customer has said.</summary>
    /// <returns>Whether the intent waited for it.</returns>
    public bool Authenticate(PaymentIntent intent, bool succeeds)
    {
        if (intent.Status != IntentStatus.RequiresAction)
        {
            return false;
        }

        intent.ActionAddress = null;
        var failure = succeeds ? PaymentMethods.Find(intent.PaymentMethod!)!.Failure : PaymentMethods.NotAuthenticated;
        if (failure is null)
        {
            Charge(intent, null);
        }
        else
        {
            Decline(intent, failure);
        }

        return true;
    }

    public void Cancel(PaymentIntent intent, string? reason)
    {
        if (intent.Status is IntentStatus.Succeeded or IntentStatus.Canceled)
        {
            throw Unexpected(intent, "canceled");
        }

        intent.Status = IntentStatus.Canceled;
        intent.Capturable = 0;
        intent.ActionAddress = null;
        intent.CanceledAt = Now;
        intent.CancellationReason = reason;
        Raise("payment_intent.canceled", intent);
    }

    private void Charge(PaymentIntent intent, CardFailure? failure)
    {
        if (failure is not null)
        {
            throw Decline(intent, failure);
        }

        var charge = NewCharge(intent, null);
        intent.Capturable = intent.Amount;
        if (intent.CaptureMethod == "manual")
        {
            intent.Status = IntentStatus.RequiresCapture;
            events.Raise("charge.succeeded", WireFormat.Of(charge));
            Raise("payment_intent.amount_capturable_updated", intent);
        }
        else
        {
            Take(intent, charge, intent.Amount);
            End(intent);
            events.Raise("charge.succeeded", WireFormat.Of(charge));
            Raise("payment_intent.succeeded", intent);
        }
    }

    private RequestFailure Decline(PaymentIntent intent, CardFailure failure)
    {
        var charge = NewCharge(intent, failure.Code);
        intent.Status = IntentStatus.RequiresPaymentMethod;
        intent.LastError = failure;
        events.Raise("charge.failed", WireFormat.Of(charge));
        Raise("payment_intent.payment_failed", intent);
        return RequestFailure.Card(failure.Code, failure.DeclineCode, failure.Message, WireFormat.Of(intent, this));
    }

    private Charge NewCharge(PaymentIntent intent, string? failureCode)
    {
        var charge = new Charge
        {
            Id = NewId("ch_"),
            Created = Now,
            IntentId = intent.Id,
            Amount = intent.Amount,
            Currency = intent.Currency,
            PaymentMethod = intent.PaymentMethod!,
            Multicapture = intent.Multicapture,
            Metadata = intent.Metadata,
            FailureCode = failureCode,
        };
        Charges.Add(charge);
        intent.ChargeId = charge.Id;
        return charge;
    }

    private static CardBehaviour? CheckMethod(string? method) =>
        method is null ? null : PaymentMethods.Find(method) ?? throw RequestFailure.Invalid(400, "resource_missing", $"There is no payment method '{method}'.", "payment_method");

    private RequestFailure Unexpected(PaymentIntent intent, string what) => RequestFailure.Invalid(
        400, "payment_intent_unexpected_state", $"'{intent.Id}' cannot be {what}: its status is {intent.Status}.", null, WireFormat.Of(intent, this));

    private void Raise(string type, PaymentIntent intent) => events.Raise(type, WireFormat.Of(intent, this));
}
