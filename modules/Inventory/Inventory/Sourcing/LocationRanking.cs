using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;

namespace ModularMonolith.Inventory.Sourcing;

/// <summary>The order in which locations are asked for stock.</summary>
internal static class LocationRanking
{
    private const int ShortestPrefix = 2;
    private const double EarthRadiusKilometres = 6_371.0088;

    /// <summary>
    /// The codes of the locations that orders may take from. By nearness: those of the destination's country first, of these the ones whose postal code begins like the
    /// destination's (by two characters or more, the longest first), then those of its region, then by distance; what is left is decided by priority and code. The distance
    /// is from the destination when its coordinates are known, else from the best of the others that has coordinates: the point that we know to be nearest to it.
    /// </summary>
    public static IReadOnlyList<string> Rank(IReadOnlyList<Location> locations, SourcingStrategy strategy, StockDestination? destination)
    {
        var byPriority = locations.Where(static location => location.IsSource)
            .OrderBy(static location => location.Priority).ThenBy(static location => location.Id, StringComparer.Ordinal);
        if (strategy == SourcingStrategy.Priority || destination is null)
        {
            return [.. byPriority.Select(static location => location.Id)];
        }

        var matched = byPriority.Select(location => (Location: location, Match: Match(location, destination))).OrderByDescending(static pair => pair.Match).ToList();
        var origin = destination is { Latitude: { } latitude, Longitude: { } longitude }
            ? (latitude, longitude)
            : matched.Where(static pair => pair.Match.IsSameCountry).Select(static pair => PlaceOf(pair.Location)).FirstOrDefault(static place => place is not null);
        return [.. matched.OrderByDescending(static pair => pair.Match).ThenBy(pair => Distance(origin, PlaceOf(pair.Location))).Select(static pair => pair.Location.Id)];
    }

    /// <summary>The great-circle distance of two places in kilometres, by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984), on a sphere with the Earth's mean radius.</summary>
    public static double Kilometres((double Latitude, double Longitude) from, (double Latitude, double Longitude) to)
    {
        var latitude = double.DegreesToRadians(to.Latitude - from.Latitude);
        var longitude = double.DegreesToRadians(to.Longitude - from.Longitude);
        var haversine = Square(Math.Sin(latitude / 2))
            + (Math.Cos(double.DegreesToRadians(from.Latitude)) * Math.Cos(double.DegreesToRadians(to.Latitude)) * Square(Math.Sin(longitude / 2)));
        // Rounding may lift opposite points of the globe above 1.
        return 2 * EarthRadiusKilometres * Math.Asin(Math.Sqrt(Math.Min(1, haversine)));
    }

    private static double Distance((double Latitude, double Longitude)? origin, (double Latitude, double Longitude)? place) =>
        origin is { } from && place is { } to ? Kilometres(from, to) : double.PositiveInfinity;

    private static (double Latitude, double Longitude)? PlaceOf(Location location) =>
        location is { Latitude: { } latitude, Longitude: { } longitude } ? (latitude, longitude) : null;

    private static Nearness Match(Location location, StockDestination destination)
    {
        if (!string.Equals(location.Country, destination.Country, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var prefix = CommonPrefix(location.PostalCode, destination.PostalCode);
        return new Nearness(
            true, prefix >= ShortestPrefix ? prefix : 0, location.Region is not null && string.Equals(location.Region, destination.Region, StringComparison.OrdinalIgnoreCase));
    }

    private static int CommonPrefix(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return 0;
        }

        var (one, other) = (Significant(left), Significant(right));
        return one.Zip(other).TakeWhile(static pair => pair.First == pair.Second).Count();
    }

    private static IEnumerable<char> Significant(string postalCode) => postalCode.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant);

    private static double Square(double value) => value * value;

    private readonly record struct Nearness(bool IsSameCountry, int PostalPrefix, bool IsSameRegion) : IComparable<Nearness>
    {
        public int CompareTo(Nearness other) => (IsSameCountry, PostalPrefix, IsSameRegion).CompareTo((other.IsSameCountry, other.PostalPrefix, other.IsSameRegion));
    }
}
