using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering;

/// <summary>The refusals that clients of Ordering can tell apart.</summary>
internal static class OrderingProblems
{
    public static readonly ProblemType BasketNotOrderable = new("basket-not-orderable", 409, "The basket cannot be ordered as it is.",
        "The basket is empty, or lines has the lines that are not sold any more and why. Change the basket and start the checkout again.");

    public static readonly ProblemType BasketOrdered = new("basket-ordered", 409, "The basket was ordered already.",
        "An order was made of this basket; orderId names it. Fill a new basket to order again.");

    public static readonly ProblemType StockShort = new("stock-short", 409, "There is not enough stock.",
        "Each entry of lines names a SKU with the quantity that was requested and the quantity that is available. Nothing was reserved. Change the basket and start the checkout again.");

    public static readonly ProblemType CheckoutExpired = new("checkout-expired", 409, "The checkout has expired.",
        "A checkout keeps its stock until expiresAt. Start a new checkout from the same basket.");

    public static readonly ProblemType CheckoutOrdered = new("checkout-ordered", 409, "The checkout was ordered already.",
        "An order was made of this checkout with another Idempotency-Key; orderId names it. To order the same again, start from a new basket.");

    public static readonly ProblemType PriceChanged = new("price-changed", 409, "The total is not the one that you expect.",
        "currentTotal is the total at the prices of this moment, expectedTotal the one of the request, and lines has the lines whose price has changed since the checkout. Show the new total to the customer and order again with it.");

    public static readonly ProblemType LinesUnavailable = new("lines-unavailable", 409, "Some lines are not sold any more.",
        "lines has the lines that were taken out of sale, or are priced in another currency, since the checkout. Remove them from the basket and start a new checkout.");
}
