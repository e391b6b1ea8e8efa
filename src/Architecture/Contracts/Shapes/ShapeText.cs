using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>The file of the JSON of events: sorted, one line for each member.</summary>
internal static class ShapeText
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file.</summary>
    public static string Write(ShapeFile file)
    {
        var events = new JsonObject();
        foreach (var (name, shape) in Sorted(file.Events))
        {
            var json = new JsonObject { ["type"] = shape.Type };
            if (shape.Version is { } version)
            {
                json["version"] = version;
                json["key"] = shape.Key;
                if (shape.Upcasts.Count > 0)
                {
                    json["upcasts"] = new JsonArray([.. shape.Upcasts.Order().Select(static number => JsonValue.Create(number))]);
                }
            }

            json["members"] = Members(shape.Members);
            events[name] = json;
        }

        var types = new JsonObject();
        foreach (var (name, shape) in Sorted(file.Types))
        {
            types[name] = Type(shape);
        }

        return new JsonObject { ["events"] = events, ["types"] = types }.ToJsonString(Pretty) + "\n";
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It was not written by <see cref="Write"/>.</exception>
    public static ShapeFile Read(string text)
    {
        try
        {
            var json = JsonNode.Parse(text)!.AsObject();
            return new ShapeFile(
                json["events"]!.AsObject().ToDictionary(static pair => pair.Key, static pair => Event(pair.Value!), StringComparer.Ordinal),
                json["types"]!.AsObject().ToDictionary(
                    static pair => pair.Key,
                    static pair => Type(pair.Value!),
                    StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new FormatException($"It is no file of events: {exception.Message}", exception);
        }
    }

    private static JsonObject Type(TypeShape shape)
    {
        if (shape.Values is { } values)
        {
            return new JsonObject { ["values"] = new JsonArray([.. values.Order(StringComparer.Ordinal).Select(static value => JsonValue.Create(value))]) };
        }

        var json = new JsonObject { ["members"] = Members(shape.Members!) };
        if (shape.Kinds is { } kinds)
        {
            json["kinds"] = new JsonObject { [kinds.Member] = new JsonObject(Sorted(kinds.Types).Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value)))) };
        }

        return json;
    }

    private static TypeShape Type(JsonNode json)
    {
        if (json["values"] is { } values)
        {
            return new TypeShape(null, [.. values.AsArray().Select(static value => (string)value!)]);
        }

        var kinds = json["kinds"]?.AsObject().Single();
        return new TypeShape(
            Members(json["members"]!), null, kinds is { } found ? new KindsShape(found.Key, found.Value!.AsObject().ToDictionary(static pair => pair.Key, static pair => (string)pair.Value!, StringComparer.Ordinal)) : null);
    }

    private static EventShape Event(JsonNode json) => new(
        (string)json["type"]!, (int?)json["version"], json["upcasts"] is { } list ? [.. list.AsArray().Select(static number => (int)number!)] : [], (string?)json["key"], Members(json["members"]!));

    private static JsonObject Members(IReadOnlyDictionary<string, MemberShape> members) =>
        new(Sorted(members).Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value.ToString()))));

    private static Dictionary<string, MemberShape> Members(JsonNode json) =>
        json.AsObject().ToDictionary(static pair => pair.Key, static pair => MemberShape.Parse((string)pair.Value!), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, T>> Sorted<T>(IReadOnlyDictionary<string, T> items) => items.OrderBy(static pair => pair.Key, StringComparer.Ordinal);
}
