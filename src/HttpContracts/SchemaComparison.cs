using System.Globalization;
using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts;

/// <summary>Compares the schemas of values that go one way.</summary>
internal sealed class SchemaComparison(JsonObject before, JsonObject after, Direction direction, Action<bool, string, string, string> report)
{
    // The keyword, whether a greater value is wider, in words.
    private static readonly (string Keyword, bool GreaterIsWider)[] Bounds =
    [
        ("maxLength", true), ("maximum", true), ("exclusiveMaximum", true), ("maxItems", true), ("maxProperties", true),
        ("minLength", false), ("minimum", false), ("exclusiveMinimum", false), ("minItems", false), ("minProperties", false),
    ];

    private static readonly string[] Compositions = ["oneOf", "anyOf", "allOf"];

    private readonly HashSet<(string, string)> _visited = [];

    private bool IsRequest => direction == Direction.Request;

    private string Prefix => IsRequest ? "request" : "answer";

    public void Compare(JsonNode? old, JsonNode? current, string place)
    {
        if (old is not JsonObject && current is not JsonObject)
        {
            return;
        }

        var (past, present) = (SchemaShape.Of(before, old), SchemaShape.Of(after, current));
        if (past.Name is { } was && present.Name is { } isNow)
        {
            if (was != isNow)
            {
                Report(true, "schema-renamed", place, $"The schema '{was}' is called '{isNow}' now: types of generated clients bear the name.");
            }

            // Schemas may contain themselves.
            if (!_visited.Add((was, isNow)))
            {
                return;
            }
        }

        CompareTypes(past, present, place);
        CompareFormats(past, present, place);
        CompareEnums(past.Node["enum"]?.AsArray(), present.Node["enum"]?.AsArray(), place);
        CompareBounds(past.Node, present.Node, place);
        ComparePatterns((string?)past.Node["pattern"], (string?)present.Node["pattern"], place);
        CompareMembers(past.Node, present.Node, place);
        CompareAlternatives(past, present, place);
        if (IsRequest && !JsonNode.DeepEquals(past.Node["default"], present.Node["default"]))
        {
            // A default that was never said may have been the same.
            Report(past.Node["default"] is not null, "request-default-changed", place + "/default", $"Left out, the value was {Text(past.Node["default"])} and is {Text(present.Node["default"])} now.");
        }

        if (past.Node["items"] is not null && present.Node["items"] is not null)
        {
            Compare(past.Node["items"], present.Node["items"], place + "/items");
        }
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "nothing";

    private void Report(bool isBreaking, string kind, string place, string reason) => report(isBreaking, kind, place, reason);

    private void Narrowed(string kind, string place, string reason) => Report(IsRequest, $"{Prefix}-{kind}", place, reason);

    private void Widened(string kind, string place, string reason) => Report(!IsRequest, $"{Prefix}-{kind}", place, reason);

    private void CompareTypes(SchemaShape past, SchemaShape present, string place)
    {
        var gone = past.Types.Where(type => !Covers(present.Types, type)).ToList();
        var added = present.Types.Where(type => !Covers(past.Types, type)).ToList();
        if (gone.Remove(SchemaShape.Null))
        {
            Narrowed("null-refused", place, IsRequest ? "null was accepted and is not any more." : "The value is never null any more.");
        }

        if (added.Remove(SchemaShape.Null))
        {
            Widened("null-possible", place, IsRequest ? "null is accepted, too." : "The value may be null now.");
        }

        if (gone.Count > 0)
        {
            Narrowed("type-narrowed", place + "/type", $"The value was {string.Join(" or ", past.Types)} and is {string.Join(" or ", present.Types)} now.");
        }

        if (added.Count > 0)
        {
            Widened("type-widened", place + "/type", $"The value was {string.Join(" or ", past.Types)} and may be {string.Join(" or ", added)} now.");
        }
    }

    private static bool Covers(HashSet<string> types, string type) =>
        types.Contains(type) || (types.Contains(SchemaShape.Any) && type != SchemaShape.Null) || (type == "integer" && types.Contains("number"));

    private void CompareFormats(SchemaShape past, SchemaShape present, string place)
    {
        var (was, isNow) = ((string?)past.Node["format"], (string?)present.Node["format"]);
        if (was == isNow)
        {
            return;
        }

        var reason = $"The format was {was ?? "free"} and is {isNow ?? "free"} now.";
        if (isNow is null || (was, isNow) is ("int32", "int64") or ("float", "double"))
        {
            Widened("format-widened", place + "/format", reason);
        }
        else if (was is null || (was, isNow) is ("int64", "int32") or ("double", "float"))
        {
            Narrowed("format-narrowed", place + "/format", reason);
        }
        else
        {
            Report(true, $"{Prefix}-format-changed", place + "/format", reason);
        }
    }

    private void CompareEnums(JsonArray? old, JsonArray? current, string place)
    {
        var past = old?.Select(Text).ToHashSet(StringComparer.Ordinal);
        var present = current?.Select(Text).ToHashSet(StringComparer.Ordinal);
        if (past is null || present is null)
        {
            if (present is not null)
            {
                Narrowed("enum-narrowed", place + "/enum", $"Only {string.Join(", ", present)} are possible now.");
            }

            if (past is not null)
            {
                Widened("enum-widened", place + "/enum", "Other values than the listed ones are possible now.");
            }

            return;
        }

        foreach (var value in past.Where(value => !present.Contains(value)))
        {
            Narrowed("enum-narrowed", place + "/enum", $"The value {value} is gone.");
        }

        foreach (var value in present.Where(value => !past.Contains(value)))
        {
            Widened("enum-widened", place + "/enum", $"The value {value} is new.");
        }
    }

    private void CompareBounds(JsonObject old, JsonObject current, string place)
    {
        foreach (var (keyword, greaterIsWider) in Bounds)
        {
            var (past, present) = (Number(old[keyword]), Number(current[keyword]));
            if (past == present)
            {
                continue;
            }

            var isWider = present is null || (past is not null && present > past == greaterIsWider);
            var reason = $"{keyword} was {Text(old[keyword])} and is {Text(current[keyword])} now.";

            // Clients read with what they have; only what they send is measured.
            Report(IsRequest && !isWider, $"{Prefix}-bound-{(isWider ? "widened" : "narrowed")}", $"{place}/{keyword}", reason);
        }
    }

    private static double? Number(JsonNode? value) => value is null ? null : double.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private void ComparePatterns(string? past, string? present, string place)
    {
        if (past != present)
        {
            Report(IsRequest && present is not null, $"{Prefix}-pattern-changed", place + "/pattern", $"The pattern was {past ?? "free"} and is {present ?? "free"} now.");
        }
    }

    private void CompareMembers(JsonObject old, JsonObject current, string place)
    {
        var (past, present) = (old["properties"]?.AsObject() ?? [], current["properties"]?.AsObject() ?? []);
        var (neededBefore, needed) = (Required(old), Required(current));
        foreach (var (name, schema) in past)
        {
            var there = $"{place}/properties/{name}";
            if (!present.ContainsKey(name))
            {
                Report(true, $"{Prefix}-property-removed", there, IsRequest ? $"The field '{name}' is gone: unknown fields are refused." : $"The field '{name}' is gone.");
                continue;
            }

            if (needed.Contains(name) && !neededBefore.Contains(name))
            {
                Narrowed("property-required", there, IsRequest ? $"The field '{name}' could be left out and cannot any more." : $"The field '{name}' is always there now.");
            }
            else if (neededBefore.Contains(name) && !needed.Contains(name))
            {
                Widened("property-optional", there, IsRequest ? $"The field '{name}' can be left out now." : $"The field '{name}' was always there and may be missing now.");
            }

            Compare(schema, present[name], there);
        }

        foreach (var (name, _) in present.Where(member => !past.ContainsKey(member.Key)))
        {
            var asked = IsRequest && needed.Contains(name);
            Report(asked, $"{Prefix}-property-added", $"{place}/properties/{name}", asked ? $"The field '{name}' is asked for, which no client sends yet." : $"The field '{name}' is new.");
        }

        CompareFurtherMembers(old["additionalProperties"], current["additionalProperties"], place + "/additionalProperties");
    }

    private void CompareFurtherMembers(JsonNode? old, JsonNode? current, string place)
    {
        var (wasClosed, isClosed) = (IsFalse(old), IsFalse(current));
        if (isClosed && !wasClosed)
        {
            Narrowed("members-closed", place, "Further fields are not possible any more.");
        }
        else if (wasClosed && !isClosed)
        {
            // Clients ignore fields that they do not know.
            Report(false, $"{Prefix}-members-opened", place, "Further fields are possible now.");
        }
        else if (old is JsonObject && current is JsonObject)
        {
            Compare(old, current, place);
        }
    }

    private static bool IsFalse(JsonNode? value) => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.False;

    private static HashSet<string> Required(JsonObject schema) => (schema["required"]?.AsArray() ?? []).Select(static name => (string)name!).ToHashSet(StringComparer.Ordinal);

    private void CompareAlternatives(SchemaShape past, SchemaShape present, string place)
    {
        foreach (var keyword in Compositions)
        {
            var (old, current) = (Alternatives(past, keyword), Alternatives(present, keyword));
            var gone = old.Keys.Where(key => !current.ContainsKey(key)).ToList();
            var added = current.Keys.Where(key => !old.ContainsKey(key)).ToList();

            // Of allOf each part is one more thing to satisfy.
            var (fewer, more) = keyword == "allOf" ? (added, gone) : (gone, added);
            if (fewer.Count > 0)
            {
                Narrowed("alternatives-narrowed", $"{place}/{keyword}", $"{string.Join(", ", fewer)} {(keyword == "allOf" ? "has to hold, too" : "is not possible any more")}.");
            }

            if (more.Count > 0)
            {
                Widened("alternatives-widened", $"{place}/{keyword}", $"{string.Join(", ", more)} {(keyword == "allOf" ? "does not have to hold any more" : "is possible, too")}.");
            }

            foreach (var key in old.Keys.Where(current.ContainsKey))
            {
                Compare(old[key], current[key], $"{place}/{keyword}");
            }
        }
    }

    private static Dictionary<string, JsonNode> Alternatives(SchemaShape shape, string keyword) => (shape.Node[keyword]?.AsArray() ?? [])
        .DistinctBy(static part => Key(part!)).ToDictionary(static part => Key(part!), static part => part!, StringComparer.Ordinal);

    private static string Key(JsonNode part) => (string?)part["$ref"] is { } reference ? reference[(reference.LastIndexOf('/') + 1)..] : part.ToJsonString();
}
