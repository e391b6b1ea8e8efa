using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping;

/// <summary>The refusals that clients of Shipping can tell apart.</summary>
internal static class ShippingProblems
{
    public static readonly ProblemType CodeTaken = new("shipping-code-taken", 409, "The code is taken.",
        "Zones, methods and pickup points are known by their code, each kind for itself. Choose another code, or change the one that has it.");

    public static readonly ProblemType TooMany = new("shipping-too-many", 409, "There are as many as there may be.",
        "Zones, methods and pickup points are kept in memory, so their number is limited; the detail names the limit. Delete one that is not needed first.");

    public static readonly ProblemType UnknownZone = new("shipping-unknown-zone", 409, "The method's zone does not exist.",
        "A method belongs to a zone. Create the zone first, or name one of those at /api/shipping/zones.");

    public static readonly ProblemType ZoneInUse = new("shipping-zone-in-use", 409, "Methods belong to the zone.",
        "methods lists the methods of the zone. Delete them, or move them to another zone, before the zone is deleted.");

    public static readonly ProblemType MoreThanLeft = new("shipping-more-than-left", 409, "More was packed than is left to deliver.",
        "Each entry of lines names a variant with the quantity that was to be packed and the quantity that is left. Nothing was packed. Read the fulfilment again: another packer may have been faster, or less is wanted now.");

    public static readonly ProblemType CarrierSignature = new("shipping-carrier-signature", 400, "The signature of the carrier's message does not hold.",
        "Carrier-Signature is 't=<seconds since 1970>,v1=<hex>' with the HMAC-SHA256 of '<t>.<body>' under the secret that was agreed upon. It is missing, of another secret or another body, or older than 5 minutes.");
}
