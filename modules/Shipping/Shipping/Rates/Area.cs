using FluentValidation;

namespace ModularMonolith.Shipping.Rates;

/// <summary>A part of the world. Without a country it is all of it.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">The second part of an ISO 3166-2 code.</param>
/// <param name="PostalCodes">Beginnings (<c>10</c>) and ranges (<c>10000..14999</c>); any of them is enough. Blanks, hyphens and case do not count.</param>
internal sealed record Area(string? Country = null, string? Region = null, IReadOnlyList<string>? PostalCodes = null)
{
    // More than any beginning of a postal code is long.
    private const int PostalCodeWeight = 100;

    /// <summary>How closely the area describes an address.</summary>
    /// <param name="region">The address's region.</param>
    /// <param name="postalCode">Its postal code, plain.</param>
    /// <returns>0 for the whole world, more for less of it; null when the address does not lie in it. The country is compared by the caller.</returns>
    public int? Closeness(string? region, string postalCode)
    {
        if (Region is not null && Region != region)
        {
            return null;
        }

        var place = (Country is null ? 0 : 1) + (Region is null ? 0 : 1);
        if (PostalCodes is not { Count: > 0 } codes)
        {
            return place;
        }

        var closest = codes.Max(code => PostalCodePattern.Parse(code).Closeness(postalCode) ?? -1);
        return closest < 0 ? null : place + PostalCodeWeight + closest;
    }
}

/// <summary>A beginning of postal codes, or a range of them.</summary>
/// <param name="From">The first, or the beginning.</param>
/// <param name="To">The last; null for a beginning.</param>
internal readonly record struct PostalCodePattern(string From, string? To)
{
    private const string Range = "..";

    /// <summary>A postal code as it is compared.</summary>
    public static string Plain(string? postalCode) =>
        postalCode is null ? string.Empty : string.Concat(postalCode.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant));

    public static PostalCodePattern Parse(string text) => text.IndexOf(Range, StringComparison.Ordinal) is >= 0 and var at
        ? new PostalCodePattern(Plain(text[..at]), Plain(text[(at + Range.Length)..]))
        : new PostalCodePattern(Plain(text), null);

    /// <summary>Whether it is a beginning, or a range whose ends are equally long and in order.</summary>
    public bool IsSound => From.Length > 0 && (To is null || (To.Length == From.Length && string.CompareOrdinal(From, To) <= 0));

    /// <summary>How many of the first characters it fixes; null when the code is not one of them.</summary>
    public int? Closeness(string postalCode)
    {
        if (postalCode.Length < From.Length)
        {
            return null;
        }

        if (To is null)
        {
            return postalCode.StartsWith(From, StringComparison.Ordinal) ? From.Length : null;
        }

        var start = postalCode[..From.Length];
        if (string.CompareOrdinal(start, From) < 0 || string.CompareOrdinal(start, To) > 0)
        {
            return null;
        }

        var to = To;
        return From.TakeWhile((character, index) => character == to[index]).Count();
    }
}

internal sealed class AreaValidator : AbstractValidator<Area>
{
    private const int MostPostalCodes = 500;
    private const int LongestPostalCode = 42;

    public AreaValidator()
    {
        RuleFor(area => area.Country).IsCountry();
        RuleFor(area => area.Region).IsRegion();
        RuleFor(area => area.Country).NotNull().When(static area => area.Region is not null || area.PostalCodes is { Count: > 0 })
            .WithMessage("Name the country of the region or of the postal codes.");
        RuleFor(area => area.PostalCodes).Must(static codes => codes is null or { Count: <= MostPostalCodes }).WithMessage($"An area has at most {MostPostalCodes} postal codes.");
        RuleForEach(area => area.PostalCodes).Must(static code => code is { Length: <= LongestPostalCode } && code.All(IsWritable) && PostalCodePattern.Parse(code).IsSound)
            .WithMessage("A postal code is a beginning such as 10, or a range such as 10000..14999 whose ends are equally long.");
    }

    private static bool IsWritable(char character) => char.IsAsciiLetterOrDigit(character) || character is ' ' or '-' or '.';
}
