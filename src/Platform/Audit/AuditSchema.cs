namespace ModularMonolith.Platform.Audit;

internal static class AuditSchema
{
    public const string Name = "audit";

    /// <summary>The tables; run by the admin.</summary>
    // What modules append has no index and no place in the chain yet, so that their transactions neither wait for each other nor pay for the search.
    // Nobody may insert "writer" and "recorded_at": the defaults stamp the login role and the server's clock.
    public const string Tables = """
        create schema if not exists audit;
        create table if not exists audit.pending (
            id uuid not null,
            recorded_at timestamptz not null default clock_timestamp(),
            writer text not null default current_user,
            entry jsonb not null check (jsonb_typeof(entry) = 'object' and pg_column_size(entry) <= 262144)
        );
        create table if not exists audit.entry (
            position bigint primary key,
            id uuid not null,
            recorded_at timestamptz not null,
            writer text not null,
            module text not null,
            operation text not null,
            place text not null,
            subject text,
            client text,
            session text,
            authentication text,
            address text,
            user_agent text,
            trace_id text,
            correlation_id text,
            causation_id text,
            idempotency_key text,
            reason text,
            change_count bigint not null,
            changes text not null,
            hash bytea not null
        );
        create index if not exists entry_id on audit.entry (id);
        create index if not exists entry_recorded_at on audit.entry (recorded_at, position);
        create index if not exists entry_subject on audit.entry (subject, recorded_at, position) where subject is not null;
        create index if not exists entry_module on audit.entry (module, recorded_at, position);
        create index if not exists entry_operation on audit.entry (operation, recorded_at, position);
        create table if not exists audit.resource (
            position bigint not null,
            type text not null,
            id text not null,
            recorded_at timestamptz not null,
            primary key (position, type, id)
        );
        create index if not exists resource_id on audit.resource (id, recorded_at, position);
        create table if not exists audit.chain (
            only_one boolean primary key default true check (only_one),
            position bigint not null default 0,
            hash bytea not null default decode(repeat('00', 32), 'hex'),
            removed_position bigint not null default 0,
            removed_hash bytea not null default decode(repeat('00', 32), 'hex'),
            keep_days integer check (keep_days >= 1)
        );
        insert into audit.chain default values on conflict do nothing;
        """;

    /// <summary>
    /// Moves entries that are committed from the end of the queue to the end of the chain, the older ones first. Whatever is not visible yet stays in the queue, however long its
    /// transaction runs, so none is passed over. A second caller finds the chain's row taken and does nothing.
    /// </summary>
    // What a module wrote cannot make this fail, or nothing would be sealed any more: texts are cut, and what has the wrong form counts as missing.
    public const string Sealing = """
        create or replace function audit.seal(most integer) returns table (sealed integer, waiting double precision)
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        declare
            done integer := 0;
            place bigint;
            digest bytea;
            taken record;
        begin
            if exists (select from audit.pending) then
                select c.position, c.hash into place, digest from audit.chain c for update skip locked;
                if found then
                    for taken in
                        with moved as (
                            delete from audit.pending where ctid = any (array(select ctid from audit.pending limit most)) returning *)
                        select id, recorded_at, writer, coalesce(left(entry ->> 'module', 100), '') as module, coalesce(left(entry ->> 'operation', 200), '') as operation,
                            coalesce(left(entry ->> 'place', 300), '') as place, left(entry ->> 'subject', 200) as subject, left(entry ->> 'client', 200) as client,
                            left(entry ->> 'session', 100) as session, left(entry ->> 'authentication', 100) as authentication, left(entry ->> 'address', 100) as address,
                            left(entry ->> 'userAgent', 200) as user_agent, left(entry ->> 'traceId', 100) as trace_id, left(entry ->> 'correlationId', 200) as correlation_id,
                            left(entry ->> 'causationId', 100) as causation_id, left(entry ->> 'idempotencyKey', 100) as idempotency_key, left(entry ->> 'reason', 500) as reason,
                            case when entry ->> 'changeCount' ~ '^[0-9]{1,9}$' then (entry ->> 'changeCount')::bigint else 0 end as change_count,
                            case jsonb_typeof(entry -> 'changes') when 'array' then entry -> 'changes' else '[]' end as changes
                        from moved order by recorded_at, id
                    loop
                        place := place + 1;
                        digest := sha256(digest || convert_to(json_build_array(
                            1, place, taken.id, (extract(epoch from taken.recorded_at) * 1000000)::bigint, taken.writer, taken.module, taken.operation, taken.place, taken.subject,
                            taken.client, taken.session, taken.authentication, taken.address, taken.user_agent, taken.trace_id, taken.correlation_id, taken.causation_id,
                            taken.idempotency_key, taken.reason, taken.change_count, taken.changes::text)::text, 'UTF8'));
                        insert into audit.entry values (
                            place, taken.id, taken.recorded_at, taken.writer, taken.module, taken.operation, taken.place, taken.subject, taken.client, taken.session, taken.authentication,
                            taken.address, taken.user_agent, taken.trace_id, taken.correlation_id, taken.causation_id, taken.idempotency_key, taken.reason, taken.change_count,
                            taken.changes::text, digest);
                        insert into audit.resource
                            select distinct place, left(coalesce(change ->> 'type', ''), 100), left(change ->> 'id', 200), taken.recorded_at
                            from jsonb_array_elements(taken.changes) change where change ->> 'id' is not null;
                        done := done + 1;
                    end loop;
                    update audit.chain set position = place, hash = digest;
                end if;
            end if;
            return query select done, extract(epoch from clock_timestamp() - min(recorded_at))::double precision from (select recorded_at from audit.pending limit 10000) oldest;
        end
        $$;
        """;

    /// <summary>
    /// Removes the oldest entries when they are past their time, at most 10,000 of them, and remembers where the chain begins from then on. It works by the policy that the admin set
    /// and takes no parameters, so that whoever may call it cannot remove anything else.
    /// </summary>
    public const string Retention = """
        create or replace function audit.retain() returns integer
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        declare
            kept integer;
            last bigint;
            digest bytea;
            removed integer;
        begin
            select keep_days into kept from audit.chain for update skip locked;
            if kept is null then
                return 0;
            end if;
            with oldest as (select position, recorded_at from audit.entry order by position limit 10000)
            select max(position) into last from oldest
            where position < coalesce((select min(position) from oldest where recorded_at >= clock_timestamp() - make_interval(days => kept)), 9223372036854775807);
            if last is null then
                return 0;
            end if;
            select hash into digest from audit.entry where position = last;
            delete from audit.resource where position <= last;
            delete from audit.entry where position <= last;
            get diagnostics removed = row_count;
            update audit.chain set removed_position = last, removed_hash = digest;
            return removed;
        end
        $$;
        """;

    /// <summary>What a module's role may: append.</summary>
    /// <param name="role">The role, quoted.</param>
    public static string GrantToModule(string role) => $"grant usage on schema audit to {role}; grant insert (id, entry) on audit.pending to {role};";

    /// <summary>What the role that seals, searches and verifies may. It cannot write an entry, and nobody but the admin can change one.</summary>
    /// <param name="role">The role, quoted.</param>
    public static string GrantToReader(string role) => $"""
        grant usage on schema audit to {role};
        grant select on audit.entry, audit.resource, audit.chain to {role};
        grant select (recorded_at) on audit.pending to {role};
        grant execute on function audit.seal, audit.retain to {role};
        """;
}
