using ModularMonolith.ClientGenerator;
using ModularMonolith.HttpContracts;

if (args is not [var folder, _, ..])
{
    await Console.Error.WriteLineAsync("Usage: ClientGenerator {folder} {contract}…");
    return 1;
}

try
{
    var contracts = new List<System.Text.Json.Nodes.JsonObject>();
    foreach (var file in args.Skip(1).Order(StringComparer.Ordinal))
    {
        contracts.Add(ContractDocument.Read(await File.ReadAllTextAsync(file)));
    }

    var document = ContractDocument.Merge(contracts);
    Directory.CreateDirectory(folder);
    await File.WriteAllTextAsync(Path.Combine(folder, "Schemas.g.cs"), new SchemaWriter(document).Write());
    await File.WriteAllTextAsync(Path.Combine(folder, "Clients.g.cs"), new ClientWriter(document).Write());
    return 0;
}
catch (Exception exception) when (exception is InvalidOperationException or FormatException or IOException)
{
    await Console.Error.WriteLineAsync("The client cannot be generated: " + exception.Message);
    return 1;
}
