namespace ModularMonolith.Platform.IntegrationLog;

internal static class LogSchema
{
    public const string Name = "integration";

    /// <summary>The log itself; run by the admin.</summary>
    // The position is drawn after the transaction has its id: a reader that sees a later position can then tell from its
    // snapshot whether the writer of a missing one may still commit.
    // Nobody may insert "producer", so the default stamps the login role and no module can speak for another.
    public const string Log = """
        create schema if not exists integration;
        create sequence if not exists integration.message_position;
        create or replace function integration.next_position() returns bigint
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        begin
            perform pg_current_xact_id();
            return nextval('integration.message_position');
        end
        $$;
        create table if not exists integration.message (
            position bigint primary key default integration.next_position(),
            id uuid not null,
            producer text not null default current_user,
            name varchar(200) not null,
            version integer not null,
            key varchar(200) not null,
            payload jsonb not null,
            headers jsonb not null,
            occurred_at timestamptz not null default clock_timestamp()
        );
        create index if not exists message_name_position on integration.message (name, position);
        """;

    /// <summary>What a subscribing module keeps in its own schema; run as the module's role.</summary>
    public const string Subscriptions = """
        create table if not exists log_cursor (
            subscription varchar(100) primary key,
            position bigint not null,
            updated_at timestamptz not null default clock_timestamp()
        );
        create table if not exists log_dead_letter (
            subscription varchar(100) not null,
            position bigint not null,
            message_id uuid not null,
            name varchar(200) not null,
            key varchar(200) not null,
            payload jsonb not null,
            attempts integer not null,
            error text not null,
            parked_at timestamptz not null default clock_timestamp(),
            primary key (subscription, position)
        );
        -- A procedure, because a function's call would add a result set to the batch, out of step with those of the other writes.
        create or replace procedure move_log_cursor(subscription_name text, expected bigint, next bigint)
            language plpgsql set search_path from current as
        $$
        begin
            update log_cursor set position = next, updated_at = clock_timestamp()
            where subscription = subscription_name and position = expected;
            if not found then
                raise exception 'The cursor of subscription % does not stand at % any more.', subscription_name, expected using errcode = '40001';
            end if;
        end
        $$;
        """;
}
