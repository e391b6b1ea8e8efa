using ModularMonolith.Platform.Http;

namespace ModularMonolith.Payments;

/// <summary>The failures of this module that clients can tell apart.</summary>
internal static class PaymentsProblems
{
    public static readonly ProblemType WebhookRefused = new("webhook-refused", 400, "The webhook is not signed as it must be.",
        "The signature is missing, was made with another secret, is too old, or belongs to another body. Nothing was done. Check the endpoint's secret and the clock of the sender.");

    public static readonly ProblemType OperationSettled = new("operation-settled", 409, "The outcome of the operation is known.",
        "The provider has answered meanwhile, somebody else has settled the operation, or it is not one of this payment. Read the payment again.");

    public static readonly ProblemType OperationUnderWay = new("operation-under-way", 409, "The provider is being asked at this moment.",
        "What somebody has seen at the provider may be older than what it answers now. Read the payment again in a few seconds; settle the operation if it is still pending.");

    public static readonly ProblemType GiftCardInUse = new("gift-card-in-use", 409, "A payment holds money on the gift card.",
        "An order is being paid with the card. Wait until it is captured or given up, and try again.");
}
