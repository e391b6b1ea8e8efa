using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.Conformance.Descriptions;

/// <summary>
/// Checks values against the schemas of one OpenAPI 3.1 document (JSON Schema, draft 2020-12). It knows the assertions that such documents use, and reports a
/// keyword that it does not know instead of passing over it.
/// </summary>
internal sealed class SchemaCheck(JsonNode document)
{
    private const int MostDepth = 64;

    // What says something about a value without limiting it (JSON Schema Validation, section 9; OpenAPI 3.1, section 4.8.24).
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "$comment", "$schema", "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "contentMediaType", "contentEncoding",
        "discriminator", "externalDocs", "xml", "$defs",
    };

    private static readonly TimeSpan PatternDeadline = TimeSpan.FromSeconds(1);

    /// <summary>What of a value its schema does not allow, each with its JSON Pointer; empty where all is well.</summary>
    public List<string> Violations(JsonNode? value, JsonNode schema)
    {
        var found = new List<string>();
        Check(value, schema, "#", found, 0);
        return found;
    }

    private void Check(JsonNode? value, JsonNode? schema, string at, List<string> found, int depth)
    {
        if (schema is not JsonObject keywords)
        {
            if (schema is null || schema.GetValueKind() == JsonValueKind.False)
            {
                found.Add($"{at} is not allowed");
            }

            return;
        }

        if (depth > MostDepth)
        {
            found.Add($"{at} is described {MostDepth} schemas deep");
            return;
        }

        foreach (var (keyword, limit) in keywords)
        {
            if (!Combines(keyword, limit, value, at, found, depth) && !Limits(keyword, limit, value, keywords, at, found, depth)
                && !Annotations.Contains(keyword) && !keyword.StartsWith("x-", StringComparison.Ordinal))
            {
                found.Add($"{at} is described with the keyword '{keyword}', which is not known");
            }
        }
    }

    private bool Combines(string keyword, JsonNode? limit, JsonNode? value, string at, List<string> found, int depth)
    {
        switch (keyword)
        {
            case "$ref":
                Check(value, Resolve((string)limit!), at, found, depth + 1);
                return true;
            case "allOf":
                foreach (var part in limit!.AsArray())
                {
                    Check(value, part, at, found, depth + 1);
                }

                return true;
            case "anyOf" or "oneOf":
                var tried = limit!.AsArray().Select(choice => Try(value, choice, at, depth)).ToList();
                var fitting = tried.Count(static violations => violations.Count == 0);
                if (fitting == 0)
                {
                    found.AddRange(tried.MinBy(static violations => violations.Count) ?? [$"{at} has no choice"]);
                }
                else if (keyword == "oneOf" && fitting > 1)
                {
                    found.Add($"{at} fits {fitting} of the schemas of which it has to fit one");
                }

                return true;
            case "not":
                if (Try(value, limit, at, depth).Count == 0)
                {
                    found.Add($"{at} fits the schema that it must not fit");
                }

                return true;
            default:
                return false;
        }
    }

    private List<string> Try(JsonNode? value, JsonNode? schema, string at, int depth)
    {
        var violations = new List<string>();
        Check(value, schema, at, violations, depth + 1);
        return violations;
    }

    private bool Limits(string keyword, JsonNode? limit, JsonNode? value, JsonObject keywords, string at, List<string> found, int depth)
    {
        switch (keyword)
        {
            case "type":
                var types = limit is JsonArray several ? several.Select(static type => (string)type!).ToList() : [(string)limit!];
                Require(types.Any(type => IsA(value, type)), $"{at} is {KindOf(value)} and not {string.Join(" or ", types)}", found);
                return true;
            case "enum":
                Require(limit!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)), $"{at} is {Shown(value)} and none of {limit.ToJsonString()}", found);
                return true;
            case "const":
                Require(JsonNode.DeepEquals(limit, value), $"{at} is {Shown(value)} and not {Shown(limit)}", found);
                return true;
            case "properties" or "required" or "additionalProperties" or "minProperties" or "maxProperties":
                if (value is JsonObject members)
                {
                    CheckMembers(keyword, limit, members, keywords, at, found, depth);
                }

                return true;
            case "items" or "minItems" or "maxItems" or "uniqueItems":
                if (value is JsonArray items)
                {
                    CheckItems(keyword, limit, items, at, found, depth);
                }

                return true;
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf":
                if (value is JsonValue && value.GetValueKind() == JsonValueKind.Number)
                {
                    Require(IsWithin(keyword, Number(value), Number(limit!)), $"{at} is {Shown(value)}, and its {keyword} is {Shown(limit)}", found);
                }

                return true;
            case "minLength" or "maxLength" or "pattern" or "format":
                if (value is JsonValue && value.GetValueKind() == JsonValueKind.String)
                {
                    Require(Fits(keyword, limit!, (string)value!), $"{at} is {Shown(value)}, and its {keyword} is {Shown(limit)}", found);
                }

                return true;
            default:
                return false;
        }
    }

    private void CheckMembers(string keyword, JsonNode? limit, JsonObject members, JsonObject keywords, string at, List<string> found, int depth)
    {
        switch (keyword)
        {
            case "properties":
                foreach (var (name, schema) in limit!.AsObject())
                {
                    if (members.TryGetPropertyValue(name, out var member))
                    {
                        Check(member, schema, $"{at}/{name}", found, depth + 1);
                    }
                }

                break;
            case "required":
                foreach (var name in limit!.AsArray().Select(static name => (string)name!))
                {
                    Require(members.ContainsKey(name), $"{at} has no {name}", found);
                }

                break;
            case "additionalProperties":
                foreach (var (name, member) in members.Where(member => keywords["properties"]?[member.Key] is null))
                {
                    Check(member, limit, $"{at}/{name}", found, depth + 1);
                }

                break;
            case "minProperties":
                Require(members.Count >= (int)limit!, $"{at} has {members.Count} members and needs {limit}", found);
                break;
            default:
                Require(members.Count <= (int)limit!, $"{at} has {members.Count} members and may have {limit}", found);
                break;
        }
    }

    private void CheckItems(string keyword, JsonNode? limit, JsonArray items, string at, List<string> found, int depth)
    {
        switch (keyword)
        {
            case "items":
                foreach (var (index, item) in items.Index())
                {
                    Check(item, limit, string.Create(CultureInfo.InvariantCulture, $"{at}/{index}"), found, depth + 1);
                }

                break;
            case "minItems":
                Require(items.Count >= (int)limit!, $"{at} has {items.Count} items and needs {limit}", found);
                break;
            case "maxItems":
                Require(items.Count <= (int)limit!, $"{at} has {items.Count} items and may have {limit}", found);
                break;
            default:
                Require(!(bool)limit! || items.Select(static item => item?.ToJsonString()).Distinct(StringComparer.Ordinal).Count() == items.Count, $"{at} has an item twice", found);
                break;
        }
    }

    public JsonNode Resolve(string reference)
    {
        JsonNode? node = document;
        foreach (var segment in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            // RFC 6901, section 4.
            node = node?[Uri.UnescapeDataString(segment).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        }

        return node ?? throw new FormatException($"The description refers to '{reference}', which it does not have.");
    }

    private static bool IsA(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String)
            or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => Number(value!) is var number && number == Math.Floor(number),
        _ => false,
    };

    private static bool IsWithin(string keyword, double number, double limit) => keyword switch
    {
        "minimum" => number >= limit,
        "maximum" => number <= limit,
        "exclusiveMinimum" => number > limit,
        "exclusiveMaximum" => number < limit,
        _ => Math.Abs(Math.IEEERemainder(number, limit)) < 1e-9,
    };

    private static bool Fits(string keyword, JsonNode limit, string text) => keyword switch
    {
        // JSON Schema counts characters, not their UTF-16 units.
        "minLength" => text.EnumerateRunes().Count() >= (int)limit,
        "maxLength" => text.EnumerateRunes().Count() <= (int)limit,
        "pattern" => Regex.IsMatch(text, (string)limit!, RegexOptions.None, PatternDeadline),
        _ => HasFormat(text, (string)limit!),
    };

    // Formats that say nothing about a text, such as those of numbers, are annotations.
    private static bool HasFormat(string text, string format) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date-time" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", RegexOptions.None, PatternDeadline)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "uri-reference" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
        "email" => text.Length > 2 && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var place && place < text.Length - 1,
        _ => true,
    };

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static string KindOf(JsonNode? value) => (value?.GetValueKind() ?? JsonValueKind.Null).ToString().ToLowerInvariant();

    private static string Shown(JsonNode? value) => value?.ToJsonString() is { } text ? text.Length > 80 ? text[..80] + "…" : text : "null";

    private static void Require(bool holds, string sentence, List<string> found)
    {
        if (!holds)
        {
            found.Add(sentence);
        }
    }
}
