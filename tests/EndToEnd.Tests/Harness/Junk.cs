using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>Makes requests that an OpenAPI document describes, and spoils them in seeded random ways.</summary>
internal sealed class Junk(JsonNode document, int seed)
{
    private static readonly string[] Texts =
        ["", " ", "0", "-1", "null", "x", "true", "1e999", "2147483648", "9223372036854775808", "\0", "\u0000\u0001", "💥", "ﬀ", "\ud83d\ude00", "';--", "%", "../..", "{}", "[]", "\"", "a\r\nb", "0199c000-0000-7000-8000-000000000000", "2026-02-30T25:61:00Z", "EUR"];

    private static readonly string[] Fragments =
        ["{", "}", "[", "]", "{\"a\":", "\"", "nul", "1e999", "-0", "\\u0000", "\\ud800", "{\"\":{}}", "[[[[[[[[[[", ",", "/*", "NaN", "\uFEFF{}"];

    private readonly Random _random = new(seed);

    /// <summary>A path with its parameters filled, and a query.</summary>
    public string Path(string template, JsonNode operation)
    {
        var path = new StringBuilder();
        foreach (var segment in template.Split('/').Skip(1))
        {
            path.Append('/').Append(segment.Contains('{', StringComparison.Ordinal) ? Segment() : segment);
        }

        var separator = '?';
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            if ((string?)parameter!["in"] == "query" && _random.Next(3) > 0)
            {
                path.Append(separator).Append((string)parameter["name"]!).Append('=').Append(Uri.EscapeDataString(Text()));
                separator = '&';
            }
        }

        return _random.Next(10) == 0 ? path.Append(separator).Append("unknown=1").ToString() : path.ToString();
    }

    /// <summary>A value that fits the description.</summary>
    public JsonNode Valid(JsonNode schema) => Sample(schema, 0) ?? new JsonObject();

    /// <summary>A body of a described media type: valid, nearly valid, or nothing of the kind.</summary>
    public (byte[] Bytes, string MediaType)? Body(JsonNode operation)
    {
        if (operation["requestBody"]?["content"]?.AsObject() is not { Count: > 0 } content)
        {
            return _random.Next(8) == 0 ? (RandomBytes(), "application/json") : null;
        }

        var (mediaType, description) = content.ElementAt(_random.Next(content.Count));
        var bytes = _random.Next(10) switch
        {
            0 => RandomBytes(),
            1 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, _random.Next(1, 20)).Select(_ => Pick(Fragments)))),
            2 => Encoding.UTF8.GetBytes(new string('[', 10_000)),
            _ => Encoding.UTF8.GetBytes(Spoil(Sample(description!["schema"], 0))?.ToJsonString() ?? "null"),
        };
        return (bytes, _random.Next(12) == 0 ? "text/plain" : mediaType);
    }

    public IEnumerable<(string Name, string Value)> Headers()
    {
        if (_random.Next(3) > 0)
        {
            yield return ("Idempotency-Key", _random.Next(4) == 0 ? new string('k', 300) : Guid.NewGuid().ToString());
        }

        if (_random.Next(2) == 0)
        {
            yield return ("If-Match", Pick("*", "\"v1\"", "\"v99999999999999999999\"", "v1", "W/\"v1\"", ",", "\"v-1\""));
        }

        if (_random.Next(4) == 0)
        {
            yield return ("If-None-Match", Pick("*", "\"v1\"", "junk", "\"", "W/\"v1\", \"v2\""));
        }

        if (_random.Next(6) == 0)
        {
            yield return ("traceparent", Pick("junk", "00-0-0-00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        }
    }

    private JsonNode? Sample(JsonNode? schema, int depth)
    {
        if (schema is null || depth > 8)
        {
            return null;
        }

        if ((string?)schema["$ref"] is { } reference)
        {
            return Sample(document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]], depth + 1);
        }

        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } choices)
        {
            return Sample(choices[_random.Next(choices.Count)], depth + 1);
        }

        var types = schema["type"] is JsonArray several ? several.Select(type => (string)type!).ToArray() : [(string?)schema["type"] ?? "object"];
        return Pick(types) switch
        {
            "object" => Members(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, _random.Next(3)).Select(_ => Sample(schema["items"], depth + 1))]),
            "integer" or "number" => _random.Next(1, 50),
            "boolean" => _random.Next(2) == 0,
            "string" => (string?)schema["format"] == "uuid" ? Guid.NewGuid().ToString() : schema["enum"] is JsonArray { Count: > 0 } words ? (string?)words[_random.Next(words.Count)] : Pick("EUR", "E2E-JUNK", "main", "text"),
            _ => null,
        };
    }

    private JsonObject Members(JsonNode schema, int depth)
    {
        var members = new JsonObject();
        var required = schema["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            if (required.Contains(name) || _random.Next(2) == 0)
            {
                members[name] = Sample(member, depth + 1);
            }
        }

        return members;
    }

    // One place of a well-formed body gets a value of another kind; one body in four stays as it is.
    private JsonNode? Spoil(JsonNode? node)
    {
        if (_random.Next(4) == 0)
        {
            return node;
        }

        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                var name = members.ElementAt(_random.Next(members.Count)).Key;
                var member = members[name];
                members.Remove(name);
                if (_random.Next(6) > 0)
                {
                    members[name] = Spoil(member);
                }

                return members;
            case JsonArray { Count: > 0 } items:
                var item = items[0];
                items.RemoveAt(0);
                items.Add(Spoil(item));
                return items;
            default:
                return _random.Next(8) switch
                {
                    0 => null,
                    1 => JsonValue.Create(long.MaxValue),
                    2 => JsonValue.Create(-1),
                    3 => JsonValue.Create(1e300),
                    4 => JsonValue.Create(new string('x', 100_000)),
                    5 => new JsonObject { ["x"] = 1 },
                    6 => new JsonArray([.. Enumerable.Range(0, 3_000).Select(number => (JsonNode?)number)]),
                    _ => JsonValue.Create(Text()),
                };
        }
    }

    private string Segment() => _random.Next(4) switch
    {
        0 => Guid.NewGuid().ToString(),
        1 => new string('x', 1_000),
        // The web server itself refuses a NUL in a path, before the application sees the request.
        _ => Uri.EscapeDataString(Text().Replace("\0", string.Empty, StringComparison.Ordinal)) is { Length: > 0 } text and not "." and not ".." ? text : "x",
    };

    private string Text() => _random.Next(10) == 0 ? new string((char)_random.Next('a', 'z'), _random.Next(1, 500)) : Pick(Texts);

    private byte[] RandomBytes()
    {
        var bytes = new byte[_random.Next(0, 2_000)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
