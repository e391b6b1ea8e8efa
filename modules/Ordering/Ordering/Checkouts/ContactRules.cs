using FluentValidation;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

/// <summary>Rules for what customers say of themselves.</summary>
internal static class ContactRules
{
    public static IRuleBuilderOptions<T, string?> EmailOfCustomer<T>(this IRuleBuilder<T, string?> rule) => rule.MaximumLength(254).EmailAddress()
        .Must(static email => email is null || !email.Any(static character => char.IsControl(character) || char.IsWhiteSpace(character)))
        .WithMessage("An e-mail address has neither spaces nor control characters.");

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> CouponCodes<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(static coupons => coupons is null || (coupons.Count <= 10 && coupons.All(static code => code is { Length: >= 1 and <= 100 } && !code.Any(char.IsControl))))
        .WithMessage("At most 10 codes of 1 to 100 characters, without control characters.");

    public static IRuleBuilderOptions<T, string?> CurrencyCode<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(static currency => currency is null || Money.IsCurrencyCode(currency))
        .WithMessage("A currency is three upper-case letters as in ISO 4217, for example EUR.");
}

internal sealed class PostalAddressValidator : AbstractValidator<PostalAddress>
{
    public PostalAddressValidator()
    {
        RuleFor(address => address.Name).NotEmpty().MaximumLength(200).NoNul();
        RuleFor(address => address.Line1).NotEmpty().MaximumLength(200).NoNul();
        RuleFor(address => address.City).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(address => address.Country).Must(static country => country is { Length: 2 } && country.All(char.IsAsciiLetterUpper))
            .WithMessage("A country is two upper-case letters as in ISO 3166-1, for example DE.");
        RuleFor(address => address.PostalCode).MaximumLength(20).NoNul();
        RuleFor(address => address.Region).MaximumLength(10).NoNul();
        RuleFor(address => address.Line2).MaximumLength(200).NoNul();
        RuleFor(address => address.Company).MaximumLength(200).NoNul();
        RuleFor(address => address.Phone).MaximumLength(50).NoNul();
    }
}
