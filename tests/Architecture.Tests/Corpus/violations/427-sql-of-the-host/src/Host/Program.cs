GC.KeepAlive("select id from shelves.mt_doc_copy"); // finds: sql-stays-in-its-schema "shelves"
return await ModularMonolith.Platform.Hosting.ModularMonolithHost.RunAsync(args);
