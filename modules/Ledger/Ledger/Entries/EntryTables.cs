namespace ModularMonolith.Ledger.Entries;

/// <summary>
/// Entries with their lines, which the database itself keeps balanced and unchanged, and the sums that follow from them: by order and account, and by day and account. The sums are
/// moved by the same statement that writes the lines.
/// </summary>
internal static class EntryTables
{
    public const string Script = """
        create table if not exists ledger_entry (
            id uuid primary key,
            kind text not null,
            reference text not null,
            source text not null,
            currency text not null check (currency ~ '^[A-Z]{3}$'),
            line_count smallint not null check (line_count >= 2),
            fingerprint text not null,
            occurred_at timestamptz not null,
            booked_at timestamptz not null default now()
        );
        create index if not exists ledger_entry_time on ledger_entry (occurred_at, id);
        create index if not exists ledger_entry_reference on ledger_entry (reference, occurred_at, id);

        create table if not exists ledger_line (
            entry_id uuid not null references ledger_entry,
            line smallint not null check (line >= 1),
            account text not null,
            reference text not null,
            currency text not null,
            debit bigint not null check (debit >= 0),
            credit bigint not null check (credit >= 0),
            provider_reference text,
            occurred_at timestamptz not null,
            primary key (entry_id, line),
            check ((debit = 0) <> (credit = 0))
        );
        create index if not exists ledger_line_time on ledger_line (occurred_at);
        create index if not exists ledger_line_provider on ledger_line (account, occurred_at) where provider_reference is not null;
        create index if not exists ledger_line_movement on ledger_line (provider_reference) where provider_reference is not null;

        create table if not exists ledger_balance (
            reference text not null,
            account text not null,
            currency text not null,
            debit bigint not null,
            credit bigint not null,
            changed_at timestamptz not null,
            primary key (reference, account, currency)
        );
        create index if not exists ledger_balance_open on ledger_balance (changed_at) where account = 'customer' and debit <> credit;

        -- One row for each account and day would be changed by all who book at once; each of them has its own of eight instead.
        create table if not exists ledger_day (
            account text not null,
            currency text not null,
            day date not null,
            shard smallint not null,
            debit bigint not null,
            credit bigint not null,
            primary key (account, currency, day, shard)
        ) with (fillfactor = 50);

        create or replace function ledger_lines_booked() returns trigger
            language plpgsql set search_path from current as
        $$
        declare
            wrong uuid;
        begin
            select line.entry_id into wrong
            from booked line join ledger_entry entry on entry.id = line.entry_id
            group by line.entry_id, entry.line_count
            having sum(line.debit) <> sum(line.credit) or count(*) <> entry.line_count or max(line.line) <> entry.line_count
                or bool_or(line.currency <> entry.currency or line.reference <> entry.reference or line.occurred_at <> entry.occurred_at)
            limit 1;
            if wrong is not null then
                raise exception 'The lines of entry % do not balance, are not all of its lines, or do not fit it.', wrong using errcode = 'check_violation';
            end if;

            -- In one order everywhere, so that two who book at once wait for each other and never both.
            insert into ledger_balance as balance (reference, account, currency, debit, credit, changed_at)
            select reference, account, currency, sum(debit)::bigint, sum(credit)::bigint, now() from booked group by 1, 2, 3 order by 1, 2, 3
            on conflict (reference, account, currency) do update
                set debit = balance.debit + excluded.debit, credit = balance.credit + excluded.credit, changed_at = excluded.changed_at;

            insert into ledger_day as total (account, currency, day, shard, debit, credit)
            select account, currency, (occurred_at at time zone 'UTC')::date, pg_backend_pid() % 8, sum(debit)::bigint, sum(credit)::bigint from booked group by 1, 2, 3 order by 1, 2, 3
            on conflict (account, currency, day, shard) do update set debit = total.debit + excluded.debit, credit = total.credit + excluded.credit;
            return null;
        end
        $$;
        create or replace trigger ledger_lines_booked after insert on ledger_line
            referencing new table as booked for each statement execute function ledger_lines_booked();

        create or replace function ledger_is_append_only() returns trigger
            language plpgsql as
        $$
        begin
            raise exception 'The ledger is append-only: correct an entry by another one.' using errcode = 'restrict_violation';
        end
        $$;
        create or replace trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
            for each statement execute function ledger_is_append_only();
        create or replace trigger ledger_line_append_only before update or delete or truncate on ledger_line
            for each statement execute function ledger_is_append_only();

        create or replace procedure book_entries(entries jsonb)
            language plpgsql set search_path from current as
        $$
        declare
            clash uuid;
        begin
            with given as (
                select * from jsonb_to_recordset(entries) as entry(
                    id uuid, kind text, reference text, source text, currency text, fingerprint text, "occurredAt" timestamptz, lines jsonb)
            ),
            added as (
                insert into ledger_entry (id, kind, reference, source, currency, line_count, fingerprint, occurred_at)
                select id, kind, reference, source, currency, jsonb_array_length(lines), fingerprint, "occurredAt" from given order by id
                on conflict (id) do nothing
                returning id
            )
            insert into ledger_line (entry_id, line, account, reference, currency, debit, credit, provider_reference, occurred_at)
            select given.id, line.ordinal, line.content ->> 'account', given.reference, given.currency,
                (line.content ->> 'debit')::bigint, (line.content ->> 'credit')::bigint, line.content ->> 'providerReference', given."occurredAt"
            from given join added using (id), jsonb_array_elements(given.lines) with ordinality line(content, ordinal);

            select entry.id into clash
            from jsonb_to_recordset(entries) as given(id uuid, fingerprint text) join ledger_entry entry using (id)
            where entry.fingerprint <> given.fingerprint limit 1;
            if clash is not null then
                raise exception 'Entry % was booked before with other lines. Find out which of the two is true; nothing of this one was booked.', clash;
            end if;
        end
        $$;
        """;

    public const string Book = "call book_entries(?::jsonb)";
}
