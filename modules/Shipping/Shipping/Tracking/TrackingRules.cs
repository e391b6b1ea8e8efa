using FluentValidation;

namespace ModularMonolith.Shipping.Tracking;

/// <summary>What a report on a shipment may hold.</summary>
internal static class TrackingRules
{
    public const int LongestPlace = 200;
    public const int LongestEventId = 100;

    // A report from the future would make all that follow it history.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    public static IRuleBuilderOptions<T, DateTimeOffset> HasHappened<T>(this IRuleBuilder<T, DateTimeOffset> rule, TimeProvider time) => rule
        .Must(occurredAt => occurredAt <= time.GetUtcNow() + ClockDifference)
        .WithMessage("The time is in the future. Report what has happened.");
}
