-- Nothing here is of shelves.mt_doc_copy.
create table if not exists fine (id uuid primary key, note text default 'see shelves.copy');
comment on table fine is 'What readers.reader owes; select * from shelves.copy would tell why.';
insert into lending.fine (id) select loan.id from mt_doc_loan as loan on conflict do nothing;
create or replace function fine_total() returns bigint language sql as $$ select count(*) from fine $$;
