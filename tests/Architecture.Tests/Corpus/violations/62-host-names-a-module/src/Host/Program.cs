System.Console.WriteLine(new ModularMonolith.Readers.Contracts.GetReader(System.Guid.Empty)); // finds: host-names-no-module "creates ModularMonolith.Readers.Contracts.GetReader" → ModularMonolith.Readers.Contracts.GetReader
return await ModularMonolith.Platform.Hosting.ModularMonolithHost.RunAsync(args);
