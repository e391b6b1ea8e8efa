namespace ModularMonolith.Payments.Operations;

/// <summary>
/// The calls that the provider has to be given. A row is written with the event that made it necessary and deleted with the event of its outcome, so the table is as long as what is under way.
/// <c>is_asked</c>: somebody wants it to be tried at once when the attempt that is under way has ended. <c>next_attempt_at</c> is the moment from which anybody may take it: a lease is an attempt in the future.
/// </summary>
internal static class OperationSchema
{
    public const string Tables = """
        create table if not exists provider_operation (
            id uuid primary key, payment_id uuid not null, intent text, body jsonb not null, state text not null default 'waiting',
            next_attempt_at timestamptz not null, is_leased boolean not null, may_have_arrived boolean not null, is_abandoned boolean not null default false,
            attempts integer not null default 0, error text not null default '', created_at timestamptz not null);
        alter table provider_operation add column if not exists is_asked boolean not null default false;
        create index if not exists provider_operation_due on provider_operation (next_attempt_at) where state = 'waiting';
        create index if not exists provider_operation_payment on provider_operation (payment_id);
        create table if not exists received_webhook (id text primary key, received_at timestamptz not null);
        create index if not exists received_webhook_age on received_webhook (received_at);
        create or replace procedure end_operation(operation uuid)
            language plpgsql set search_path from current as
        $$
        begin
            delete from provider_operation where id = operation and not is_leased;
            if not found then
                raise exception 'The operation % is under way, or its outcome is known.', operation using errcode = 'serialization_failure';
            end if;
        end
        $$;
        """;
}
