using System.Text.RegularExpressions;
using FluentValidation;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping;

/// <summary>Words that clients write: codes, countries and the values of choices in query parameters.</summary>
internal static partial class Words
{
    public const int LongestTitle = 100;
    public const int LongestNote = 500;

    /// <summary>The choice of a query parameter, by name only: <see cref="Enum.TryParse{TEnum}(string, out TEnum)"/> alone would take numbers and lists too.</summary>
    /// <exception cref="ProblemException">400 when there is no such choice.</exception>
    public static T? ChoiceFrom<T>(string parameter, string? text)
        where T : struct, Enum => text is null
        ? null
        : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => string.Equals(Of(value!.Value), text, StringComparison.Ordinal))
            ?? throw new ProblemException(ProblemTypes.MalformedRequest, $"There is no {parameter} '{(text.Length > 40 ? text[..40] + "…" : text)}'. Known are {string.Join(", ", Enum.GetValues<T>().Select(Of))}.");

    /// <summary>The choice as JSON has it: camel case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static IRuleBuilderOptions<T, string?> IsCode<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(static code => code is not null && CodePattern().IsMatch(code))
        .WithMessage("A code is 1 to 50 lower-case letters, digits and hyphens and starts with a letter or digit.");

    public static IRuleBuilderOptions<T, string?> IsTitle<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(static title => !string.IsNullOrWhiteSpace(title)).WithMessage("Give it a title.")
        .MaximumLength(LongestTitle).WithMessage($"A title has at most {LongestTitle} characters.")
        .NoNul();

    public static IRuleBuilderOptions<T, string?> IsCountry<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(static country => country is null || CountryPattern().IsMatch(country))
        .WithMessage("A country is two upper-case letters as in ISO 3166-1, for example DE.");

    public static IRuleBuilderOptions<T, string?> IsRegion<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(static region => region is null || RegionPattern().IsMatch(region))
        .WithMessage("A region is the second part of an ISO 3166-2 code: 1 to 3 upper-case letters and digits, for example BY.");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,49}\z")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\A[A-Z]{2}\z")]
    private static partial Regex CountryPattern();

    [GeneratedRegex(@"\A[A-Z0-9]{1,3}\z")]
    private static partial Regex RegionPattern();
}
