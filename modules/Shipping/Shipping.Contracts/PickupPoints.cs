using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Shipping.Contracts;

/// <summary>The pickup points that goods for an address can be brought to, the nearest first: in its country, by how many characters of the postal code are the same, then by region.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Region">The second part of an ISO 3166-2 code, where there is one.</param>
/// <param name="PostalCode">As written.</param>
/// <param name="ItemsTotal">What the goods cost after discounts.</param>
/// <param name="WeightGrams">What they weigh; 0 when unknown.</param>
/// <param name="Method">The shipping method; null for all that are offered to the address.</param>
/// <param name="Limit">How many at most; 1 to 100.</param>
public sealed record FindPickupPoints(string Country, string? Region, string? PostalCode, Money ItemsTotal, int WeightGrams, string? Method, int Limit)
    : IQuery<IReadOnlyList<PickupPointOption>>;

/// <summary>A pickup point that can be chosen.</summary>
/// <param name="Code">Its code, by which it is chosen.</param>
/// <param name="Title">Its title.</param>
/// <param name="Address">Where it is.</param>
/// <param name="OpeningHours">When it is open, in words.</param>
/// <param name="KeptDays">For how many days a parcel is kept there.</param>
/// <param name="Methods">The shipping methods that bring goods there, by code.</param>
public sealed record PickupPointOption(string Code, string Title, PostalAddress Address, string? OpeningHours, int KeptDays, IReadOnlyList<string> Methods);

/// <summary>Whether goods can be brought to a pickup point by a shipping method, and where that is.</summary>
/// <param name="Code">The pickup point.</param>
/// <param name="Method">The shipping method.</param>
/// <param name="Country">The country of the customer's address; a point is chosen in it, ISO 3166-1 alpha-2.</param>
/// <param name="WeightGrams">What the goods weigh; 0 when unknown.</param>
public sealed record ChoosePickupPoint(string Code, string Method, string Country, int WeightGrams) : IQuery<PickupPointChoice>;

/// <summary>The answer to <see cref="ChoosePickupPoint"/>: one of the two.</summary>
/// <param name="Point">The pickup point.</param>
/// <param name="Problem">Why it cannot be chosen, in a sentence.</param>
public sealed record PickupPointChoice(ChosenPickupPoint? Point, string? Problem);

/// <summary>A pickup point as it was when it was chosen. Whoever has chosen it keeps it, whatever becomes of the point.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Address">Where it is.</param>
/// <param name="OpeningHours">When it is open, in words.</param>
/// <param name="KeptDays">For how many days a parcel is kept there; then it goes back.</param>
public sealed record ChosenPickupPoint(string Code, string Title, PostalAddress Address, string? OpeningHours, int KeptDays);
