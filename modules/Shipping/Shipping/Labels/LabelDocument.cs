namespace ModularMonolith.Shipping.Labels;

/// <summary>A label as it is printed.</summary>
internal sealed class LabelDocument
{
    /// <summary>The shipment.</summary>
    public Guid Id { get; set; }

    public required string MediaType { get; init; }

    public required string Content { get; init; }
}
