namespace ModularMonolith.Pricing.PriceLists;

/// <summary>
/// The prices of lists, and the history of all prices: what changed when, only ever added to. Since when and until when a price held is worked out by whoever reads, so that the order
/// in which changes arrive makes no difference.
/// </summary>
internal static class PriceListTables
{
    /// <summary>The source of the catalogue's own prices in the history; no list can have this code.</summary>
    public const string Catalogue = "";

    public const string Script = """
        create table if not exists price_list_entry (
            price_list text collate "C" not null,
            variant_id uuid not null,
            min_quantity int not null,
            price bigint not null,
            compare_at_price bigint,
            primary key (price_list, variant_id, min_quantity)
        );

        -- A price of null says that the source has had no price since then.
        create table if not exists price_change (
            variant_id uuid not null,
            source text collate "C" not null,
            currency text not null,
            valid_from timestamptz not null,
            price bigint,
            compare_at_price bigint,
            primary key (variant_id, currency, source, valid_from)
        );

        create table if not exists price_list_change (
            price_list text collate "C" not null,
            changed_at timestamptz not null,
            starts_at timestamptz,
            ends_at timestamptz,
            customer_group text,
            priority int not null,
            primary key (price_list, changed_at)
        );
        """;

    /// <summary>Parameters: JSON array of rows, list, list, list, currency, now. The list is locked against its deletion at the same moment, which would leave prices of nothing behind.</summary>
    public const string Put = """
        with given as (
            select variant_id, min_quantity, price, compare_at_price
            from json_to_recordset(?::json) as row (variant_id uuid, min_quantity int, price bigint, compare_at_price bigint)
        ), written as (
            insert into price_list_entry as present (price_list, variant_id, min_quantity, price, compare_at_price)
            select ?, variant_id, min_quantity, price, compare_at_price from given
            where exists (select from mt_doc_price_list where id = ? for key share)
            on conflict (price_list, variant_id, min_quantity) do update set price = excluded.price, compare_at_price = excluded.compare_at_price
            where (present.price, present.compare_at_price) is distinct from (excluded.price, excluded.compare_at_price)
            returning variant_id, min_quantity, price, compare_at_price
        )
        insert into price_change (variant_id, source, currency, valid_from, price, compare_at_price)
        select variant_id, ?, ?, ?, price, compare_at_price from written where min_quantity = 1
        on conflict (variant_id, currency, source, valid_from) do update set price = excluded.price, compare_at_price = excluded.compare_at_price
        """;

    /// <summary>Parameters: JSON array of rows, list, list, currency, now.</summary>
    public const string Remove = """
        with removed as (
            delete from price_list_entry present
            using json_to_recordset(?::json) as given (variant_id uuid, min_quantity int)
            where present.price_list = ? and present.variant_id = given.variant_id and present.min_quantity = given.min_quantity
            returning present.variant_id, present.min_quantity
        )
        insert into price_change (variant_id, source, currency, valid_from)
        select variant_id, ?, ?, ? from removed where min_quantity = 1
        on conflict (variant_id, currency, source, valid_from) do update set price = null, compare_at_price = null
        """;

    /// <summary>Parameters: list, list, currency, now.</summary>
    public const string RemoveAll = """
        with removed as (
            delete from price_list_entry where price_list = ? returning variant_id, min_quantity
        )
        insert into price_change (variant_id, source, currency, valid_from)
        select variant_id, ?, ?, ? from removed where min_quantity = 1
        on conflict (variant_id, currency, source, valid_from) do update set price = null, compare_at_price = null
        """;

    /// <summary>One parameter: the change as JSON.</summary>
    public const string RecordChange = """
        insert into price_list_change (price_list, changed_at, starts_at, ends_at, customer_group, priority)
        select price_list, changed_at, starts_at, ends_at, customer_group, priority
        from json_to_record(?::json) as given (price_list text, changed_at timestamptz, starts_at timestamptz, ends_at timestamptz, customer_group text, priority int)
        on conflict (price_list, changed_at) do update set
            starts_at = excluded.starts_at, ends_at = excluded.ends_at, customer_group = excluded.customer_group, priority = excluded.priority
        """;
}
