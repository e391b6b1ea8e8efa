namespace ModularMonolith.Platform.Timers;

internal static class TimerSchema
{
    /// <summary>What a module keeps of its timers and recurring jobs in its own schema; run as the module's role.</summary>
    // Procedures, because a function's call would add a result set to the batch, out of step with those of the other writes.
    public const string Tables = """
        create table if not exists log_timer (
            id uuid primary key,
            name varchar(100) not null,
            payload jsonb not null,
            headers jsonb not null,
            due_at timestamptz not null,
            next_attempt_at timestamptz not null,
            attempts integer not null default 0,
            state varchar(20) not null default 'waiting',
            error text not null default '',
            created_at timestamptz not null default clock_timestamp()
        );
        create index if not exists log_timer_due on log_timer (next_attempt_at) where state = 'waiting';
        create table if not exists log_job (
            name varchar(100) primary key,
            next_at timestamptz not null,
            attempts integer not null default 0,
            error text not null default '',
            last_run_at timestamptz
        );
        alter table log_timer add column if not exists errors jsonb not null default '[]';
        alter table log_timer add column if not exists settled_at timestamptz;
        create index if not exists log_timer_ended on log_timer (state, next_attempt_at, id) where state <> 'waiting';
        alter table log_job add column if not exists schedule varchar(200) not null default '';
        alter table log_audit add column if not exists timer_id uuid;
        alter table log_audit add column if not exists timer varchar(100);
        alter table log_audit alter column subscription drop not null;
        alter table log_audit alter column position drop not null;
        create index if not exists log_audit_timer on log_audit (timer_id) where timer_id is not null;
        create or replace procedure fire_log_timer(timer uuid, expected_due timestamptz)
            language plpgsql set search_path from current as
        $$
        begin
            delete from log_timer where id = timer and due_at = expected_due and state = 'waiting';
            if not found then
                raise exception 'The timer % is not due any more: it was cancelled, set anew or has fired.', timer using errcode = 'MM001';
            end if;
        end
        $$;
        create or replace procedure finish_log_job(job text, expected timestamptz, following timestamptz, ran_at timestamptz)
            language plpgsql set search_path from current as
        $$
        begin
            update log_job set next_at = following, attempts = 0, error = '', last_run_at = ran_at where name = job and next_at = expected;
            if not found then
                raise exception 'The job % has run for % already.', job, expected using errcode = 'MM001';
            end if;
        end
        $$;
        """;
}
