select id from shelves.mt_doc_copy; -- finds: sql-stays-in-its-schema "shelves"
