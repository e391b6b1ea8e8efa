namespace ModularMonolith.Catalog.Products;

/// <summary>
/// The tables beside the product documents, written by <see cref="ProductWriter"/> in the same transaction. They exist so that the
/// frequent questions are one index lookup: what a page shows is stored as the JSON that is sent.
/// </summary>
internal static class ProductTables
{
    public const string Script = """
        create table if not exists product_search (
            id uuid primary key,
            slug text not null unique,
            version int not null,
            status text not null,
            title_key text collate "C" not null,
            vendor_key text not null,
            type_key text not null,
            tags text[] not null,
            min_price bigint not null,
            max_price bigint not null,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            words tsvector not null,
            summary json not null,
            view json not null
        );
        create index if not exists product_search_words on product_search using gin (words);
        create index if not exists product_search_tags on product_search using gin (tags);
        create index if not exists product_search_created on product_search (status, created_at, id);
        create index if not exists product_search_price on product_search (status, min_price, id);
        create index if not exists product_search_title on product_search (status, title_key, id);
        create index if not exists product_search_vendor on product_search (vendor_key, status);
        create index if not exists product_search_type on product_search (type_key, status);

        create table if not exists product_former_slug (
            slug text primary key,
            product_id uuid not null
        );

        -- Deferrable, so that one change may exchange the SKUs of two variants, and an import those of two products.
        create table if not exists variant_entry (
            id uuid primary key,
            product_id uuid not null,
            sku text not null constraint variant_entry_sku unique deferrable,
            product_title text not null,
            variant_title text,
            slug text not null,
            price bigint not null,
            compare_at_price bigint,
            currency text not null,
            is_published boolean not null,
            limits_sales boolean not null,
            weight_grams int not null,
            image_url text
        );
        create index if not exists variant_entry_product on variant_entry (product_id);
        do $$
        begin
            if exists (select from pg_constraint where conrelid = 'variant_entry'::regclass and conname = 'variant_entry_sku' and condeferred) then
                alter table variant_entry drop constraint variant_entry_sku;
                alter table variant_entry add constraint variant_entry_sku unique (sku) deferrable;
            end if;
        end
        $$;

        alter table product_search add column if not exists product_type text;
        alter table product_search add column if not exists vendor text;
        alter table product_search add column if not exists labels text[];
        do $$
        begin
            if not exists (select from pg_attribute where attrelid = 'variant_entry'::regclass and attname = 'tax_category' and not attisdropped) then
                alter table variant_entry add column tax_category text;
                update variant_entry entry set tax_category = 'not-taxable'
                from product_search product, json_array_elements(product.view->'variants') variant
                where product.id = entry.product_id and (variant->>'id')::uuid = entry.id
                    and ((product.view->>'isGiftCard')::boolean or not (variant->>'isTaxable')::boolean);
            end if;
        end
        $$;
        -- Rows of a version before these columns, or of one that still runs beside this one, have no labels, not even an empty list.
        update product_search set
            product_type = nullif(view->>'type', ''), vendor = nullif(view->>'vendor', ''), labels = array(select json_array_elements_text(view->'tags'))
        where labels is null;

        -- A deferrable constraint lets two writers of one SKU both insert it and then wait for each other, until the deadlock is noticed after a second. So they take turns;
        -- SKUs share 64 turns, because the server has room for a limited number of locks.
        create or replace procedure take_turns(skus text[])
            language plpgsql set search_path from current as
        $$
        declare
            turn integer;
        begin
            for turn in select distinct (hashtextextended(sku, 0) & 63)::integer from unnest(skus) sku order by 1 loop
                perform pg_advisory_xact_lock(hashtext(current_schema() || '.variant_entry'), turn);
            end loop;
        end
        $$;
        """;

    /// <summary>One parameter: the SKUs that the transaction writes.</summary>
    public const string TakeTurns = "call take_turns(?)";

    /// <summary>Has the SKUs of the current transaction checked at its commit only.</summary>
    public const string CheckSkusAtCommit = "set constraints variant_entry_sku deferred";

    /// <summary>One parameter: a JSON array of rows. The version guards against a slower writer of an older revision.</summary>
    public const string WriteSearchRows = """
        insert into product_search as present (
            id, slug, version, status, title_key, vendor_key, type_key, tags, min_price, max_price, created_at, updated_at, words, summary, view,
            product_type, vendor, labels)
        select id, slug, version, status, title_key, vendor_key, type_key, tags, min_price, max_price, created_at, updated_at,
            setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', codes), 'A')
                || setweight(to_tsvector('english', label_words), 'B') || setweight(to_tsvector('english', description), 'C'),
            summary, view, product_type, vendor, labels
        from json_to_recordset(?::json) as given (
            id uuid, slug text, version int, status text, title_key text, vendor_key text, type_key text, tags text[], min_price bigint,
            max_price bigint, created_at timestamptz, updated_at timestamptz, title text, codes text, label_words text, description text,
            summary json, view json, product_type text, vendor text, labels text[])
        on conflict (id) do update set
            slug = excluded.slug, version = excluded.version, status = excluded.status, title_key = excluded.title_key,
            vendor_key = excluded.vendor_key, type_key = excluded.type_key, tags = excluded.tags, min_price = excluded.min_price,
            max_price = excluded.max_price, created_at = excluded.created_at, updated_at = excluded.updated_at, words = excluded.words,
            summary = excluded.summary, view = excluded.view, product_type = excluded.product_type, vendor = excluded.vendor, labels = excluded.labels
        where present.version < excluded.version
        """;

    /// <summary>One parameter: a JSON array of rows.</summary>
    public const string WriteVariants = """
        insert into variant_entry (
            id, product_id, sku, product_title, variant_title, slug, price, compare_at_price, currency, is_published, limits_sales, weight_grams, image_url,
            tax_category)
        select id, product_id, sku, product_title, variant_title, slug, price, compare_at_price, currency, is_published, limits_sales, weight_grams, image_url, tax_category
        from json_to_recordset(?::json) as given (
            id uuid, product_id uuid, sku text, product_title text, variant_title text, slug text, price bigint, compare_at_price bigint,
            currency text, is_published boolean, limits_sales boolean, weight_grams int, image_url text, tax_category text)
        on conflict (id) do update set
            sku = excluded.sku, product_title = excluded.product_title, variant_title = excluded.variant_title, slug = excluded.slug,
            price = excluded.price, compare_at_price = excluded.compare_at_price, currency = excluded.currency,
            is_published = excluded.is_published, limits_sales = excluded.limits_sales, weight_grams = excluded.weight_grams,
            image_url = excluded.image_url, tax_category = excluded.tax_category
        """;

    public const string DeleteVariants = "delete from variant_entry where id = any(?)";

    public const string RememberFormerSlug =
        "insert into product_former_slug (slug, product_id) values (?, ?) on conflict (slug) do update set product_id = excluded.product_id";

    public const string ForgetFormerSlugs = "delete from product_former_slug where slug = any(?)";
}
