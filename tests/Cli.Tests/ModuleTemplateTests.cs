using System.Text.Json.Nodes;
using ModularMonolith.HttpContracts;

namespace ModularMonolith.Cli.Tests;

/// <summary>What a new module's files say.</summary>
public sealed class ModuleTemplateTests : IDisposable
{
    private readonly ScratchRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void The_manifest_says_what_was_asked_for()
    {
        _repository.Add("GiftCards", "team-gifts", "Cards \"of value\", kept in C:\\.");

        Assert.Contains("[Module(\"giftcards\", Owner = \"team-gifts\", Purpose = \"Cards \\\"of value\\\", kept in C:\\\\.\", DependsOn = [])]", _repository.Read("modules/GiftCards/GiftCards/GiftCardsModule.cs"), StringComparison.Ordinal);
        var tag = Contract("GiftCards")["tags"]![0]!;
        Assert.Equal(("giftcards", "Cards \"of value\", kept in C:\\."), ((string)tag["name"]!, (string)tag["description"]!));
    }

    [Theory]
    [InlineData("Academy")]
    [InlineData("Platforms")]
    [InlineData("Zoning")]
    public void Whatever_it_is_called_its_files_are_in_the_order_that_tools_want(string name)
    {
        var created = _repository.Add(name);

        foreach (var path in created.Where(static path => path.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var usings = _repository.Read(path).Split('\n').TakeWhile(static line => line.StartsWith("using ", StringComparison.Ordinal)).Select(static line => line["using ".Length..^1]).ToList();
            Assert.Equal(usings.OrderBy(static used => !used.StartsWith("System", StringComparison.Ordinal)).ThenBy(static used => used, StringComparer.OrdinalIgnoreCase), usings);
        }

        var text = _repository.Read($"modules/{name}/{name}.openapi.json");
        var document = ContractDocument.Read(text);
        var schemas = document["components"]!["schemas"]!.AsObject().Select(static schema => schema.Key).ToList();
        Assert.Equal(schemas.Order(StringComparer.Ordinal), schemas);
        Assert.Equal(text, ContractDocument.Write(document));
    }

    [Fact]
    public void Its_contract_is_complete_and_of_the_API_that_the_platform_describes()
    {
        _repository.Add("Raffles");

        var (contract, platform) = (Contract("Raffles"), JsonNode.Parse(_repository.Read("src/Platform/Platform.openapi.json"))!);
        Assert.Equal(((string)platform["info"]!["title"]!).Replace("platform", "raffles", StringComparison.Ordinal), (string)contract["info"]!["title"]!);
        Assert.Equal(platform["info"]!["version"]!.ToString(), contract["info"]!["version"]!.ToString());
        Assert.True(JsonNode.DeepEquals(platform["components"]!["schemas"]!["Problem"], contract["components"]!["schemas"]!["Problem"]));
        Assert.All(References(contract), reference => ContractDocument.Resolve(contract.AsObject(), new JsonObject { ["$ref"] = reference }));
    }

    [Fact]
    public void Who_may_do_what_is_declared_for_every_operation_of_the_contract()
    {
        _repository.Add("Raffles");

        var declared = _repository.Read("modules/Raffles/Raffles.access.txt").Split('\n').Where(static line => line.Length > 0 && line[0] != '#').ToList();
        var operations = Contract("Raffles")["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        Assert.Equal(operations.Order(StringComparer.Ordinal), declared.Select(static line => string.Join(' ', line.Split(' ')[..2]).Replace(":guid", string.Empty, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        // In columns, below the headings.
        Assert.All(declared, static line => Assert.Matches("^\\S+ \\S+ +401$", line[..76]));
    }

    [Fact]
    public void Every_operation_that_changes_something_is_in_the_file_of_requests()
    {
        _repository.Add("Raffles");

        var requests = _repository.Read("modules/Raffles/Raffles.http");
        Assert.Contains("@module = {{host}}/api/raffles\n", requests, StringComparison.Ordinal);
        Assert.Contains("\nPOST {{module}}/entries\n", requests, StringComparison.Ordinal);
        Assert.Contains("\nPOST {{module}}/entries/{{opened.response.body.$.id}}/close\n", requests, StringComparison.Ordinal);
        Assert.Equal(2, Contract("Raffles")["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject()).Count(static operation => operation.Key != "get"));
    }

    private JsonNode Contract(string module) => JsonNode.Parse(_repository.Read($"modules/{module}/{module}.openapi.json"))!;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static member => member.Key == "$ref" && member.Value is JsonValue text ? [(string)text!] : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
