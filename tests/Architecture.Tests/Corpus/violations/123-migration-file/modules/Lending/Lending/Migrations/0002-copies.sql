create table if not exists loan_copy (id uuid primary key);
insert into loan_copy
select id
from shelves.mt_doc_copy; -- finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
