namespace ModularMonolith.Pricing.Promotions;

/// <summary>The number that rises with every change of a promotion, at which hosts see that what they remember is old.</summary>
internal static class PromotionTables
{
    public const string Script = """
        create table if not exists promotion_version (id int primary key, version bigint not null);
        insert into promotion_version (id, version) values (1, 1) on conflict (id) do nothing
        """;

    public const string Announce = "update promotion_version set version = version + 1 where id = 1";

    public const string Current = "select version from promotion_version where id = 1";
}
