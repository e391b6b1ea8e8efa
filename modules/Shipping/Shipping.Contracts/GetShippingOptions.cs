using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Shipping.Contracts;

/// <summary>How goods can be delivered to an address, and for how much before discounts. Empty when nothing is delivered there.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Region">The second part of an ISO 3166-2 code, where there is one.</param>
/// <param name="PostalCode">As written.</param>
/// <param name="ItemsTotal">What the goods cost after discounts; its currency is the currency of the answers.</param>
/// <param name="WeightGrams">What they weigh; 0 when unknown.</param>
public sealed record GetShippingOptions(string Country, string? Region, string? PostalCode, Money ItemsTotal, int WeightGrams) : IQuery<IReadOnlyList<ShippingOption>>;

/// <summary>One way to deliver.</summary>
/// <param name="Method">The shipping method's code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Kind"><c>delivery</c> or <c>pickup</c>.</param>
/// <param name="Price">What it costs, with or without tax as item prices are.</param>
/// <param name="EarliestDays">How many days it takes at least; null when nobody says.</param>
/// <param name="LatestDays">How many days it takes at most; null when nobody says.</param>
/// <param name="Reason">How the price came about, in a sentence: <c>Free from 50.00 EUR.</c></param>
/// <param name="NeedsPickupPoint">Whether the goods are brought to a pickup point, which the customer has to choose.</param>
public sealed record ShippingOption(
    string Method, string Title, string Kind, Money Price, int? EarliestDays, int? LatestDays, string Reason, bool NeedsPickupPoint = false);

/// <summary>A postal address.</summary>
/// <param name="Name">Who receives it; 1 to 200 characters.</param>
/// <param name="Line1">Street and number; 1 to 200 characters.</param>
/// <param name="City">1 to 100 characters.</param>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="PostalCode">Where the country has them; at most 20 characters.</param>
/// <param name="Region">The second part of an ISO 3166-2 code, where there is one.</param>
/// <param name="Line2">What does not fit into the first line; at most 200 characters.</param>
/// <param name="Company">At most 200 characters.</param>
/// <param name="Phone">At most 50 characters.</param>
public sealed record PostalAddress(
    string Name, string Line1, string City, string Country, string? PostalCode = null, string? Region = null, string? Line2 = null, string? Company = null, string? Phone = null);
