namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>By what a shipment is found: its id, the customer's token, the carrier's number.</summary>
internal sealed class ShipmentEntry
{
    /// <summary>The shipment.</summary>
    public Guid Id { get; set; }

    public Guid OrderId { get; set; }

    public string Token { get; set; } = string.Empty;

    public string? TrackingNumber { get; set; }
}
