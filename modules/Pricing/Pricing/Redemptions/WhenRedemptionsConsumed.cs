using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>
/// Keeps what orders have used, once for each reservation. One whose time was over and that was released counts all the same, because the order stands; then a limit may be passed
/// by it. One that was returned, or whose return came first, counts no more.
/// </summary>
[Subscription("consume-redemptions")]
internal sealed class WhenRedemptionsConsumed(IModuleSession<IPricingStore> session, TimeProvider time) : IHandleBatch<RedemptionsConsumed>
{
    public async Task HandleAsync(IReadOnlyList<Delivered<RedemptionsConsumed>> events, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var consumed = events.Select(static delivered => delivered.Event).DistinctBy(static one => one.RedemptionId).ToList();
        await session.Documents.BeginTransactionAsync(cancellationToken);
        var known = await RedemptionRows.LockAsync(session.Documents, [.. consumed.Select(static one => one.RedemptionId)], cancellationToken);

        var released = consumed.FindAll(one => !known.ContainsKey(one.RedemptionId));
        var counted = released.ConvertAll(static one => (Event: one, Parts: UsageKeys.Of(one.Redemptions, one.Customer)));
        RedemptionRows.Count(session.Documents, RedemptionTables.Add, [.. counted.SelectMany(static one => one.Parts)]);
        foreach (var (one, parts) in counted)
        {
            var redemption = new StoredRedemption(one.RedemptionId, RedemptionStatus.Consumed, [.. parts.Select(static part => part.Key)], [.. parts.Select(static part => part.Amount)], now);
            RedemptionRows.Insert(session.Documents, redemption, one.Reference, now);
            session.RecordChange("redemption", one.RedemptionId.ToString(), "inserted");
        }

        var reserved = consumed.FindAll(one => known.GetValueOrDefault(one.RedemptionId) is { Status: RedemptionStatus.Reserved });
        RedemptionRows.Settle(session.Documents, [.. reserved.Select(static one => (one.RedemptionId, one.Reference))], RedemptionStatus.Consumed, now);
        reserved.ForEach(one => session.RecordChange("redemption", one.RedemptionId.ToString(), "stored"));
    }
}
