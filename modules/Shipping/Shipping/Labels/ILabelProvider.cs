using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Labels;

/// <summary>A carrier, or somebody who speaks to carriers, that makes labels.</summary>
internal interface ILabelProvider
{
    /// <summary>Makes a label. The same key gets the same label, however often it is asked for.</summary>
    /// <param name="request">For what.</param>
    /// <param name="cancellationToken">Ends the waiting; whether the label was made is then unknown, and it is asked for again.</param>
    /// <returns>The label.</returns>
    /// <exception cref="LabelRefusedException">It will not be made, however often it is asked for.</exception>
    Task<MadeLabel> MakeAsync(LabelRequest request, CancellationToken cancellationToken);
}

/// <summary>What a label is asked for with.</summary>
/// <param name="Key">One label for each: the shipment and the number of its label.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="Method">The shipping method.</param>
/// <param name="Address">Where to.</param>
/// <param name="Parcels">What the carrier gets.</param>
/// <param name="PickupPoint">The pickup point that it is brought to; null when it is brought to the customer.</param>
internal sealed record LabelRequest(string Key, Guid ShipmentId, string Method, PostalAddress Address, IReadOnlyList<Parcel> Parcels, ChosenPickupPoint? PickupPoint);

/// <summary>A label.</summary>
/// <param name="Carrier">Who brings the shipment.</param>
/// <param name="TrackingNumber">The carrier's number; unique.</param>
/// <param name="MediaType">What <paramref name="Content"/> is.</param>
/// <param name="Content">The label to be printed.</param>
internal sealed record MadeLabel(string Carrier, string TrackingNumber, string MediaType, string Content);

/// <summary>The carrier will not make this label; the message is for the staff.</summary>
internal sealed class LabelRefusedException(string message) : Exception(message);
