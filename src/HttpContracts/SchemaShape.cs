using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts;

/// <summary>A schema without its wrapping: what stands behind a reference, and behind "null or that".</summary>
internal sealed record SchemaShape(string? Name, JsonObject Node, HashSet<string> Types)
{
    public const string Null = "null";
    public const string Any = "any";

    public static SchemaShape Of(JsonObject document, JsonNode? described)
    {
        var node = described as JsonObject ?? [];
        var isNullable = false;
        if (node["oneOf"] is JsonArray { Count: 2 } choice && choice.FirstOrDefault(static part => (string?)(part!["type"] as JsonValue) == Null) is { } none)
        {
            node = choice.First(part => part != none)!.AsObject();
            isNullable = true;
        }

        var reference = (string?)node["$ref"];
        var target = ContractDocument.Resolve(document, node);
        var types = target["type"] switch
        {
            JsonArray several => several.Select(static type => (string)type!).ToHashSet(StringComparer.Ordinal),
            JsonValue one => [(string)one!],
            _ => [target["enum"] is not null ? "string" : Any],
        };
        if (isNullable)
        {
            types.Add(Null);
        }

        return new SchemaShape(reference?[(reference.LastIndexOf('/') + 1)..], target, types);
    }
}
