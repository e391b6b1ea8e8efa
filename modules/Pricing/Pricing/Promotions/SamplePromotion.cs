using Marten.Services;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Pricing.Coupons;
using Npgsql;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>A promotion to try things out with: who writes the coupon WELCOME10 pays a tenth less. Nothing applies to those who do not.</summary>
internal sealed class SamplePromotion(IModuleSession<IPricingStore> session, PricingDatabase database, IAuditLog audit, TimeProvider time) : ISampleData
{
    public const string Code = "WELCOME10";

    private const int Percent = 10;
    private const long LockKey = 0x5052_4F4D_4F54_4501;

    public string Subject => "promotions";

    public async Task<int> FillAsync(IProgress<(int Done, int Total)> progress, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsEmptyAsync(connection, cancellationToken))
        {
            return 0;
        }

        var now = time.GetUtcNow();
        var content = new PromotionContent("10 % off with " + Code, [new PromotionAction(Percentage: new PercentageAction(Percent))], ByCoupon: true);
        var promotion = new Promotion { Id = Guid.CreateVersion7(now), Status = PromotionStatus.Active, Content = content, CreatedAt = now, UpdatedAt = now };
        await using var documents = session.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
        documents.Insert(promotion);
        documents.QueueSqlCommand(CouponTables.Insert, promotion.Id, Guid.Empty, 0, 0, now, new[] { Code });
        documents.QueueSqlCommand(PromotionTables.Announce);
        audit.Record(documents, "FillPromotions");
        await documents.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        progress.Report((1, 1));
        return 1;
    }

    // Two hosts that start on one empty database would both find it empty.
    private static async Task<bool> IsEmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var locked = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = LockKey } } })
        {
            await locked.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand("select not exists (select from mt_doc_promotion) and not exists (select from coupon)", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
