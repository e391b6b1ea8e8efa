using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory;

/// <summary>The failures that only Inventory has.</summary>
internal static class InventoryProblems
{
    public static readonly ProblemType InsufficientStock = new("insufficient-stock", 409, "There is not enough stock.",
        "The operation would take more than is available: what is on hand less what is reserved. onHand, reserved and available tell how much there is.");

    public static readonly ProblemType StockLimit = new("stock-limit", 409, "The quantity would be too large.",
        "A stock item holds at most 1,000,000,000 pieces at one location.");

    public static readonly ProblemType UnknownLocation = new("unknown-location", 422, "There is no such location.",
        "The body names a location that was not created. The locations are listed at /api/inventory/locations.");

    public static readonly ProblemType InactiveLocation = new("inactive-location", 409, "The location is not active.",
        "A location that is not active takes nothing in. Make it active, or use another one; the locations are listed at /api/inventory/locations.");

    public static readonly ProblemType CountInProgress = new("count-in-progress", 409, "The SKU is being counted already.",
        "A SKU at a location is part of one open count at most. countId names the count; close or cancel it first.");

    public static readonly ProblemType NotInTransit = new("not-in-transit", 409, "That much is not on its way.",
        "No more can arrive or be lost than was sent and has neither arrived nor been lost yet. open tells how much that is.");

    public static readonly ProblemType ReservationEnded = new("reservation-ended", 409, "The reservation is over.",
        "It expired, was released or was returned, or its id stands for other lines. Reserve again under a new id.");
}
