using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>The failures that only baskets have.</summary>
internal static class BasketProblems
{
    public static readonly ProblemType BasketOrdered = new("basket-ordered", 404, "The basket was ordered.",
        "An order was made of the basket, which closed it. The member orderId names the order. Create a new basket for what comes next.");

    public static readonly ProblemType BasketFull = new("basket-full", 409, "The basket has no room for another line.",
        "A basket has at most 100 lines. Remove a line first, or put the rest into a second basket.");

    public static readonly ProblemType QuantityLimit = new("quantity-limit", 409, "The line would have too many pieces.",
        "A line has at most 999 pieces. The member inBasket says how many it has already.");

    public static readonly ProblemType UnknownVariant = new("unknown-variant", 404, "There is no such variant.",
        "The catalogue has no variant with this id or SKU; it may have been removed. Search the catalogue for what is sold now.");

    public static readonly ProblemType VariantUnpublished = new("variant-unpublished", 409, "The variant is not sold at the moment.",
        "The product exists but is not published, so it cannot be ordered. Remove the line, or try again when it is published.");

    public static readonly ProblemType NotEnoughStock = new("not-enough-stock", 409, "There is less in stock than asked for.",
        "The member available says how many pieces can be ordered now, those that are in the basket included. Ask for at most that many.");

    public static readonly ProblemType CurrencyMismatch = new("currency-mismatch", 409, "The lines are priced in different currencies.",
        "An order has one currency, that of the basket's first line. Put what is priced in another one into a basket of its own.");
}
