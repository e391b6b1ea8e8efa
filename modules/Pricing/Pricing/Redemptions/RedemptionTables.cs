namespace ModularMonolith.Pricing.Redemptions;

/// <summary>
/// What is used of limited discounts. <c>usage_counter</c> has what was reserved and used so far for each limit; <c>redemption</c> has what each reservation holds, so that it can be
/// given back. A reservation whose time is over counts in the counters until it is released, and is left out of account where that matters (see <see cref="ExpiredOf"/>).
/// </summary>
internal static class RedemptionTables
{
    public const string Script = """
        create table if not exists usage_counter (
            key text collate "C" primary key,
            used bigint not null
        ) with (fillfactor = 70);
        create table if not exists redemption (
            id uuid primary key,
            status text not null check (status in ('reserved', 'consumed', 'returned')),
            keys text[] not null,
            amounts bigint[] not null,
            reference text,
            quote_id uuid,
            expires_at timestamptz not null,
            settled_at timestamptz
        );
        create index if not exists redemption_reserved on redemption (expires_at) where status = 'reserved';
        create index if not exists redemption_of_quote on redemption (quote_id) where status = 'reserved' and quote_id is not null;
        create index if not exists redemption_settled on redemption (settled_at) where settled_at is not null
        """;

    private const string HeldOf = "coalesce((select sum(held.amount)::bigint from redemption r, unnest(r.keys, r.amounts) as held (key, amount) where r.status = 'reserved' and held.key = c.key";

    /// <summary>What reservations whose time is over hold of the counter <c>c</c>; there are few, because they are released every minute.</summary>
    private const string ExpiredOf = HeldOf + " and r.expires_at <= $2), 0)";

    /// <summary>The same with what is reserved for the quote <c>$5</c> itself.</summary>
    private const string ExpiredOrOwnOf = HeldOf + " and (r.expires_at <= $2 or r.quote_id = $5)), 0)";

    /// <summary>Counts what is wanted where the limit allows it, in the order of the keys, so that reservations wait for each other in a line and never in a circle. All counters are locked, also those that did not allow it.</summary>
    public const string Take = """
        with wanted as (select * from unnest($1::text[], $2::bigint[], $3::bigint[]) as w (key, amount, most))
        insert into usage_counter as c (key, used)
        select key, amount from wanted where amount <= most and not exists (select from redemption where id = $4) order by key
        on conflict (key) do update set used = c.used + excluded.used
            where c.used + excluded.used <= (select most from wanted where wanted.key = excluded.key)
        returning c.key
        """;

    /// <summary>
    /// Tries counters again that did not allow it, which this transaction has locked, without what has expired and what the same quote holds. What that holds stays until its time is
    /// over, so a counter may stand above its limit for a while; no more is given than the limit.
    /// </summary>
    public const string TakeAgain = $"""
        with wanted as (select * from unnest($1::text[], $3::bigint[], $4::bigint[]) as w (key, amount, most))
        update usage_counter c set used = c.used + wanted.amount from wanted
        where c.key = wanted.key and c.used + wanted.amount - {ExpiredOrOwnOf} <= wanted.most
        returning c.key
        """;

    public const string Read = $"select c.key, c.used - {ExpiredOf} from usage_counter c where c.key = any($1)";

    /// <summary>All counters of a promotion that are not about one customer; <c>$1</c> up to <c>$3</c> is the range of its keys.</summary>
    public const string ReadRange = $"select c.key, c.used - {ExpiredOf} from usage_counter c where c.key >= $1 and c.key < $3";

    private const string GiveBackFreed = """
        locked as (select c.key from usage_counter c where c.key in (select key from freed) order by c.key for update)
        update usage_counter c set used = c.used - freed.amount from freed join locked using (key) where c.key = freed.key
        """;

    public const string GiveBack = $"with freed as (select key, sum(amount)::bigint as amount from unnest(?::text[], ?::bigint[]) as held (key, amount) group by key), {GiveBackFreed}";

    public const string Add = """
        insert into usage_counter as c (key, used)
        select key, sum(amount)::bigint from unnest(?::text[], ?::bigint[]) as held (key, amount) group by key order by key
        on conflict (key) do update set used = c.used + excluded.used
        """;

    public const string Insert = """
        insert into redemption (id, status, keys, amounts, reference, quote_id, expires_at, settled_at)
        values (?, ?, ?::text[], ?::bigint[], nullif(?, ''), nullif(?, '00000000-0000-0000-0000-000000000000'::uuid), ?, case when ? then ?::timestamptz end)
        """;

    public const string Prolong = "update redemption set expires_at = greatest(expires_at, ?) where id = ? and status = 'reserved'";

    /// <summary>What is reserved for a quote at a moment.</summary>
    public const string ReadOwn = """
        select held.key, sum(held.amount)::bigint from redemption r, unnest(r.keys, r.amounts) as held (key, amount)
        where r.quote_id = $1 and r.status = 'reserved' and r.expires_at > $2 group by held.key
        """;

    public const string Settle = """
        update redemption set status = ?, reference = settled.reference, settled_at = ? from unnest(?::uuid[], ?::text[]) as settled (id, reference)
        where redemption.id = settled.id
        """;

    public const string Find = "select id, status, keys, amounts, expires_at from redemption where id = any($1)";

    public const string Lock = Find + " order by id for update";

    public const string ReleaseExpired = $"""
        with expired as (
            delete from redemption where id in (select id from redemption where status = 'reserved' and expires_at <= ? order by expires_at limit ? for update skip locked)
            returning keys, amounts),
        freed as (select held.key, sum(held.amount)::bigint as amount from expired, unnest(expired.keys, expired.amounts) as held (key, amount) group by held.key), {GiveBackFreed}
        """;

    /// <summary>Releases one reservation whose time is over, at once, so that it can be made anew.</summary>
    public const string ReleaseOne = $"""
        with expired as (delete from redemption where id = $1 and status = 'reserved' and expires_at <= $2 returning keys, amounts),
        freed as (select held.key, held.amount from expired, unnest(expired.keys, expired.amounts) as held (key, amount)), {GiveBackFreed} returning c.key
        """;

    public const string Forget = "delete from redemption where id in (select id from redemption where settled_at < ? order by settled_at limit ? for update skip locked)";
}
