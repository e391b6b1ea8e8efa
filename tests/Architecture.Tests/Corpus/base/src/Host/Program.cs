return await ModularMonolith.Platform.Hosting.ModularMonolithHost.RunAsync(args);
