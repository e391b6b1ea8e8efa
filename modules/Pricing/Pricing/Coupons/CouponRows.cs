using System.Data.Common;
using Marten;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Promotions;
using Npgsql;

namespace ModularMonolith.Pricing.Coupons;

/// <summary>A coupon as the API shows it.</summary>
/// <param name="Code">The code in its plain form.</param>
/// <param name="PromotionId">What it leads to.</param>
/// <param name="MaximumUses">In total; null is without limit.</param>
/// <param name="MaximumUsesByCustomer">By one customer; null is without limit.</param>
/// <param name="BatchId">The codes that were generated together with it; null for one that was chosen.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record CouponView(string Code, Guid PromotionId, int? MaximumUses, int? MaximumUsesByCustomer, Guid? BatchId, DateTimeOffset CreatedAt);

/// <summary>Reads and writes coupons in a session's transaction.</summary>
internal static class CouponRows
{
    /// <summary>Refuses coupons for a promotion that takes none.</summary>
    /// <exception cref="ProblemException">404, or 409 when the promotion has ended or needs no coupon.</exception>
    public static async Task RequirePromotionAsync(IQuerySession session, Guid promotionId, CancellationToken cancellationToken)
    {
        var promotion = await session.LoadAsync<Promotion>(promotionId, cancellationToken) ?? throw ProblemException.NotFound("promotion", promotionId);
        promotion.After(PromotionStep.AddCoupons);
        if (!promotion.Content.ByCoupon)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The promotion applies without a coupon. Create one with byCoupon.").With("state", PromotionNames.Of(promotion.Status));
        }
    }

    /// <summary>Queues new coupons that differ in nothing but their codes.</summary>
    public static void Insert(IModuleSession<IPricingStore> session, CouponView like, string[] codes)
    {
        session.Documents.QueueSqlCommand(
            CouponTables.Insert, like.PromotionId, like.BatchId ?? Guid.Empty, like.MaximumUses ?? 0, like.MaximumUsesByCustomer ?? 0, like.CreatedAt, codes);
        session.RecordChange("coupon", like.BatchId?.ToString() ?? like.Code, "inserted");
    }

    public static async Task<CouponView?> FindAsync(IQuerySession session, string code, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select {CouponTables.Columns} from coupon where code = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = code });
        return await ReadAsync(session, command, cancellationToken) is [var coupon, ..] ? coupon : null;
    }

    /// <summary>A page of coupons by code, of a promotion or of one batch.</summary>
    public static async Task<IReadOnlyList<CouponView>> ListAsync(IQuerySession session, Guid promotionId, Guid? batchId, string after, int count, CancellationToken cancellationToken)
    {
        // Two statements, so that each has the index that begins with what it asks for.
        await using var command = new NpgsqlCommand(batchId is null
            ? $"select {CouponTables.Columns} from coupon where promotion_id = $1 and code > $2 order by code limit $3"
            : $"select {CouponTables.Columns} from coupon where promotion_id = $1 and batch_id = $4 and code > $2 order by batch_id, code limit $3");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = promotionId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        if (batchId is { } batch)
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = batch });
        }

        return await ReadAsync(session, command, cancellationToken);
    }

    private static async Task<IReadOnlyList<CouponView>> ReadAsync(IQuerySession session, NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await session.ExecuteReaderAsync(command, cancellationToken);
        var coupons = new List<CouponView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            coupons.Add(Read(reader));
        }

        return coupons;
    }

    private static CouponView Read(DbDataReader reader) => new(
        reader.GetString(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetInt32(3),
        reader.IsDBNull(4) ? null : reader.GetGuid(4), reader.GetFieldValue<DateTimeOffset>(5));
}
