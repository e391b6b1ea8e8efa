using System.Globalization;
using System.Text.Json;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Stripe;

/// <summary>
/// Cards through Stripe's PaymentIntents with manual capture. Several captures of one intent are asked for (<c>request_multicapture</c>); where the account or the card does not have them, the
/// intent is captured once, Stripe gives back the rest, and later captures are charged anew without the customer.
/// </summary>
internal sealed class StripeProvider(StripeClient client, StripeSettings settings, TimeProvider time) : IPaymentProvider
{
    private const int PageSize = 100;

    /// <summary>How long Stripe holds a card's money unless it says otherwise.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromDays(7);

    /// <summary>How long something may be sent again under its key; Stripe may forget the key after a day.</summary>
    internal static readonly TimeSpan LifeOfKeys = TimeSpan.FromHours(23);

    private static readonly WasRefused ImpossibleAmount = new("impossible-amount", "The provider cannot move this amount in this currency.");

    private readonly StripeSearch _search = new(client);

    public string Name => PaymentsSettings.StripeName;

    public Task<ProviderOutcome> AuthoriseAsync(ProviderOperation operation, CancellationToken cancellationToken) => CreateAsync(operation, isCharge: false, cancellationToken);

    public Task<ProviderOutcome> ChargeAsync(ProviderOperation operation, CancellationToken cancellationToken) => CreateAsync(operation, isCharge: true, cancellationToken);

    public async Task<ProviderOutcome> RetrieveAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        var found = await client.GetAsync<StripeIntent>(PathOf(operation), cancellationToken);
        return found.Answer is not { } intent ? found.Failure!
            : intent.Status == "requires_action" && operation.Kind == OperationKind.Check ? new IsUndecided(intent.Id)
            : OutcomeOf(intent, isCharge: operation.Kind == OperationKind.Charge);
    }

    public async Task<ProviderOutcome> CaptureAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        if (!StripeAmounts.TryConvert(operation.Amount, out var amount))
        {
            return ImpossibleAmount;
        }

        var form = Form(operation, ("amount_to_capture", Text(amount)), ("expand[]", "latest_charge"));
        if (!operation.IsFinal)
        {
            form.Add(new("final_capture", "false"));
        }

        if (IsKeyOver(operation))
        {
            var asked = await client.GetAsync<StripeIntent>(PathOf(operation), cancellationToken);
            if (asked.Answer is not { } before || HasTaken(before, operation, amount))
            {
                return asked.Answer is { } taken ? new WasCaptured(taken.Id, ReferenceOf(taken)) : asked.Failure!;
            }
        }

        var captured = await client.PostAsync<StripeIntent>($"/v1/payment_intents/{Uri.EscapeDataString(operation.Intent!)}/capture", operation.Id.ToString(), form, cancellationToken);
        return captured.Answer is { } intent ? new WasCaptured(intent.Id, ReferenceOf(intent)) : await AskAfterCaptureAsync(operation, captured, amount, cancellationToken);
    }

    public async Task<ProviderOutcome> CancelAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        var cancelled = await client.PostAsync<StripeIntent>($"/v1/payment_intents/{Uri.EscapeDataString(operation.Intent!)}/cancel", operation.Id.ToString(), [], cancellationToken);
        if (cancelled.Answer is not null)
        {
            return new WasCancelled();
        }

        if (cancelled.Failure is WasNotDone)
        {
            return cancelled.Failure;
        }

        var now = cancelled.Error?.PaymentIntent ?? (await client.GetAsync<StripeIntent>($"/v1/payment_intents/{Uri.EscapeDataString(operation.Intent!)}", cancellationToken)).Answer;
        return now switch
        {
            null => cancelled.Failure!,
            { Status: "canceled" } => new WasCancelled(),
            { Status: "succeeded" } => AfterAll(operation, now),
            _ => cancelled.Failure is IsUnknown ? cancelled.Failure : new IsUnknown($"The intent is {now.Status} and cannot be cancelled."),
        };
    }

    // A payment that was given up, or is charged too much, has been taken all the same.
    private static ProviderOutcome AfterAll(ProviderOperation operation, StripeIntent intent) =>
        StripeAmounts.Read(intent.AmountReceived, operation.Amount.Currency).Amount - operation.Amount.Amount is > 0 and var surplus ? new WasTaken(ReferenceOf(intent), surplus) : new WasCancelled();

    public async Task<ProviderOutcome> RefundAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        if (!StripeAmounts.TryConvert(operation.Amount, out var amount))
        {
            return ImpossibleAmount;
        }

        if (IsKeyOver(operation))
        {
            var before = await _search.FindRefundAsync(operation, cancellationToken);
            if ((before.Answer is { } earlier ? OutcomeOf(earlier) : before.Failure) is { } known)
            {
                return known;
            }
        }

        var refunded = await client.PostAsync<StripeRefund>("/v1/refunds", operation.Id.ToString(), Form(operation, ("payment_intent", operation.Intent!), ("amount", Text(amount))), cancellationToken);
        if (refunded is { Answer: null, IsReplayedFault: true })
        {
            return (await _search.FindRefundAsync(operation, cancellationToken)).Answer is { } made ? OutcomeOf(made) : refunded.Failure!;
        }

        return refunded.Answer is { } refund ? OutcomeOf(refund) : refunded.Failure!;
    }

    public async Task<ProviderOutcome> RetrieveRefundAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        var found = await client.GetAsync<StripeRefund>($"/v1/refunds/{Uri.EscapeDataString(operation.Refund!)}", cancellationToken);
        return found.Answer is not { } refund
            // Stripe knows every refund that it has made, so it has not understood the question.
            ? found.Failure is WasRefused ? new IsUnknown("The provider does not know the refund.") : found.Failure!
            : OutcomeOf(refund) is IsOnItsWay ? new IsUndecided(operation.Intent!) : OutcomeOf(refund);
    }

    public async Task<ProviderTransactionPage> ReportAsync(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken cancellationToken)
    {
        var start = after is null ? string.Empty : "&starting_after=" + Uri.EscapeDataString(after);
        var page = await client.GetAsync<StripeList<StripeBalanceTransaction>>(
            $"/v1/balance_transactions?created%5Bgte%5D={from.ToUnixTimeSeconds()}&created%5Blt%5D={to.ToUnixTimeSeconds()}&limit={PageSize}{start}", cancellationToken);
        return page.Answer is { } list
            ? new ProviderTransactionPage(Name, [.. list.Data.Select(TransactionOf)], list.HasMore && list.Data.Count > 0 ? list.Data[^1].Id : null)
            : throw new TimeoutException("The payment provider has not answered with its report.");
    }

    private async Task<ProviderOutcome> CreateAsync(ProviderOperation operation, bool isCharge, CancellationToken cancellationToken)
    {
        if (!StripeAmounts.TryConvert(operation.Amount, out var amount))
        {
            return ImpossibleAmount;
        }

        var form = Form(
            operation, ("amount", Text(amount)), ("currency", operation.Amount.Currency.ToLowerInvariant()), ("payment_method", operation.Token), ("payment_method_types[]", "card"), ("confirm", "true"),
            ("capture_method", isCharge ? "automatic" : "manual"), ("expand[]", "latest_charge"));
        if (isCharge)
        {
            form.Add(new("off_session", "true"));
        }
        else
        {
            form.Add(new("payment_method_options[card][request_multicapture]", "if_available"));
            if (settings.ReturnUrl is { } url)
            {
                form.Add(new("return_url", url));
            }
        }

        if (IsKeyOver(operation))
        {
            return await _search.FindIntentAsync(operation, cancellationToken) is { } before ? OutcomeOf(before, isCharge) : new IsUnknown("It may have been done too long ago to be sent again, and is not found.");
        }

        var created = await client.PostAsync<StripeIntent>("/v1/payment_intents", operation.Id.ToString(), form, cancellationToken);
        if (created is { Answer: null, IsReplayedFault: true })
        {
            return await _search.FindIntentAsync(operation, cancellationToken) is { } found ? OutcomeOf(found, isCharge) : created.Failure!;
        }

        return created.Answer is { } intent ? OutcomeOf(intent, isCharge) : created.Failure!;
    }

    private ProviderOutcome OutcomeOf(StripeIntent intent, bool isCharge) => intent.Status switch
    {
        "succeeded" when isCharge => new WasCaptured(intent.Id, ReferenceOf(intent)),
        "requires_capture" or "succeeded" => new WasAuthorised(intent.Id, ValidUntil(intent), intent.LatestCharge is { CanCaptureAgain: true }),
        "requires_action" when !isCharge && intent.NextAction?.RedirectToUrl?.Url is { } url => new NeedsAction(intent.Id, url),
        "processing" => new IsUndecided(intent.Id),
        "canceled" => new WasRefused("cancelled", "The payment was cancelled at the provider."),
        "requires_action" => Declines.Of("authentication_required", null, intent.Id),
        _ => Declines.Of(intent.LastPaymentError?.Code, intent.LastPaymentError?.DeclineCode, intent.Id),
    };

    private static ProviderOutcome OutcomeOf(StripeRefund refund) => refund.Status switch
    {
        "failed" or "canceled" => new WasRefused("refund-refused", "The bank does not take the money back."),
        "pending" or "requires_action" => new IsOnItsWay(refund.Id, refund.BalanceTransaction is { ValueKind: JsonValueKind.String or JsonValueKind.Object }),
        _ => new WasRefunded(refund.Id),
    };

    // The capture may have been made although its answer says something else: an answer that was lost, and a repetition that meets the intent in its new state.
    private async Task<ProviderOutcome> AskAfterCaptureAsync(ProviderOperation operation, StripeAnswer<StripeIntent> captured, long amount, CancellationToken cancellationToken)
    {
        var isUnexpected = captured.Error?.Code == "payment_intent_unexpected_state";
        if (!captured.IsReplayedFault && !isUnexpected)
        {
            return captured.Failure!;
        }

        var found = await client.GetAsync<StripeIntent>(PathOf(operation), cancellationToken);
        return found.Answer is not { } intent ? found.Failure ?? captured.Failure!
            : HasTaken(intent, operation, amount) ? new WasCaptured(intent.Id, ReferenceOf(intent))
            : intent.Status == "canceled" ? new WasRefused("authorisation-ended", "The authorisation is over: it has expired or was cancelled.")
            : isUnexpected ? new WasRefused("capture-refused", "The authorisation cannot be captured.")
            : captured.Failure!;
    }

    private static string PathOf(ProviderOperation operation) => $"/v1/payment_intents/{Uri.EscapeDataString(operation.Intent!)}?expand%5B%5D=latest_charge";

    private static bool HasTaken(StripeIntent intent, ProviderOperation operation, long amount) =>
        StripeAmounts.TryConvert(new Money(operation.Captured, operation.Amount.Currency), out var before) && intent.AmountReceived >= before + amount;

    /// <summary>Stripe may forget a key after a day, and would do what is sent under it a second time.</summary>
    private bool IsKeyOver(ProviderOperation operation) => operation.MayHaveArrived && time.GetUtcNow() - operation.CreatedAt > LifeOfKeys;

    private DateTimeOffset ValidUntil(StripeIntent intent) =>
        intent.LatestCharge?.CaptureBefore is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : time.GetUtcNow() + Validity;

    private static string ReferenceOf(StripeIntent intent) => intent.LatestCharge?.Id ?? intent.Id;

    private static ProviderTransaction TransactionOf(StripeBalanceTransaction transaction) => new(
        transaction.Id,
        transaction.Source ?? transaction.Id,
        transaction.Type switch
        {
            "charge" or "payment" => "capture",
            "refund" or "payment_refund" => "refund",
            var other => other,
        },
        StripeAmounts.Read(transaction.Amount, transaction.Currency),
        StripeAmounts.Read(transaction.Fee, transaction.Currency),
        DateTimeOffset.FromUnixTimeSeconds(transaction.Created));

    private static List<KeyValuePair<string, string>> Form(ProviderOperation operation, params (string Name, string Value)[] fields) =>
    [
        .. fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)),
        new($"metadata[{StripeMetadata.Payment}]", operation.PaymentId.ToString()),
        new($"metadata[{StripeMetadata.Operation}]", operation.Id.ToString()),
        new("metadata[reference]", operation.Reference),
    ];

    private static string Text(long amount) => amount.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What is written beside everything that is made at Stripe, so that webhooks say to what they belong.</summary>
internal static class StripeMetadata
{
    public const string Payment = "payment_id";
    public const string Operation = "operation_id";
}
