using ModularMonolith.Platform.Http;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>The failures that only redemptions have.</summary>
internal static class RedemptionProblems
{
    public static readonly ProblemType RedemptionEnded = new("redemption-ended", 409, "The reservation of discounts is over.",
        "It expired or was returned, or its id stands for other discounts. Reserve again under a new id.");
}
