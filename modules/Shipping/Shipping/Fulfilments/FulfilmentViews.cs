using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>A fulfilment as the staff sees it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Method">The shipping method that the customer has chosen.</param>
/// <param name="Address">Where to; null when the customer fetches the goods.</param>
/// <param name="Lines">What is to be delivered.</param>
/// <param name="Shipments">What was packed.</param>
/// <param name="HasDiscrepancy">Whether something that is not wanted any more has left or may leave; each line says how much.</param>
/// <param name="OpenedAt">When it began.</param>
/// <param name="PickupPoint">Where the goods are brought for the customer to fetch them.</param>
internal sealed record FulfilmentView(
    Guid OrderId, FulfilmentStatus Status, string Method, PostalAddress? Address, IReadOnlyList<FulfilmentLineView> Lines, IReadOnlyList<ShipmentView> Shipments,
    bool HasDiscrepancy, DateTimeOffset? OpenedAt, ChosenPickupPoint? PickupPoint)
{
    public static FulfilmentView Of(Fulfilment fulfilment) => new(
        fulfilment.Id, fulfilment.Status, fulfilment.Method, fulfilment.Address, [.. fulfilment.Requested.Zip(fulfilment.Balances, FulfilmentLineView.Of)],
        [.. fulfilment.Shipments.Select(shipment => ShipmentView.Of(fulfilment.Id, shipment))], fulfilment.HasDiscrepancy, fulfilment.OpenedAt,
        fulfilment.PickupPoint);
}

/// <summary>One variant of a fulfilment.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title.</param>
/// <param name="Requested">How many were wanted, with what is sent again or in exchange.</param>
/// <param name="Reduced">How many of them are not wanted any more.</param>
/// <param name="Packed">How many are in shipments.</param>
/// <param name="Left">How many are to be packed.</param>
/// <param name="Discrepancy">How many are packed, not wanted, and cannot be held back any more.</param>
/// <param name="WeightGrams">What one weighs; 0 when unknown.</param>
/// <param name="Sources">From which locations its stock was taken.</param>
internal sealed record FulfilmentLineView(
    Guid VariantId, string Sku, string Title, int Requested, int Reduced, int Packed, int Left, int Discrepancy, int WeightGrams, IReadOnlyList<FulfilmentSource> Sources)
{
    public static FulfilmentLineView Of(FulfilmentLine line, FulfilmentBalance balance) => new(
        line.VariantId, line.Sku, line.Title, balance.Requested, balance.Reduced, balance.Packed, balance.Left, balance.Discrepancy, line.WeightGrams, line.Sources);
}

/// <summary>A shipment as the staff sees it.</summary>
/// <param name="Id">The shipment.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="IsPickup">Whether the customer fetches it.</param>
/// <param name="Location">Where it was packed.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="Parcels">Its parcels.</param>
/// <param name="Carrier">Who brings it.</param>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="TrackingToken">What the customer's tracking page is found by.</param>
/// <param name="LabelProblem">Why it has no label yet.</param>
/// <param name="IsLabelGivenUp">Whether nobody asks for a label any more until the staff does.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Tracking">What the carrier reported, in the order of the reports.</param>
/// <param name="PackedAt">When it was packed.</param>
/// <param name="ReleasedAt">Since when it may leave.</param>
/// <param name="DispatchedAt">When it left or was fetched.</param>
/// <param name="DeliveredAt">When it arrived or was fetched.</param>
/// <param name="CollectBy">Until when it can be fetched from the pickup point.</param>
internal sealed record ShipmentView(
    Guid Id, Guid OrderId, ShipmentStatus Status, bool IsPickup, string? Location, IReadOnlyList<ShipmentLine> Lines, IReadOnlyList<Parcel> Parcels, string? Carrier,
    string? TrackingNumber, string TrackingToken, string? LabelProblem, bool IsLabelGivenUp, string? Reason, IReadOnlyList<TrackingEntry> Tracking, DateTimeOffset PackedAt,
    DateTimeOffset? ReleasedAt, DateTimeOffset? DispatchedAt, DateTimeOffset? DeliveredAt, DateTimeOffset? CollectBy)
{
    public static ShipmentView Of(Guid orderId, Shipment shipment) => new(
        shipment.Id, orderId, shipment.Status, shipment.IsPickup, shipment.Location, shipment.Lines, shipment.Parcels, shipment.Carrier, shipment.TrackingNumber,
        shipment.TrackingToken, shipment.LabelProblem, shipment.IsLabelGivenUp, shipment.Reason, shipment.Tracking, shipment.PackedAt, shipment.ReleasedAt,
        shipment.DispatchedAt, shipment.DeliveredAt, shipment.CollectBy);
}
