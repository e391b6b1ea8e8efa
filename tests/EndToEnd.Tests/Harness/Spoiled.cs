using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>A body that is wrong in one place, byte by byte as it is sent.</summary>
/// <param name="What">The place and what stands there.</param>
/// <param name="Text">The body.</param>
/// <param name="IsRefused">Whether every operation has to refuse it; otherwise it may be what somebody means.</param>
/// <param name="MediaType">As what it is sent.</param>
internal sealed record Spoiled(string What, string Text, bool IsRefused, string MediaType = "application/json")
{
    private const string Mark = "@@spoiled@@";

    // Longer than any text that is read.
    private static readonly string Endless = '"' + new string('x', 300_000) + '"';

    // As they stand in JSON, so that nothing on the way makes them harmless.
    private static readonly (string Json, bool IsRefused)[] Numbers =
    [
        ("-1", false), ("0", false), ("-9223372036854775808", false), ("9223372036854775807", false), ("2147483648", false), ("9223372036854775808", false), ("1e308", false), ("1.5", false), ("-0.0", false),
        ("1e400", true), ("1" + new string('0', 400), true), ("01", true), ("NaN", true), ("\"1\"", true), ("{}", true), ("[]", true),
    ];

    private static readonly (string Json, bool IsRefused)[] Texts =
    [
        ("\"\"", false), ("\" \"", false), ("\"\\u202e\\ufeff\"", false), ('"' + new string('x', 20_000) + '"', false), ("null", false),
        ("\"a\\u0000b\"", true), ("\"\\ud800\"", true), ("\"\\udc00\\ud800\"", true), (Endless, true), ("0", true), ("true", true), ("{}", true),
    ];

    private static readonly (string Json, bool IsRefused)[] Choices = [("null", false), ("\"true\"", true), ("1", true), ("[]", true)];

    private static readonly string[] MediaTypes =
        ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16", "application/vnd.api+json", "text/json"];

    /// <summary>A body spoiled in every place, one at a time.</summary>
    public static IEnumerable<Spoiled> Of(JsonNode body)
    {
        foreach (var (path, value) in PlacesIn(body, string.Empty))
        {
            foreach (var (json, isRefused) in InPlaceOf(value))
            {
                yield return new Spoiled($"{(json.Length > 60 ? json[..60] + "…" : json)} at '{path}'", With(body, path, json), isRefused);
            }
        }

        var text = body.ToJsonString();
        foreach (var mediaType in MediaTypes)
        {
            yield return new Spoiled("the media type " + mediaType, text, true, mediaType);
        }

        // Where a body can be left out, these are none.
        yield return new Spoiled("no body", string.Empty, false);
        yield return new Spoiled("null in place of the body", "null", false);
        foreach (var nonsense in (string[])["{", "[]", "[" + text + "]", "\"text\"", text + text, text + "x", new string('[', 10_000)])
        {
            yield return new Spoiled($"'{(nonsense.Length > 60 ? nonsense[..60] + "…" : nonsense)}' in place of the body", nonsense, true);
        }
    }

    public HttpContent Content() => Api.Bytes(Encoding.UTF8.GetBytes(Text), MediaType);

    private static (string Json, bool IsRefused)[] InPlaceOf(JsonNode? value) => value switch
    {
        JsonObject { Count: > 0 } members => [(Doubled(members), true), ("0", true), ("[]", true)],
        JsonArray items => [("{}", true), ("\"x\"", true), ("[null]", false), ($"[{string.Join(',', Enumerable.Repeat(items.FirstOrDefault()?.ToJsonString() ?? "0", 2_000))}]", false)],
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number => Numbers,
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => Texts,
        _ => Choices,
    };

    // Which of two members of one name counts is not the same to every reader.
    private static string Doubled(JsonObject members)
    {
        var (name, value) = members.First();
        return $"{{{JsonSerializer.Serialize(name)}:{value?.ToJsonString() ?? "null"},{members.ToJsonString()[1..]}";
    }

    private static IEnumerable<(string Path, JsonNode? Value)> PlacesIn(JsonNode? node, string path)
    {
        yield return (path, node);
        var inner = node switch
        {
            JsonObject members => members.SelectMany(member => PlacesIn(member.Value, $"{path}/{member.Key}")),
            JsonArray { Count: > 0 } items => PlacesIn(items[0], path + "/0"),
            _ => [],
        };
        foreach (var place in inner)
        {
            yield return place;
        }
    }

    private static string With(JsonNode body, string path, string json)
    {
        if (path.Length == 0)
        {
            return json;
        }

        var copy = body.DeepClone();
        var (parent, steps) = (copy, path[1..].Split('/'));
        foreach (var step in steps[..^1])
        {
            parent = parent is JsonArray items ? items[0]! : parent[step]!;
        }

        if (parent is JsonArray list)
        {
            list[0] = Mark;
        }
        else
        {
            parent[steps[^1]] = Mark;
        }

        return copy.ToJsonString().Replace($"\"{Mark}\"", json, StringComparison.Ordinal);
    }
}
