using System.Text.Json.Nodes;

namespace ModularMonolith.ClientGenerator;

/// <summary>Writes a class for each module, with a method for each operation, and the class that holds them.</summary>
internal sealed class ClientWriter(JsonObject document)
{
    private readonly TypeNames _types = new(document);
    private readonly CodeWriter _code = new();

    public string Write()
    {
        var modules = Operation.Of(document, _types).GroupBy(static operation => operation.Module).OrderBy(static module => module.Key, StringComparer.Ordinal).ToList();
        WriteRoot([.. modules.Select(static module => module.Key)]);
        foreach (var module in modules)
        {
            _code.Line();
            _code.Comment("summary", Purpose(module.Key));
            _code.Open($"public sealed class {Naming.Pascal(module.Key)}Client");
            _code.Line("private readonly ApiConnection _connection;").Line();
            _code.Line($"internal {Naming.Pascal(module.Key)}Client(ApiConnection connection) => _connection = connection;");
            foreach (var operation in module.OrderBy(static operation => operation.Name, StringComparer.Ordinal))
            {
                new OperationWriter(operation, _code).Write();
            }

            _code.Close();
        }

        return _code.ToString();
    }

    private void WriteRoot(List<string> modules)
    {
        _code.Line();
        _code.Comment("summary", "The shop's HTTP API, module by module.");
        _code.Open("public sealed partial class CommerceClient");
        _code.Comment("summary", "A client that sends with what is given, which has the API's address as its BaseAddress, and the handlers that the caller wants.");
        _code.Comment("param name=\"http\"", "It is not disposed of.");
        _code.Open("public CommerceClient(global::System.Net.Http.HttpClient http)");
        _code.Line("var connection = new ApiConnection(http);");
        foreach (var module in modules)
        {
            _code.Line($"{Naming.Pascal(module)} = new {Naming.Pascal(module)}Client(connection);");
        }

        _code.Close();
        foreach (var module in modules)
        {
            _code.Line();
            _code.Comment("summary", Purpose(module));
            _code.Line($"public {Naming.Pascal(module)}Client {Naming.Pascal(module)} {{ get; }}");
        }

        _code.Close();
    }

    private string Purpose(string module) =>
        (document["tags"]?.AsArray() ?? []).FirstOrDefault(tag => (string?)tag!["name"] == module)?["description"]?.ToString() ?? $"The operations of {module}.";
}
