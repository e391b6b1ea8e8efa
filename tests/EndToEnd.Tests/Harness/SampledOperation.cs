using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>An operation of the OpenAPI document, and requests to it that are as described.</summary>
internal sealed partial class SampledOperation
{
    private const int Deepest = 8;

    // The description of a form says that it is one. What it may hold stands in the RFCs (6749, 7009, 7636, 7662) and on the sign-in page.
    private static readonly string[] FormFields =
        ["grant_type", "code", "redirect_uri", "code_verifier", "client_id", "client_secret", "refresh_token", "scope", "token", "token_type_hint", "email", "password", "query", "antiforgery"];

    private static readonly string[] AuthorizationParameters =
        ["response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "prompt", "code_challenge", "code_challenge_method", "response_mode", "request", "request_uri"];

    private readonly JsonNode _document;

    private SampledOperation(JsonNode document, string method, string template, JsonNode operation)
    {
        (_document, Method, Template, Described) = (document, method, template, operation);
        var declared = operation["parameters"]?.AsArray().Select(static parameter => ((string)parameter!["in"]!, (string)parameter["name"]!, (JsonNode?)parameter["schema"])) ?? [];
        Parameters =
        [
            .. declared,
            .. template.EndsWith("/oauth/authorize", StringComparison.Ordinal) ? AuthorizationParameters.Select(static name => ("query", name, (JsonNode?)null)) : [],
            .. MediaTypes.Contains("application/x-www-form-urlencoded") ? FormFields.Select(static name => ("form", name, (JsonNode?)null)) : [],
        ];
    }

    public string Method { get; }

    public string Template { get; }

    public string Name => $"{Method} {Template}";

    public JsonNode Described { get; }

    /// <summary>What stands in the path, the query, the headers and in a form, with its schema where there is one.</summary>
    public IReadOnlyList<(string In, string Name, JsonNode? Schema)> Parameters { get; }

    public IReadOnlyList<string> MediaTypes => [.. Described["requestBody"]?["content"]?.AsObject().Select(static content => content.Key) ?? []];

    /// <summary>The schema of the JSON body; null for operations that take none.</summary>
    public JsonNode? Body => Described["requestBody"]?["content"]?["application/json"]?["schema"];

    /// <summary>All operations of a document.</summary>
    public static IReadOnlyList<SampledOperation> AllOf(JsonNode document) =>
    [
        .. DescriptionTests.Operations(document).Select(operation => operation.Name.Split(' ', 2) is var parts ? new SampledOperation(document, parts[0], parts[1], operation.Operation) : null!)
            .OrderBy(static operation => operation.Name, StringComparer.Ordinal),
    ];

    /// <summary>A body with every member that the schema has.</summary>
    /// <param name="leaf">Gives the value of a place that is no object and no array, from its JSON Pointer and its schema; null for one that fits.</param>
    /// <param name="visit">Sees every object, with its pointer, when it is complete.</param>
    public JsonNode WholeBody(Func<string, JsonNode, JsonNode?>? leaf = null, Action<string, JsonObject>? visit = null) => Make(Body!, string.Empty, leaf, visit, 0)!;

    /// <summary>Whether the operation describes a refusal in a form of its own, as OAuth's do (RFC 6749, section 5.2).</summary>
    public bool HasOwnForm(Answer answer) =>
        Described["responses"]![answer.Code.ToString(System.Globalization.CultureInfo.InvariantCulture)]?["content"] is { } content
        && content.AsObject().Any(described => described.Key != "application/problem+json" && answer.Header("Content-Type").StartsWith(described.Key, StringComparison.Ordinal));

    /// <summary>The path with a value for each of its parameters.</summary>
    public string PathWith(Func<string, string> value) => PathParameter().Replace(Template, match => Uri.EscapeDataString(value(match.Groups[1].Value)));

    private JsonNode? Make(JsonNode schema, string pointer, Func<string, JsonNode, JsonNode?>? leaf, Action<string, JsonObject>? visit, int depth)
    {
        schema = Resolve(schema);
        if (depth <= Deepest && schema["properties"] is JsonObject properties)
        {
            var members = new JsonObject();
            foreach (var (name, member) in properties)
            {
                members[name] = Make(member!, $"{pointer}/{name}", leaf, visit, depth + 1);
            }

            visit?.Invoke(pointer, members);
            return members;
        }

        if (depth <= Deepest && schema["items"] is { } items)
        {
            return new JsonArray(Make(items, pointer + "/0", leaf, visit, depth + 1));
        }

        return leaf?.Invoke(pointer, schema) ?? Fitting(pointer, schema);
    }

    private JsonNode Resolve(JsonNode schema)
    {
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
        {
            schema = choices.First(static choice => (string?)choice!["$ref"] is not null || choice["type"]?.ToString() != "null")!;
        }

        return (string?)schema["$ref"] is { } reference ? Resolve(_document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!) : schema;
    }

    /// <summary>Whether a text of any kind may stand at a place.</summary>
    public static bool IsFreeText(JsonNode? schema) =>
        schema is null || (TypesOf(schema).Contains("string") && schema["enum"] is null && schema["format"] is null && schema["pattern"] is null);

    private static JsonNode? Fitting(string pointer, JsonNode schema) => TypesOf(schema).FirstOrDefault(static type => type != "null") switch
    {
        _ when schema["enum"] is JsonArray { Count: > 0 } words => words.First(static word => word is not null)!.DeepClone(),
        "integer" or "number" => 1,
        "boolean" => false,
        "string" when (string?)schema["format"] == "uuid" => Guid.CreateVersion7().ToString(),
        "string" when (string?)schema["format"] == "date-time" => "2026-01-01T00:00:00Z",
        "string" when pointer.EndsWith("currency", StringComparison.Ordinal) => "EUR",
        "string" when pointer.EndsWith("mail", StringComparison.Ordinal) => "somebody@example.com",
        "string" when pointer.EndsWith("rl", StringComparison.Ordinal) => "https://pictures.example/1.jpg",
        "string" => "text",
        _ => new JsonObject(),
    };

    private static string[] TypesOf(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(static type => (string)type!)],
        JsonValue one => [(string)one!],
        _ => [],
    };

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex PathParameter();
}
