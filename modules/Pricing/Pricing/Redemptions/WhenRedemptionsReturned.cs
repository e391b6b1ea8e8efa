using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>
/// Lets what an order had used be had again, once for each reservation. Consumption and return come by two subscriptions, so the return may be first: it then gives back what is
/// reserved and leaves its mark, at which the consumption does nothing any more.
/// </summary>
[Subscription("return-redemptions")]
internal sealed class WhenRedemptionsReturned(IModuleSession<IPricingStore> session, TimeProvider time) : IHandleBatch<RedemptionsReturned>
{
    public async Task HandleAsync(IReadOnlyList<Delivered<RedemptionsReturned>> events, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var returned = events.Select(static delivered => delivered.Event).DistinctBy(static one => one.RedemptionId).ToList();
        await session.Documents.BeginTransactionAsync(cancellationToken);
        var known = await RedemptionRows.LockAsync(session.Documents, [.. returned.Select(static one => one.RedemptionId)], cancellationToken);

        var held = returned.FindAll(one => known.GetValueOrDefault(one.RedemptionId) is { Status: not RedemptionStatus.Returned });
        RedemptionRows.Count(session.Documents, RedemptionTables.GiveBack, [.. held.SelectMany(one => known[one.RedemptionId].Keys.Zip(known[one.RedemptionId].Amounts))]);
        RedemptionRows.Settle(session.Documents, [.. held.Select(static one => (one.RedemptionId, one.Reference))], RedemptionStatus.Returned, now);
        held.ForEach(one => session.RecordChange("redemption", one.RedemptionId.ToString(), "stored"));

        foreach (var one in returned.Where(one => !known.ContainsKey(one.RedemptionId)))
        {
            RedemptionRows.Insert(session.Documents, new StoredRedemption(one.RedemptionId, RedemptionStatus.Returned, [], [], now), one.Reference, now);
            session.RecordChange("redemption", one.RedemptionId.ToString(), "inserted");
        }
    }
}
