using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts;

/// <summary>OpenAPI 3.1 documents as contracts: in parts by owner, in an order that depends on nothing but the content, put together again.</summary>
public static class ContractDocument
{
    /// <summary>The owner of the operations that belong to no module.</summary>
    public const string Platform = "platform";

    private const string ModuleRoutes = "/api/";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    private static readonly string[] ComponentKinds = ["schemas", "parameters", "headers", "responses", "requestBodies", "examples", "securitySchemes"];

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Takes a document apart: an operation below <c>/api/{module}</c> belongs to that module, any other to the platform. Each part has the components that it uses.</summary>
    /// <param name="document">The whole document.</param>
    /// <param name="modules">The modules' names.</param>
    /// <returns>The parts by owner; owners without operations are left out.</returns>
    public static IReadOnlyDictionary<string, JsonObject> Split(JsonObject document, IReadOnlyCollection<string> modules) => Paths(document)
        .GroupBy(path => OwnerOf(path.Key, modules))
        .ToDictionary(static group => group.Key, group => Part(document, group.Key, [.. group]), StringComparer.Ordinal);

    /// <summary>Puts parts of one document together again.</summary>
    /// <param name="parts">The parts, of one moment.</param>
    /// <returns>The document with all operations and components.</returns>
    /// <exception cref="InvalidOperationException">Two parts have different components of one name; they are not of one moment.</exception>
    public static JsonObject Merge(IEnumerable<JsonObject> parts)
    {
        var paths = new JsonObject();
        var components = new JsonObject();
        var tags = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        JsonNode? info = null;
        foreach (var part in parts)
        {
            info ??= part["info"]?.DeepClone();
            foreach (var (path, item) in Paths(part))
            {
                paths[path] = item!.DeepClone();
            }

            foreach (var tag in part["tags"]?.AsArray() ?? [])
            {
                tags[(string)tag!["name"]!] = tag.DeepClone();
            }

            foreach (var (kind, named) in part["components"]?.AsObject() ?? [])
            {
                Add(components, kind, named!.AsObject());
            }
        }

        return new JsonObject { ["openapi"] = "3.1.1", ["info"] = info ?? new JsonObject { ["title"] = "API", ["version"] = "v1" }, ["tags"] = new JsonArray([.. tags.Values]), ["paths"] = paths, ["components"] = components };
    }

    /// <summary>The text of a part as it is kept in a file: indented, with a line break at its end.</summary>
    /// <param name="document">The part.</param>
    /// <returns>The text.</returns>
    public static string Write(JsonObject document) => document.ToJsonString(Readable) + "\n";

    /// <summary>Reads a document.</summary>
    /// <param name="text">JSON.</param>
    /// <returns>The document.</returns>
    /// <exception cref="FormatException">It is not the JSON of an OpenAPI document.</exception>
    public static JsonObject Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject document && document["openapi"] is not null ? document : throw new FormatException("This is no OpenAPI document: it has no member 'openapi'.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"This is no JSON: {exception.Message}", exception);
        }
    }

    internal static IEnumerable<(string Method, string Path, JsonObject Operation)> Operations(JsonObject document) =>
        from path in Paths(document)
        from member in path.Value!.AsObject()
        where Methods.Contains(member.Key)
        select (member.Key, path.Key, member.Value!.AsObject());

    /// <summary>What stands behind <c>$ref</c>, or the node itself.</summary>
    /// <param name="document">The document that both are part of.</param>
    /// <param name="node">A schema, parameter, header or answer.</param>
    /// <returns>The thing itself.</returns>
    /// <exception cref="InvalidOperationException">The reference leads nowhere.</exception>
    public static JsonObject Resolve(JsonObject document, JsonNode node)
    {
        var found = node.AsObject();
        for (var depth = 0; found["$ref"] is { } reference; depth++)
        {
            found = depth < 20 && Target(document, (string)reference!) is { } target
                ? target
                : throw new InvalidOperationException($"'{reference}' leads nowhere in this document.");
        }

        return found;
    }

    private static JsonObject Paths(JsonObject document) => document["paths"]?.AsObject() ?? [];

    private static JsonObject? Target(JsonObject document, string reference) =>
        reference.Split('/') is ["#", "components", var kind, var name] ? document["components"]?[kind]?[name] as JsonObject : null;

    private static string OwnerOf(string path, IReadOnlyCollection<string> modules) =>
        path.StartsWith(ModuleRoutes, StringComparison.Ordinal) && path[ModuleRoutes.Length..].Split('/')[0] is var module && modules.Contains(module) ? module : Platform;

    private static JsonObject Part(JsonObject document, string owner, IReadOnlyList<KeyValuePair<string, JsonNode?>> owned)
    {
        var paths = new JsonObject();
        foreach (var (path, item) in owned.OrderBy(static path => path.Key, StringComparer.Ordinal))
        {
            var operations = new JsonObject();
            foreach (var (key, value) in item!.AsObject().OrderBy(static member => Array.IndexOf(Methods, member.Key)))
            {
                operations[key] = Ordered(value!);
            }

            paths[path] = operations;
        }

        var part = new JsonObject
        {
            ["openapi"] = document["openapi"]!.DeepClone(),
            ["info"] = new JsonObject { ["title"] = $"{document["info"]?["title"]}: {owner}", ["version"] = document["info"]?["version"]?.DeepClone() },
            ["servers"] = document["servers"]?.DeepClone(),
            ["paths"] = paths,
            ["components"] = UsedComponents(document, paths),
        };
        AddTags(document, part);
        foreach (var absent in part.Where(static member => member.Value is null).Select(static member => member.Key).ToList())
        {
            part.Remove(absent);
        }

        return part;
    }

    private static void AddTags(JsonObject document, JsonObject part)
    {
        var used = Operations(part).SelectMany(static operation => operation.Operation["tags"]?.AsArray() ?? []).Select(static tag => (string?)tag).ToHashSet();
        var tags = (document["tags"]?.AsArray() ?? []).Where(tag => used.Contains((string?)tag?["name"])).OrderBy(static tag => (string?)tag!["name"], StringComparer.Ordinal).ToList();
        if (tags.Count > 0)
        {
            part["tags"] = new JsonArray([.. tags.Select(static tag => tag!.DeepClone())]);
        }
    }

    private static JsonObject UsedComponents(JsonObject document, JsonObject paths)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        Collect(paths);
        foreach (var scheme in paths.SelectMany(static path => path.Value!.AsObject()).SelectMany(static operation => (operation.Value as JsonObject)?["security"]?.AsArray() ?? []).SelectMany(static requirement => requirement!.AsObject()))
        {
            used.Add($"#/components/securitySchemes/{scheme.Key}");
        }

        var components = new JsonObject();
        foreach (var kind in ComponentKinds)
        {
            var named = new JsonObject();
            foreach (var reference in used.Where(reference => reference.StartsWith($"#/components/{kind}/", StringComparison.Ordinal)))
            {
                named[reference[(reference.LastIndexOf('/') + 1)..]] = Ordered(Target(document, reference) ?? throw new InvalidOperationException($"'{reference}' leads nowhere in this document."));
            }

            if (named.Count > 0)
            {
                components[kind] = named;
            }
        }

        return components;

        void Collect(JsonNode? node)
        {
            if (node is JsonArray items)
            {
                foreach (var item in items)
                {
                    Collect(item);
                }
            }

            foreach (var (key, value) in node as JsonObject ?? [])
            {
                if (key == "$ref" && value is JsonValue text && used.Add((string)text!))
                {
                    Collect(Target(document, (string)text!));
                }
                else
                {
                    Collect(value);
                }
            }
        }
    }

    // Answers, headers and required members have no order of their own; members of a schema keep theirs, which people have chosen.
    private static JsonNode Ordered(JsonNode node)
    {
        switch (node)
        {
            case JsonArray items:
                return new JsonArray([.. items.Select(static item => item is null ? null : Ordered(item))]);
            case JsonObject members:
                var ordered = new JsonObject();
                foreach (var (key, value) in members)
                {
                    ordered[key] = key switch
                    {
                        "responses" or "headers" when value is JsonObject named && !IsSchema(named) => Ordered(new JsonObject(named.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())))),
                        "required" or "type" when value is JsonArray names => new JsonArray([.. names.Select(static name => (string)name!).Order(StringComparer.Ordinal).Select(static name => (JsonNode)name)]),
                        _ => value is null ? null : Ordered(value),
                    };
                }

                return ordered;
            default:
                return node.DeepClone();
        }
    }

    // A member of an answer may be called "headers"; what describes it has no members that are objects with a description of an answer.
    private static bool IsSchema(JsonObject node) => node.ContainsKey("$ref") || node["type"] is not null and not JsonObject;

    private static void Add(JsonObject components, string kind, JsonObject named)
    {
        if (components[kind] is not JsonObject all)
        {
            components[kind] = all = [];
        }

        foreach (var (name, component) in named)
        {
            if (all[name] is { } present && !JsonNode.DeepEquals(present, component))
            {
                throw new InvalidOperationException($"'{name}' is not the same in all parts. Save all contracts anew, at once.");
            }

            all[name] = component!.DeepClone();
        }
    }
}
