using FluentValidation;

namespace ModularMonolith.Shipping.Rates;

/// <summary>Where some shipping methods are offered. An address lies in the zone that describes it most closely.</summary>
internal sealed class Zone : ITableEntry<Zone, ZoneContent, ZoneView>
{
    public const int MaximumCount = 200;

    /// <summary>The code.</summary>
    public required string Id { get; init; }

    public required string Title { get; set; }

    public required IReadOnlyList<Area> Areas { get; set; }

    public int Version { get; set; }

    static string ITableEntry<Zone, ZoneContent, ZoneView>.Kind => "zone";

    static int ITableEntry<Zone, ZoneContent, ZoneView>.MaximumCount => MaximumCount;

    static Zone ITableEntry<Zone, ZoneContent, ZoneView>.Create(string code, ZoneContent content) => new() { Id = code, Title = content.Title, Areas = content.Areas };

    void ITableEntry<Zone, ZoneContent, ZoneView>.Change(ZoneContent content) => (Title, Areas) = (content.Title, content.Areas);

    ZoneView ITableEntry<Zone, ZoneContent, ZoneView>.ToView() => ZoneView.Of(this);
}

/// <summary>A zone as the API shows it.</summary>
/// <param name="Code">The code by which methods name it.</param>
/// <param name="Title">Its title.</param>
/// <param name="Areas">What lies in it.</param>
internal sealed record ZoneView(string Code, string Title, IReadOnlyList<Area> Areas)
{
    public static ZoneView Of(Zone zone) => new(zone.Id, zone.Title, zone.Areas);
}

/// <summary>What a client can say about a zone.</summary>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Areas">What lies in it: any of them is enough.</param>
internal sealed record ZoneContent(string Title, IReadOnlyList<Area> Areas);

internal sealed class ZoneContentValidator : AbstractValidator<ZoneContent>
{
    private const int MostAreas = 300;

    public ZoneContentValidator()
    {
        RuleFor(content => content.Title).IsTitle();
        RuleFor(content => content.Areas).Must(static areas => areas.Count is >= 1 and <= MostAreas).WithMessage($"A zone has 1 to {MostAreas} areas.");
        RuleForEach(content => content.Areas).NotNull().SetValidator(new AreaValidator());
    }
}
