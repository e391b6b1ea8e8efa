using System.Collections.Frozen;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Rates;

/// <summary>Zones, methods and pickup points of one moment, and what follows from them.</summary>
internal sealed class ShippingRates
{
    private const string Anywhere = "";

    private readonly FrozenDictionary<string, IReadOnlyList<(Area Area, string Zone)>> _areas;
    private readonly ILookup<string, ShippingMethod> _methods;

    public ShippingRates(IReadOnlyList<Zone> zones, IReadOnlyList<ShippingMethod> methods, IReadOnlyList<PickupPoint> pickupPoints)
    {
        Zones = [.. zones.OrderBy(static zone => zone.Id, StringComparer.Ordinal)];
        Methods = [.. methods.OrderBy(static method => method.Id, StringComparer.Ordinal)];
        PickupPoints = [.. pickupPoints.OrderBy(static point => point.Id, StringComparer.Ordinal)];
        _areas = zones.SelectMany(static zone => zone.Areas, static (zone, area) => (Area: area, Zone: zone.Id))
            .GroupBy(static pair => pair.Area.Country ?? Anywhere, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => (IReadOnlyList<(Area Area, string Zone)>)[.. group], StringComparer.Ordinal);
        _methods = methods.Where(static method => method.Content.IsActive).ToLookup(static method => method.Content.Zone, StringComparer.Ordinal);
    }

    /// <summary>All zones by code.</summary>
    public IReadOnlyList<Zone> Zones { get; }

    /// <summary>All methods by code.</summary>
    public IReadOnlyList<ShippingMethod> Methods { get; }

    /// <summary>All pickup points by code.</summary>
    public IReadOnlyList<PickupPoint> PickupPoints { get; }

    /// <summary>The zone that describes an address most closely; of several that do so equally the first by code.</summary>
    /// <returns>Its code; null when the address lies in none.</returns>
    public string? ZoneOf(string country, string? region, string? postalCode)
    {
        var plain = PostalCodePattern.Plain(postalCode);
        (int Closeness, string Zone)? best = null;
        foreach (var (area, zone) in In(country).Concat(In(Anywhere)))
        {
            if (area.Closeness(region, plain) is { } closeness
                && (best is not { } found || closeness > found.Closeness || (closeness == found.Closeness && string.CompareOrdinal(zone, found.Zone) < 0)))
            {
                best = (closeness, zone);
            }
        }

        return best?.Zone;
    }

    /// <summary>How goods can be delivered, the cheapest way first.</summary>
    public IReadOnlyList<ShippingOption> OptionsFor(GetShippingOptions request) => ZoneOf(request.Country, request.Region, request.PostalCode) is { } zone
        ? [.. _methods[zone].Select(method => OptionOf(method, request.ItemsTotal, request.WeightGrams)).OfType<ShippingOption>()
            .OrderBy(static option => option.Price.Amount).ThenBy(static option => option.Method, StringComparer.Ordinal)]
        : [];

    /// <summary>Where goods can be brought for an address, the nearest first.</summary>
    public IReadOnlyList<PickupPointOption> PointsFor(FindPickupPoints request)
    {
        var methods = OptionsFor(new GetShippingOptions(request.Country, request.Region, request.PostalCode, request.ItemsTotal, request.WeightGrams))
            .Where(option => option.NeedsPickupPoint && (request.Method is null || option.Method == request.Method)).Select(static option => option.Method).ToList();
        var plain = PostalCodePattern.Plain(request.PostalCode);
        return
        [
            .. PickupPoints.Where(point => point.Content.IsActive && point.Content.Address.Country == request.Country && point.Takes(request.WeightGrams))
                .Select(point => (Content: point.Content, Code: point.Id, Methods: methods.FindAll(point.IsServedBy)))
                .Where(static point => point.Methods.Count > 0)
                .OrderByDescending(point => PostalCodePattern.Plain(point.Content.Address.PostalCode).Zip(plain).TakeWhile(static pair => pair.First == pair.Second).Count())
                .ThenByDescending(point => request.Region is not null && point.Content.Address.Region == request.Region)
                .Take(request.Limit)
                .Select(static point => new PickupPointOption(
                    point.Code, point.Content.Title, point.Content.Address, point.Content.OpeningHours, point.Content.KeptDays, point.Methods)),
        ];
    }

    /// <summary>The pickup point that somebody has chosen, or why it cannot be.</summary>
    public PickupPointChoice Choose(ChoosePickupPoint request)
    {
        var point = PickupPoints.FirstOrDefault(point => point.Id == request.Code);
        var method = Methods.FirstOrDefault(method => method.Id == request.Method);
        var problem = (point, method) switch
        {
            (null, _) => $"There is no pickup point '{request.Code}'.",
            (_, not { Content: { IsActive: true, NeedsPickupPoint: true } }) => $"'{request.Method}' does not bring goods to pickup points.",
            ({ Content.IsActive: false }, _) => $"The pickup point '{request.Code}' takes no goods at the moment.",
            _ when !point.IsServedBy(request.Method) => $"'{request.Method}' does not bring goods to the pickup point '{request.Code}'.",
            _ when point.Content.Address.Country != request.Country => $"The pickup point '{request.Code}' is in {point.Content.Address.Country}, and the address is in {request.Country}.",
            _ when !point.Takes(request.WeightGrams) => $"The goods weigh {request.WeightGrams} g, and the pickup point '{request.Code}' takes {point.Content.MaximumWeightGrams} g at most.",
            _ => null,
        };
        return problem is null
            ? new PickupPointChoice(new ChosenPickupPoint(point!.Id, point.Content.Title, point.Content.Address, point.Content.OpeningHours, point.Content.KeptDays), null)
            : new PickupPointChoice(null, problem);
    }

    private static ShippingOption? OptionOf(ShippingMethod method, Money total, int weightGrams)
    {
        var content = method.Content;
        if (weightGrams > content.MaximumWeightGrams
            || content.Rates.FirstOrDefault(rate => rate.Currency() == total.Currency)?.PriceOf(total, weightGrams) is not var (price, reason))
        {
            return null;
        }

        return new ShippingOption(method.Id, content.Title, Words.Of(content.Kind), price, content.EarliestDays, content.LatestDays, reason, content.NeedsPickupPoint);
    }

    private IReadOnlyList<(Area Area, string Zone)> In(string country) => _areas.GetValueOrDefault(country, []);
}
