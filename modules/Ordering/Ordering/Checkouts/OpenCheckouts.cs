using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Checkouts;

/// <summary>The rule that only what is open can be changed and ordered.</summary>
internal static class OpenCheckouts
{
    /// <exception cref="ProblemException">409 saying what the checkout is instead.</exception>
    public static void RefuseUnlessOpen(this Checkout checkout, DateTimeOffset now)
    {
        switch (checkout.StatusAt(now))
        {
            case CheckoutStatus.Ordered:
                throw Ordered(checkout.OrderId!.Value);
            case CheckoutStatus.Cancelled:
                throw new ProblemException(ProblemTypes.IllegalState, "The checkout was given up. Start a new checkout from the basket.").With("state", checkout.Status);
            case CheckoutStatus.Expired:
                throw Expired(checkout);
            default:
                return;
        }
    }

    public static ProblemException Ordered(Guid orderId) =>
        new ProblemException(OrderingProblems.CheckoutOrdered, $"Order {orderId} was made of this checkout.").With("orderId", orderId);

    public static ProblemException Expired(Checkout checkout) =>
        new ProblemException(OrderingProblems.CheckoutExpired, "The stock of the checkout is not reserved any more. Start a new checkout from the basket.")
            .With("expiresAt", checkout.ExpiresAt);
}
