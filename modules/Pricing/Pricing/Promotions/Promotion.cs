using JasperFx;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Pricing.Promotions;

internal enum PromotionStatus
{
    /// <summary>In preparation; it applies to nothing.</summary>
    Draft,

    /// <summary>It applies, between its start and its end.</summary>
    Active,

    /// <summary>Stopped for a while.</summary>
    Paused,

    /// <summary>Over for good.</summary>
    Ended,
}

/// <summary>What can be done to a promotion.</summary>
internal enum PromotionStep
{
    Edit,
    Activate,
    Pause,
    End,
    AddCoupons,
}

/// <summary>A promotion. It is never removed, because orders refer to it.</summary>
internal sealed class Promotion : IRevisioned
{
    public Guid Id { get; set; }

    public PromotionStatus Status { get; set; }

    public PromotionContent Content { get; set; } = new(string.Empty, []);

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public int Version { get; set; }

    /// <summary>The status that a step leads to.</summary>
    /// <exception cref="ProblemException">409 when the present one does not allow it.</exception>
    public PromotionStatus After(PromotionStep step) => (Status, step) switch
    {
        (not PromotionStatus.Ended, PromotionStep.Edit or PromotionStep.AddCoupons) => Status,
        (PromotionStatus.Draft or PromotionStatus.Paused, PromotionStep.Activate) => PromotionStatus.Active,
        (PromotionStatus.Active, PromotionStep.Pause) => PromotionStatus.Paused,
        (not PromotionStatus.Ended, PromotionStep.End) => PromotionStatus.Ended,
        (PromotionStatus.Ended, _) => throw Refused("The promotion has ended for good. Create a new one."),
        (PromotionStatus.Active, _) => throw Refused("The promotion is active already."),
        (PromotionStatus.Paused, _) => throw Refused("The promotion is paused already."),
        _ => throw Refused("A promotion that was never active cannot be paused. Activate it, or leave it as it is."),
    };

    private ProblemException Refused(string detail) => new ProblemException(ProblemTypes.IllegalState, detail).With("state", PromotionNames.Of(Status));
}

/// <summary>The names of statuses on the wire.</summary>
internal static class PromotionNames
{
    public static string Of(PromotionStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>Reads a status by name only: Enum.TryParse alone would take numbers and lists too.</summary>
    /// <exception cref="ProblemException">400 when there is no such status.</exception>
    public static PromotionStatus? Read(string? text) => text is null
        ? null
        : Enum.GetValues<PromotionStatus>().Cast<PromotionStatus?>().FirstOrDefault(status => Of(status!.Value) == text)
            ?? throw new ProblemException(ProblemTypes.MalformedRequest, $"status is none of {string.Join(", ", Enum.GetValues<PromotionStatus>().Select(Of))}.");
}

/// <summary>A promotion as the API shows it.</summary>
/// <param name="Id">The promotion.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Content">What it says.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="Version">Rises with every change; its ETag.</param>
internal sealed record PromotionView(Guid Id, PromotionStatus Status, PromotionContent Content, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version)
{
    public static PromotionView Of(Promotion promotion, int version) =>
        new(promotion.Id, promotion.Status, promotion.Content, promotion.CreatedAt, promotion.UpdatedAt, version);
}
