namespace ModularMonolith.Pricing.Coupons;

/// <summary>The codes of coupons. They are written once and never changed; a promotion may have very many.</summary>
internal static class CouponTables
{
    public const string Script = """
        create table if not exists coupon (
            code text collate "C" primary key,
            promotion_id uuid not null,
            batch_id uuid,
            maximum_uses int,
            maximum_uses_by_customer int,
            created_at timestamptz not null
        );
        create index if not exists coupon_of_promotion on coupon (promotion_id, code);
        create index if not exists coupon_of_batch on coupon (batch_id, code) where batch_id is not null
        """;

    public const string Insert = """
        insert into coupon (code, promotion_id, batch_id, maximum_uses, maximum_uses_by_customer, created_at)
        select code, ?, nullif(?, '00000000-0000-0000-0000-000000000000'::uuid), nullif(?, 0), nullif(?, 0), ? from unnest(?::text[]) as made (code)
        """;

    public const string Columns = "code, promotion_id, maximum_uses, maximum_uses_by_customer, batch_id, created_at";
}
