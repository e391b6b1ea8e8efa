using FluentValidation;
using ModularMonolith.Platform.Http;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Rates;

/// <summary>A place where customers fetch goods.</summary>
internal sealed class PickupPoint : ITableEntry<PickupPoint, PickupPointContent, PickupPointView>
{
    public const int MaximumCount = 1_000;

    /// <summary>The code.</summary>
    public required string Id { get; init; }

    public required PickupPointContent Content { get; set; }

    public int Version { get; set; }

    /// <summary>Whether a method brings goods there, if it brings goods to pickup points at all.</summary>
    public bool IsServedBy(string method) => Content.Methods?.Contains(method) != false;

    public bool Takes(int weightGrams) => Content.MaximumWeightGrams is not { } most || weightGrams <= most;

    static string ITableEntry<PickupPoint, PickupPointContent, PickupPointView>.Kind => "pickup point";

    static int ITableEntry<PickupPoint, PickupPointContent, PickupPointView>.MaximumCount => MaximumCount;

    static PickupPoint ITableEntry<PickupPoint, PickupPointContent, PickupPointView>.Create(string code, PickupPointContent content) => new() { Id = code, Content = content };

    void ITableEntry<PickupPoint, PickupPointContent, PickupPointView>.Change(PickupPointContent content) => Content = content;

    PickupPointView ITableEntry<PickupPoint, PickupPointContent, PickupPointView>.ToView() => PickupPointView.Of(this);
}

/// <summary>A pickup point as the API shows it.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Address">Where it is.</param>
/// <param name="OpeningHours">When it is open, in words.</param>
/// <param name="IsActive">Whether goods are brought there.</param>
/// <param name="Methods">The shipping methods that bring goods there; null for all that bring goods to pickup points.</param>
/// <param name="MaximumWeightGrams">What the goods of an order may weigh at most.</param>
/// <param name="KeptDays">For how many days a parcel is kept there.</param>
internal sealed record PickupPointView(
    string Code, string Title, PostalAddress Address, string? OpeningHours, bool IsActive, IReadOnlyList<string>? Methods, int? MaximumWeightGrams, int KeptDays)
{
    public static PickupPointView Of(PickupPoint point) => new(
        point.Id, point.Content.Title, point.Content.Address, point.Content.OpeningHours, point.Content.IsActive, point.Content.Methods, point.Content.MaximumWeightGrams,
        point.Content.KeptDays);
}

/// <summary>What a client can say about a pickup point.</summary>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Address">Where it is.</param>
/// <param name="OpeningHours">When it is open, in words; at most 500 characters.</param>
/// <param name="IsActive">Whether goods are brought there.</param>
/// <param name="Methods">The codes of the shipping methods that bring goods there; null for all that bring goods to pickup points.</param>
/// <param name="MaximumWeightGrams">What the goods of an order may weigh at most; null for any weight.</param>
/// <param name="KeptDays">For how many days a parcel is kept there, 1 to 60.</param>
internal sealed record PickupPointContent(
    string Title, PostalAddress Address, string? OpeningHours = null, bool IsActive = true, IReadOnlyList<string>? Methods = null, int? MaximumWeightGrams = null,
    int KeptDays = PickupPointContent.UsualDays)
{
    public const int UsualDays = 7;
}

internal sealed class PickupPointContentValidator : AbstractValidator<PickupPointContent>
{
    private const int MostDays = 60;

    public PickupPointContentValidator()
    {
        RuleFor(content => content.Title).IsTitle();
        RuleFor(content => content.Address).SetValidator(new PostalAddressValidator());
        RuleFor(content => content.OpeningHours).MaximumLength(Words.LongestNote).NoNul();
        RuleFor(content => content.Methods).Must(static methods => methods is null or { Count: <= ShippingMethod.MaximumCount }).WithMessage($"Name at most {ShippingMethod.MaximumCount} methods.");
        RuleForEach(content => content.Methods).IsCode();
        RuleFor(content => content.MaximumWeightGrams).GreaterThan(0).WithMessage("The weight is 1 gram or more; leave it out for any weight.");
        RuleFor(content => content.KeptDays).InclusiveBetween(1, MostDays);
    }
}

internal sealed class PostalAddressValidator : AbstractValidator<PostalAddress>
{
    public PostalAddressValidator()
    {
        RuleFor(address => address.Name).NotEmpty().MaximumLength(200).NoNul();
        RuleFor(address => address.Line1).NotEmpty().MaximumLength(200).NoNul();
        RuleFor(address => address.Line2).MaximumLength(200).NoNul();
        RuleFor(address => address.City).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(address => address.Country).NotNull().IsCountry();
        RuleFor(address => address.Region).IsRegion();
        RuleFor(address => address.PostalCode).MaximumLength(20).NoNul();
        RuleFor(address => address.Company).MaximumLength(200).NoNul();
        RuleFor(address => address.Phone).MaximumLength(50).NoNul();
    }
}
