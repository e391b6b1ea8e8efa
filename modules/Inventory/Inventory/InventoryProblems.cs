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

    public static readonly ProblemType ReservationEnded = new("reservation-ended", 409, "The reservation is over.",
        "It expired, was released or was returned, or its id stands for other lines. Reserve again under a new id.");
}
