namespace ModularMonolith.Platform.IntegrationLog;

internal static class LogSchema
{
    public const string Name = "integration";

    /// <summary>SQLSTATE of a commit that found its cursor, or the event it was retrying, moved by somebody else. Ours, so that nothing takes it for a conflict that passes.</summary>
    public const string Moved = "MM001";

    /// <summary>The log itself; run by the admin.</summary>
    // The position is drawn after the transaction has its id: a reader that sees a later position can then tell from its
    // snapshot whether the writer of a missing one may still commit.
    // Nobody may insert "producer", so the default stamps the login role and no module can speak for another.
    public const string Log = "create schema if not exists integration;\n" + CursorTables.Guard + """

        create sequence if not exists integration.message_position;
        create or replace function integration.next_position() returns bigint
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        begin
            perform pg_current_xact_id();
            return nextval('integration.message_position');
        end
        $$;
        do $$
        begin
            -- The log's first version had one table; it becomes the partition for everything that no month has yet.
            if exists (select from pg_class where oid = to_regclass('integration.message') and relkind = 'r') then
                alter table integration.message drop constraint message_pkey;
                alter table integration.message rename to message_default;
                alter index integration.message_name_position rename to message_default_name_position;
            end if;
        end
        $$;
        create table if not exists integration.message (
            position bigint not null default integration.next_position(),
            id uuid not null,
            producer text not null default current_user,
            name varchar(200) not null,
            version integer not null,
            key varchar(200) not null,
            payload jsonb not null,
            headers jsonb not null,
            occurred_at timestamptz not null default clock_timestamp(),
            imported boolean not null default false,
            primary key (position, occurred_at)
        ) partition by range (occurred_at);
        create index if not exists message_name_position on integration.message (name, position);
        do $$
        begin
            if not exists (select from pg_attribute where attrelid = 'integration.message'::regclass and attname = 'imported') then
                alter table integration.message add column imported boolean not null default false;
            end if;
            if to_regclass('integration.message_default') is null then
                create table integration.message_default partition of integration.message default;
            elsif not exists (select from pg_inherits where inhrelid = 'integration.message_default'::regclass) then
                alter table integration.message_default add column imported boolean not null default false;
                alter table integration.message attach partition integration.message_default default;
            end if;
        end
        $$;
        create table if not exists integration.policy (
            only_one boolean primary key default true check (only_one),
            keep_months integer check (keep_months >= 1)
        );
        insert into integration.policy default values on conflict do nothing;
        """;

    /// <summary>
    /// Writes an event on behalf of a producer outside of this database, with its id, its time and a mark. It refuses to do so for a role that writes to this log itself: nobody
    /// outside speaks for a module that lives here. The admin is no module, and with <c>Database:Isolation=Schema</c> it is everybody's login.
    /// </summary>
    public const string Import = """
        create or replace function integration.import_message(
                message_id uuid, message_producer text, message_name text, message_version integer, message_key text, message_payload jsonb, message_headers jsonb,
                message_time timestamptz)
            returns void language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        begin
            if exists (
                select from pg_roles
                where rolname = message_producer and rolname <> current_user and has_schema_privilege(oid, 'integration', 'usage')) then
                raise exception 'The producer % lives in this database, and nobody else speaks for it.', message_producer using errcode = 'MM002';
            end if;
            insert into integration.message (id, producer, name, version, key, payload, headers, occurred_at, imported)
            values (message_id, message_producer, message_name, message_version, message_key, message_payload, message_headers,
                least(message_time, clock_timestamp()), true);
        end
        $$;
        """;

    /// <summary>
    /// Gives each month a partition, ahead of time, and drops those that are older than the policy keeps and that every subscription has behind it. It works by the policy
    /// that the admin set and takes no parameters, so that any module may call it and none can drop anything.
    /// </summary>
    public const string Retention = """
        create or replace function integration.maintain() returns integer
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        declare
            month timestamptz;
            part text;
            slowest bigint;
            behind bigint;
            last bigint;
            kept integer := (select keep_months from integration.policy);
            dropped integer := 0;
            locked boolean := false;
        begin
            if not pg_try_advisory_xact_lock(5570193258213113857) then
                return 0;
            end if;
            perform set_config('timezone', 'UTC', true);
            for month in
                select distinct date_trunc('month', occurred_at) from integration.message_default
                union select date_trunc('month', clock_timestamp()) + make_interval(months => ahead) from generate_series(0, 2) ahead
                order by 1
            loop
                part := 'message_' || to_char(month, 'YYYY_MM');
                if to_regclass('integration.' || part) is null then
                    if not locked then
                        -- A statement that was planned before and runs after would look for the moved events where they were, find none, and its reader would pass over them. So nobody
                        -- may be in between; whoever writes for longer than this is waited for in an hour, which is soon enough for months to come.
                        begin
                            set local lock_timeout = '1s';
                            lock table integration.message in access exclusive mode;
                            locked := true;
                        exception when lock_not_available then
                            return 0;
                        end;
                    end if;
                    execute format('create table integration.%I (like integration.message including defaults including indexes)', part);
                    execute format('with moved as (delete from integration.message_default where occurred_at >= %L and occurred_at < %L returning *) insert into integration.%I select * from moved',
                        month, month + interval '1 month', part);
                    execute format('alter table integration.message attach partition integration.%I for values from (%L) to (%L)', part, month, month + interval '1 month');
                end if;
            end loop;
            if kept is null then
                return 0;
            end if;
            for part in select format('%I.log_cursor', nspname) from pg_class join pg_namespace n on n.oid = relnamespace where relname = 'log_cursor' and relkind = 'r' loop
                -- Where a module's cursors cannot be told, nothing is behind all of them.
                if not integration.is_plain_cursor(part) then
                    return 0;
                end if;
                execute 'select min(position) from only ' || part into behind;
                slowest := least(slowest, behind);
            end loop;
            for part in
                select relname from pg_inherits join pg_class c on c.oid = inhrelid
                where inhparent = 'integration.message'::regclass and relname ~ '^message_[0-9]{4}_[0-9]{2}$'
                  and relname < 'message_' || to_char(clock_timestamp() - make_interval(months => kept), 'YYYY_MM')
                order by relname
            loop
                execute format('select max(position) from integration.%I', part) into last;
                if last is not null and (slowest is null or last > slowest) then
                    exit;
                end if;
                execute format('alter table integration.message detach partition integration.%I', part);
                execute format('drop table integration.%I', part);
                dropped := dropped + 1;
            end loop;
            return dropped;
        end
        $$;
        """;

    /// <summary>What a subscribing module keeps in its own schema; run as the module's role.</summary>
    public const string Subscriptions = """
        create table if not exists log_cursor (
            subscription varchar(100) not null,
            lane integer not null default 0,
            lanes integer not null default 1,
            position bigint not null,
            replay_until bigint not null default 0,
            updated_at timestamptz not null default clock_timestamp(),
            constraint log_cursor_pkey primary key (subscription, lane)
        );
        create table if not exists log_dead_letter (
            subscription varchar(100) not null,
            position bigint not null,
            message_id uuid not null,
            producer text not null default '',
            name varchar(200) not null,
            version integer not null default 1,
            key varchar(200) not null,
            payload jsonb not null,
            headers jsonb not null default '{}',
            occurred_at timestamptz not null default clock_timestamp(),
            state varchar(20) not null default 'parked',
            attempts integer not null,
            next_attempt_at timestamptz not null default clock_timestamp(),
            error text not null,
            errors jsonb not null default '[]',
            parked_at timestamptz not null default clock_timestamp(),
            settled_at timestamptz,
            primary key (subscription, position)
        );
        """;

    /// <summary>Brings the tables of the log's first version to the present shape, and adds what works on them.</summary>
    // Procedures, because a function's call would add a result set to the batch, out of step with those of the other writes.
    public const string SubscriptionRoutines = """
        alter table log_cursor add column if not exists lane integer not null default 0;
        alter table log_cursor add column if not exists lanes integer not null default 1;
        alter table log_cursor add column if not exists replay_until bigint not null default 0;
        do $$
        begin
            if (select array_length(conkey, 1) from pg_constraint where conrelid = 'log_cursor'::regclass and contype = 'p') = 1 then
                alter table log_cursor drop constraint log_cursor_pkey;
                alter table log_cursor add constraint log_cursor_pkey primary key (subscription, lane);
            end if;
        end
        $$;
        alter table log_dead_letter add column if not exists producer text not null default '';
        alter table log_dead_letter add column if not exists version integer not null default 1;
        alter table log_dead_letter add column if not exists headers jsonb not null default '{}';
        alter table log_dead_letter add column if not exists occurred_at timestamptz not null default clock_timestamp();
        alter table log_dead_letter add column if not exists state varchar(20) not null default 'parked';
        alter table log_dead_letter add column if not exists next_attempt_at timestamptz not null default clock_timestamp();
        alter table log_dead_letter add column if not exists errors jsonb not null default '[]';
        alter table log_dead_letter add column if not exists settled_at timestamptz;
        create table if not exists log_audit (
            id bigint generated always as identity primary key,
            at timestamptz not null default clock_timestamp(),
            subscription varchar(100) not null,
            position bigint not null,
            action varchar(20) not null,
            actor text not null,
            reason text not null
        );
        create index if not exists log_audit_subscription on log_audit (subscription, position);
        create index if not exists log_dead_letter_state on log_dead_letter (subscription, state, position);
        create index if not exists log_dead_letter_key on log_dead_letter (subscription, key, position);
        create index if not exists log_dead_letter_unsettled on log_dead_letter (subscription, position)
            where state in ('retrying', 'held', 'parked', 'replay');
        create index if not exists log_dead_letter_open on log_dead_letter (subscription, key, position)
            where state in ('retrying', 'held', 'parked', 'replay');
        drop procedure if exists move_log_cursor(text, bigint, bigint);
        create or replace procedure move_log_cursor(subscription_name text, lane_number integer, lane_count integer, expected bigint, next bigint)
            language plpgsql set search_path from current as
        $$
        begin
            update log_cursor set position = next, updated_at = clock_timestamp()
            where subscription = subscription_name and lane = lane_number and lanes = lane_count and position = expected;
            if not found then
                raise exception 'The cursor of subscription %, lane % of %, does not stand at % any more.', subscription_name, lane_number, lane_count, expected using errcode = 'MM001';
            end if;
        end
        $$;
        create or replace procedure settle_log_dead_letter(subscription_name text, at bigint, expected_attempts integer, in_order boolean)
            language plpgsql set search_path from current as
        $$
        begin
            update log_dead_letter set state = 'settled', settled_at = clock_timestamp()
            where subscription = subscription_name and position = at and attempts = expected_attempts and state in ('retrying', 'held', 'replay');
            if not found or (in_order and exists (
                select from log_dead_letter earlier
                where earlier.subscription = subscription_name and earlier.position < at and earlier.state in ('retrying', 'held', 'parked', 'replay')
                  and earlier.key = (select key from log_dead_letter where subscription = subscription_name and position = at))) then
                raise exception 'The event at % that subscription % was retrying has been dealt with by somebody else.', at, subscription_name using errcode = 'MM001';
            end if;
        end
        $$;
        """;
}
