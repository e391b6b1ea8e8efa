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

    public static readonly ProblemType DiscountsUnavailable = new("discounts-unavailable", 409, "A discount is not to be had any more.",
        "coupons has the codes that counted in the checkout and do not any more, and why. Show the customer the new total: take the codes out of the checkout, or order again with currentTotal.");

    public static readonly ProblemType ShippingAddressRequired = new("shipping-address-required", 409, "The checkout has no shipping address.",
        "How something is delivered, and for how much, depends on the address. Change the checkout to have a shippingAddress first.");

    public static readonly ProblemType ShippingMethodRequired = new("shipping-method-required", 409, "The checkout has no shipping method.",
        "A checkout with an address is delivered, so it needs one of its shipping options as shippingMethod. Change the checkout and order again.");

    public static readonly ProblemType PickupPointRequired = new("pickup-point-required", 409, "The checkout has no pickup point.",
        "The shipping method brings the goods to a pickup point, where the customer fetches them. Change the checkout to have one of its pickupPoints and order again.");

    public static readonly ProblemType PickupPointUnavailable = new("pickup-point-unavailable", 409, "The goods cannot be brought to the pickup point.",
        "There is no such point, it takes nothing at the moment, the shipping method does not go there, or the goods are too heavy for it; the detail says which. Change the checkout to another of its pickup points.");

    public static readonly ProblemType ShippingUnavailable = new("shipping-unavailable", 409, "The shipping method does not deliver this.",
        "The method is not offered for the address, the weight or the amount. shippingMethods has those that are. Change the checkout to one of them.");

    public static readonly ProblemType GiftCardUnusable = new("gift-card-unusable", 409, "The gift card cannot be used for this.",
        "There is no gift card with the code, it has ended, is in another currency or has less on it. Nothing was ordered. Pay with another card, or with a smaller amount of this one.");

    public static readonly ProblemType TendersMismatch = new("tenders-mismatch", 409, "The tenders do not make up the total.",
        "The amounts of the tenders have to make up the total of the order. Give the amounts anew, or leave the amount of one card out: it then pays what the others leave.");

    public static readonly ProblemType LinesNotOpen = new("lines-not-open", 409, "Some of it cannot be cancelled any more.",
        "lines names each variant with the quantity that was asked for and the quantity that is open: neither cancelled nor packed. Cancel at most that, and return the rest when it is there.");

    public static readonly ProblemType StockNotTaken = new("stock-not-taken", 409, "The warehouse has not got the goods ready yet.",
        "A part of an order can be cancelled when the warehouse has taken its goods from the shelf, which is a moment after the order. The whole order can be cancelled at once.");

    public static readonly ProblemType AddressChangesPrice = new("address-changes-price", 409, "The address would change the price.",
        "Tax and shipping depend on the country and the region, and the order has its price. Cancel it and order again to have it delivered elsewhere.");

    public static readonly ProblemType RefundTooHigh = new("refund-too-high", 409, "It is more than can be given back.",
        "refundable is what was invoiced less what was given back or is about to be. Give back at most that.");

    public static readonly ProblemType ReplacementPacked = new("replacement-packed", 409, "What is sent again is packed already.",
        "Goods that are sent again can be called off until the first of them is packed. Should both parcels arrive, the customer can return the goods of one.");

    public static readonly ProblemType ParcelSettled = new("parcel-settled", 409, "It was decided before what the customer gets for the shipment.",
        "settlement says whether its goods are sent again or paid back. Only one of the two is possible. Goods that cannot be sent again for want of stock can be paid back.");

    public static readonly ProblemType MoreThanSent = new("more-than-sent", 409, "More was received than was sent.",
        "Each entry of lines names a variant with the quantity that was received and the quantity of the shipment.");
}
