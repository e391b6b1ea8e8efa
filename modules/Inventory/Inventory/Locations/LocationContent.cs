using System.Text.RegularExpressions;
using FluentValidation;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Locations;

/// <summary>What people say about a location.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Priority">Stock is taken from the smallest number first.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">The second part of an ISO 3166-2 code.</param>
/// <param name="PostalCode">As written.</param>
/// <param name="Latitude">Degrees north, with the longitude or not at all.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="IsActive">Whether it takes goods in and orders take from it.</param>
/// <param name="Fulfils">Whether orders are sent from here.</param>
internal sealed record LocationContent(
    string Name, int Priority = 100, string? Country = null, string? Region = null, string? PostalCode = null, double? Latitude = null, double? Longitude = null,
    bool IsActive = true, bool Fulfils = true)
{
    public Location ApplyTo(Location location) => location with
    {
        Name = Name,
        Priority = Priority,
        Country = Country,
        Region = Region,
        PostalCode = PostalCode,
        Latitude = Latitude,
        Longitude = Longitude,
        IsActive = IsActive,
        Fulfils = Fulfils,
        Revision = location.Revision + 1,
    };
}

internal sealed partial class LocationContentValidator : AbstractValidator<LocationContent>
{
    public LocationContentValidator()
    {
        RuleFor(content => content.Name).Must(static name => !string.IsNullOrWhiteSpace(name)).WithMessage("Give the location a name.")
            .MaximumLength(100).WithMessage("A location's name has at most 100 characters.").NoNul();
        RuleFor(content => content.Priority).InclusiveBetween(-1_000, 1_000).WithMessage("The priority is between -1,000 and 1,000; the main location has 0.");
        RuleFor(content => content.Country).Must(static country => country is null || CountryPattern().IsMatch(country)).WithMessage("A country has two upper-case letters (ISO 3166-1).");
        RuleFor(content => content.Region).Must(static region => region is null || RegionPattern().IsMatch(region)).WithMessage("A region has one to three upper-case letters and digits (ISO 3166-2, after the hyphen).")
            .Must(static (content, region) => region is null || content.Country is not null).WithMessage("Name the country of the region.");
        RuleFor(content => content.PostalCode).Length(1, 20).WithMessage("A postal code has at most 20 characters.").NoNul()
            .Must(static (content, code) => code is null || content.Country is not null).WithMessage("Name the country of the postal code.");
        RuleFor(content => content.Latitude).InclusiveBetween(-90, 90).WithMessage("The latitude is between -90 and 90 degrees.")
            .Must(static (content, latitude) => latitude is null == content.Longitude is null).WithMessage("Give latitude and longitude, or neither.");
        RuleFor(content => content.Longitude).InclusiveBetween(-180, 180).WithMessage("The longitude is between -180 and 180 degrees.");
    }

    [GeneratedRegex(@"\A[A-Z]{2}\z")]
    private static partial Regex CountryPattern();

    [GeneratedRegex(@"\A[A-Z0-9]{1,3}\z")]
    private static partial Regex RegionPattern();
}
