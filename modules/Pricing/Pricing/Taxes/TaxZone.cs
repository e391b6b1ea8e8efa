using FluentValidation;
using JasperFx;
using Marten;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.CustomerGroups;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>Where which taxes are due: a country, a region of it, or the addresses whose postal code begins in some way.</summary>
internal sealed record TaxZone : IRevisioned
{
    public const int MaximumCount = 2_000;
    public const int MaximumRates = 100;

    /// <summary>The code by which requests and quotes name it.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    /// <summary>The second part of an ISO 3166-2 code; null for all regions.</summary>
    public string? Region { get; init; }

    /// <summary>What postal codes begin with; null for all.</summary>
    public string? PostalPrefix { get; init; }

    public IReadOnlyList<ZoneRate> Rates { get; init; } = [];

    public int Version { get; set; }

    /// <summary>
    /// The zone that an address lies in: the most specific one, which is the one with the longest postal prefix, then one with a region, then one of the whole country. It names all
    /// taxes that are due there, also those of the country.
    /// </summary>
    public static TaxZone? Of(IReadOnlyList<TaxZone> zones, QuoteDestination destination)
    {
        TaxZone? best = null;
        foreach (var zone in zones)
        {
            if (zone.Covers(destination) && (best is null || zone.Specificity.CompareTo(best.Specificity) > 0))
            {
                best = zone;
            }
        }

        return best;
    }

    public static async Task<TaxZone?> FindAsync(IQuerySession session, string code, CancellationToken cancellationToken) =>
        Codes.IsWellFormed(code) ? await session.LoadAsync<TaxZone>(code, cancellationToken) : null;

    private (int Prefix, int Region) Specificity => (PostalPrefix?.Length ?? 0, Region is null ? 0 : 1);

    private bool Covers(QuoteDestination destination) =>
        Country == destination.Country
        && (Region is null || string.Equals(Region, destination.Region, StringComparison.OrdinalIgnoreCase))
        && (PostalPrefix is null || destination.PostalCode?.TrimStart().StartsWith(PostalPrefix, StringComparison.OrdinalIgnoreCase) == true);
}

/// <summary>A tax of a zone.</summary>
/// <param name="Tax">Which tax it is, for example <c>vat</c>, or <c>state</c> and <c>city</c> where two are due on the same goods.</param>
/// <param name="Name">As it is printed on invoices, for example <c>VAT 19 %</c>.</param>
/// <param name="Rate">As a fraction, 0.19 for 19 %; at most 6 digits behind the point.</param>
/// <param name="Category">The tax category that it is for; left out for all that have no rate of their own.</param>
/// <param name="From">From when on it counts; left out for always.</param>
/// <param name="To">Until when it counts; left out for ever.</param>
internal sealed record ZoneRate(string Tax, string Name, decimal Rate, string? Category = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public bool IsActive(DateTimeOffset at) => !(at < From) && !(at >= To);
}

/// <param name="Title">Its name for people.</param>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Region">The second part of an ISO 3166-2 code; left out for all regions.</param>
/// <param name="PostalPrefix">What postal codes begin with; left out for all.</param>
/// <param name="Rates">At most 100 rates: all that are due in the zone, also those of the whole country.</param>
internal sealed record TaxZoneContent(string Title, string Country, string? Region = null, string? PostalPrefix = null, IReadOnlyList<ZoneRate>? Rates = null)
{
    public TaxZone ToZone(string code) => new()
    {
        Id = code,
        Title = Title,
        Country = Country,
        Region = Region,
        PostalPrefix = PostalPrefix,
        Rates = [.. (Rates ?? []).Select(static rate => rate with { From = rate.From?.ToUniversalTime(), To = rate.To?.ToUniversalTime() })],
    };
}

internal sealed class TaxZoneContentValidator : AbstractValidator<TaxZoneContent>
{
    public TaxZoneContentValidator()
    {
        RuleFor(content => content.Title).IsTitle();
        RuleFor(content => content.Country).Must(TaxRules.IsCountry).WithMessage("A country is two upper-case letters as in ISO 3166-1, for example DE.");
        RuleFor(content => content.Region).Length(1, 10).NoNul();
        RuleFor(content => content.PostalPrefix).Length(1, 10).NoNul();
        RuleFor(content => content.Rates).Must(static rates => rates is not { Count: > TaxZone.MaximumRates }).WithMessage($"A zone has at most {TaxZone.MaximumRates} rates.");
        RuleForEach(content => content.Rates).NotNull().ChildRules(static rate =>
        {
            rate.RuleFor(static given => given.Tax).NotNull().IsCode();
            rate.RuleFor(static given => given.Name).NotEmpty().MaximumLength(100).NoNul();
            rate.RuleFor(static given => given.Category).Length(1, 100).NoNul();
            rate.RuleFor(static given => given.Rate).InclusiveBetween(0, 1)
                .Must(static value => decimal.Round(value, 6) == value).WithMessage("A rate has at most 6 digits behind the point; 0.19 is 19 %.");
            rate.RuleFor(static given => given.To).Must(static (given, to) => !(to <= given.From)).WithMessage("The rate would be over before it begins.");
        });
        RuleFor(content => content.Rates).Must(NoOverlap).WithMessage("Two rates of the same tax and category count at the same time. Give one an end and the other a beginning.");
    }

    private static bool NoOverlap(IReadOnlyList<ZoneRate>? rates) => rates is null || rates.Count > TaxZone.MaximumRates || rates.Where(static rate => rate is not null)
        .GroupBy(static rate => (rate.Tax, rate.Category))
        .All(static group => group.OrderBy(static rate => rate.From ?? DateTimeOffset.MinValue).ToList() is var ordered
            && ordered.Zip(ordered.Skip(1)).All(static pair => pair.First.To <= pair.Second.From));
}

/// <param name="Code">The code by which it is named.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">The region; null for all.</param>
/// <param name="PostalPrefix">What postal codes begin with; null for all.</param>
/// <param name="Rates">All taxes that are due there.</param>
/// <param name="Version">Rises with each change.</param>
internal sealed record TaxZoneView(string Code, string Title, string Country, string? Region, string? PostalPrefix, IReadOnlyList<ZoneRate> Rates, int Version)
{
    public static TaxZoneView Of(TaxZone zone, int version) => new(zone.Id, zone.Title, zone.Country, zone.Region, zone.PostalPrefix, zone.Rates, version);
}
