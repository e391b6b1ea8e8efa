namespace ModularMonolith.Benchmarks.Comparator;

internal static class Tables
{
    /// <summary>The products are copies of the host's rows with the same indexes, so that both sides answer from the same data.</summary>
    public const string Script = """
        create schema comparator;
        create table comparator.product_search (like catalog.product_search including all);
        insert into comparator.product_search select * from catalog.product_search;
        create table comparator.variant_entry (like catalog.variant_entry including all);
        insert into comparator.variant_entry select * from catalog.variant_entry;
        create table comparator.stock (sku text primary key, on_hand int not null, reserved int not null, version int not null, check (reserved between 0 and on_hand));
        insert into comparator.stock select sku, 1000000, 0, 1 from catalog.variant_entry;
        create table comparator.stock_movement (sku text, version int, kind text not null, data jsonb not null, at timestamptz not null default now(), primary key (sku, version));
        create table comparator.reservation (id uuid primary key, lines jsonb not null, status text not null, expires_at timestamptz not null);
        create index on comparator.reservation (status, expires_at);
        create table comparator.basket (id text primary key, lines jsonb not null, version int not null, expires_at timestamptz not null, order_id uuid);
        create index on comparator.basket (expires_at);
        create table comparator.checkout (id uuid primary key, basket_id text not null, lines jsonb not null, expires_at timestamptz not null, status text not null, order_id uuid, version int not null);
        create index on comparator.checkout (basket_id);
        create table comparator.orders (id uuid primary key, data jsonb not null, status text not null, version int not null);
        create index on comparator.orders (status);
        create table comparator.order_event (order_id uuid, version int, type text not null, data jsonb not null, at timestamptz not null default now(), primary key (order_id, version));
        create table comparator.message (position bigint generated always as identity primary key, id uuid not null, name text not null, key text not null, payload jsonb not null, at timestamptz not null default now());
        create table comparator.idempotency (id text primary key, fingerprint text not null, response jsonb not null, at timestamptz not null default now());
        analyze;
        """;
}
