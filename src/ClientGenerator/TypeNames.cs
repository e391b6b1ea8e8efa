using System.Text.Json.Nodes;

namespace ModularMonolith.ClientGenerator;

/// <summary>Which C# type stands for a schema.</summary>
internal sealed class TypeNames(JsonObject document)
{
    private const string PagePrefix = "PageOf";
    private const string Anything = "global::System.Text.Json.JsonElement";

    private readonly HashSet<string> _selectable = [.. Selectable(document)];
    private readonly JsonObject _schemas = document["components"]?["schemas"]?.AsObject() ?? [];

    /// <summary>The schemas that become types of their own, by name.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> Own => _schemas
        .Select(static schema => KeyValuePair.Create(schema.Key, schema.Value!.AsObject()))
        .Where(schema => schema.Key != "Problem" && !IsPage(schema.Key) && (schema.Value["properties"] is not null || schema.Value["enum"] is not null));

    /// <summary>The fields that a value always has. Those of which a list can leave some out, when it is asked to, are always asked for as a whole.</summary>
    public HashSet<string> Required(string name) => [.. (_selectable.Contains(name)
        ? _schemas[name]!["properties"]!.AsObject().Select(static member => member.Key)
        : _schemas[name]!["required"]?.AsArray().Select(static member => (string)member!) ?? [])];

    /// <summary>The type, with a question mark where null is possible.</summary>
    /// <exception cref="InvalidOperationException">The schema is of a kind that this generator does not know.</exception>
    public string Of(JsonNode? schema)
    {
        var node = schema as JsonObject ?? [];
        if (node["oneOf"] is JsonArray { Count: 2 } choice && choice.FirstOrDefault(static part => (string?)(part!["type"] as JsonValue) == "null") is { } none)
        {
            return Nullable(Of(choice.First(part => part != none)));
        }

        if ((string?)node["$ref"] is { } reference)
        {
            return OfComponent(reference[(reference.LastIndexOf('/') + 1)..]);
        }

        var types = node["type"] switch
        {
            JsonArray several => several.Select(static type => (string)type!).ToList(),
            JsonValue one => [(string)one!],
            _ => [],
        };
        var isNullable = types.Remove("null");
        var name = types switch
        {
            [] => Anything,
            [var type] => OfType(type, node),
            _ => throw new InvalidOperationException($"No C# type is {node.ToJsonString()}."),
        };
        return isNullable ? Nullable(name) : name;
    }

    /// <summary>Of a page of a list, what is listed; null for anything else.</summary>
    public string? ItemOf(JsonNode? schema) => (string?)schema?["$ref"] is { } reference && reference[(reference.LastIndexOf('/') + 1)..] is var name && IsPage(name)
        ? Of(_schemas[name]!["properties"]!["items"]!["items"])
        : null;

    public static string Nullable(string type) => type.EndsWith('?') ? type : type + "?";

    private static IEnumerable<string> Selectable(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Value is JsonObject described && (described["parameters"]?.AsArray() ?? []).Any(static parameter => (string?)parameter!["name"] == Operation.FieldSelection)
        let page = (string?)operation.Value["responses"]?["200"]?["content"]?["application/json"]?["schema"]?["$ref"]
        where page is not null
        let item = (string?)document["components"]!["schemas"]![page[(page.LastIndexOf('/') + 1)..]]!["properties"]?["items"]?["items"]?["$ref"]
        where item is not null
        select item[(item.LastIndexOf('/') + 1)..];

    private string OfComponent(string name)
    {
        var schema = _schemas[name]!.AsObject();
        return IsPage(name) ? $"Page<{Of(schema["properties"]!["items"]!["items"])}>"
            : schema["properties"] is not null || schema["enum"] is not null ? Naming.Pascal(name)
            : Of(schema);
    }

    private string OfType(string type, JsonObject node) => (type, (string?)node["format"]) switch
    {
        ("string", "uuid") => "global::System.Guid",
        ("string", "date-time") => "global::System.DateTimeOffset",
        ("string", "date") => "global::System.DateOnly",
        ("string", _) => "string",
        ("integer", "int32") => "int",
        ("integer", _) => "long",
        ("number", _) => "double",
        ("boolean", _) => "bool",
        ("array", _) => $"global::System.Collections.Generic.IReadOnlyList<{Of(node["items"])}>",
        ("object", _) when node["properties"] is JsonObject members => SameAs(members),
        ("object", _) when node["additionalProperties"] is JsonObject values => $"global::System.Collections.Generic.IReadOnlyDictionary<string, {Of(values)}>",
        _ => Anything,
    };

    // A nullable value of a named schema is sometimes written out in its place.
    private string SameAs(JsonObject members) => Own.FirstOrDefault(schema => schema.Value["properties"] is JsonObject named
            && named.Select(static member => member.Key).Order(StringComparer.Ordinal).SequenceEqual(members.Select(static member => member.Key).Order(StringComparer.Ordinal))).Key is { } name
        ? Naming.Pascal(name)
        : Anything;

    private bool IsPage(string name) => name.StartsWith(PagePrefix, StringComparison.Ordinal) && _schemas[name]?["properties"] is JsonObject { Count: 2 } members
        && members.ContainsKey("items") && members.ContainsKey("next");
}
