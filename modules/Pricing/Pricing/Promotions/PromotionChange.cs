using Marten;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>Stores promotions so that all hosts notice, and takes them through their life.</summary>
internal static class PromotionChange
{
    private const int MostActive = 200;

    /// <summary>The version in <c>If-Match</c>; null when the client sends none. A step says itself what it starts from, so the header is optional.</summary>
    public static long? ExpectedVersion(HttpContext http) => http.Request.Headers.IfMatch.Count == 0 ? null : EntityTags.RequireIfMatch(http);

    /// <summary>Stores a changed promotion.</summary>
    public static PromotionView Store(IModuleSession<IPricingStore> session, Promotion promotion, DateTimeOffset now)
    {
        var version = promotion.Version + 1;
        promotion.UpdatedAt = now;
        session.Documents.UpdateRevision(promotion, version);
        session.Documents.QueueSqlCommand(PromotionTables.Announce);
        return PromotionView.Of(promotion, version);
    }

    /// <summary>Takes a promotion a step further.</summary>
    /// <exception cref="ProblemException">404, 412, or 409 when its status does not allow the step.</exception>
    public static async Task<PromotionView> StepAsync(
        IModuleSession<IPricingStore> session, Guid promotionId, long? expectedVersion, PromotionStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var promotion = await session.Documents.LoadAsync<Promotion>(promotionId, cancellationToken) ?? throw ProblemException.NotFound("promotion", promotionId);
        EntityTags.Check(expectedVersion, promotion.Version);
        promotion.Status = promotion.After(step);
        if (step == PromotionStep.Activate)
        {
            await RefuseTooManyAsync(session, cancellationToken);
        }

        return Store(session, promotion, now);
    }

    // Every quote looks at each of them, and keeps them as evidence.
    private static async Task RefuseTooManyAsync(IModuleSession<IPricingStore> session, CancellationToken cancellationToken)
    {
        var active = await session.Documents.Query<Promotion>().Where(static promotion => promotion.Status == PromotionStatus.Active).CountAsync(cancellationToken);
        if (active >= MostActive)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"{MostActive} promotions are active, and that is the limit. End or pause one that is not needed.")
                .With("state", PromotionNames.Of(PromotionStatus.Active));
        }
    }
}
