using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.Conformance.Descriptions;

/// <summary>An OpenAPI 3.1 document, against which exchanges can be held.</summary>
public sealed class ApiDescription
{
    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal) { "get", "put", "post", "delete", "options", "head", "patch", "trace" };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly SchemaCheck _schemas;
    private readonly List<(string[] Segments, DescribedOperation Operation)> _routes;

    private ApiDescription(JsonNode document)
    {
        Document = document;
        _schemas = new SchemaCheck(document);
        Operations =
        [
            .. from path in document["paths"]?.AsObject() ?? []
               from member in path.Value!.AsObject()
               where Methods.Contains(member.Key)
               select new DescribedOperation(member.Key.ToUpperInvariant(), path.Key, member.Value!),
        ];
        _routes = [.. Operations.Select(static operation => (operation.Path.Split('/'), operation))];
    }

    /// <summary>The document.</summary>
    public JsonNode Document { get; }

    /// <summary>All its operations.</summary>
    public IReadOnlyList<DescribedOperation> Operations { get; }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">It is not JSON, or no OpenAPI 3.1.</exception>
    public static ApiDescription Read(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject document && ((string?)document["openapi"])?.StartsWith("3.1", StringComparison.Ordinal) == true
                ? new ApiDescription(document)
                : throw new FormatException("This is no OpenAPI 3.1 document.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("This is no OpenAPI 3.1 document.", exception);
        }
    }

    /// <summary>The operation that serves a path; null where none is described. Of several the one with the most literal segments (OpenAPI 3.1, section 4.8.8.2).</summary>
    /// <param name="method">The HTTP method in capitals.</param>
    /// <param name="path">The path without its query.</param>
    public DescribedOperation? Find(string method, string path)
    {
        var segments = path.Split('/');
        return _routes
            .Where(route => route.Operation.Method == method && route.Segments.Length == segments.Length && route.Segments.Zip(segments).All(static pair => Fits(pair.First, pair.Second)))
            .OrderByDescending(static route => route.Segments.Count(static segment => !segment.Contains('{', StringComparison.Ordinal)))
            .Select(static route => route.Operation)
            .FirstOrDefault();
    }

    /// <summary>What of an exchange is not as the operation is described: the answer, and a request that was accepted though the description forbids it.</summary>
    /// <returns>Sentences; empty where all is as described.</returns>
    public IReadOnlyList<string> Violations(DescribedOperation operation, Exchange exchange)
    {
        var found = new List<string>();
        CheckAnswer(operation, exchange, found);
        if (exchange.Status is >= 200 and < 300)
        {
            CheckRequest(operation, exchange, found);
        }

        return found;
    }

    private void CheckAnswer(DescribedOperation operation, Exchange exchange, List<string> found)
    {
        var responses = operation.Json["responses"];
        var status = exchange.Status.ToString(CultureInfo.InvariantCulture);
        if ((responses?[status] ?? responses?[status[..1] + "XX"] ?? responses?["default"]) is not { } response)
        {
            found.Add($"The status {status} is not described.");
            return;
        }

        foreach (var (name, header) in Resolved(response)["headers"]?.AsObject() ?? [])
        {
            var described = Resolved(header!);
            if (!exchange.AnswerHeaders.TryGetValue(name, out var value))
            {
                if ((bool?)described["required"] == true)
                {
                    found.Add($"The header {name} is missing.");
                }
            }
            else if (described["schema"] is { } schema)
            {
                found.AddRange(_schemas.Violations(AsTyped(value, schema), schema).Select(violation => $"The header {name}: {violation}."));
            }
        }

        CheckBody("answer", exchange.AnswerType, exchange.AnswerBody, Resolved(response)["content"]?.AsObject(), found);
    }

    private void CheckRequest(DescribedOperation operation, Exchange exchange, List<string> found)
    {
        var query = System.Web.HttpUtility.ParseQueryString(exchange.Query);
        foreach (var (name, place, required, schema) in operation.Parameters.Where(static parameter => parameter.In is "query" or "header"))
        {
            var value = place == "query" ? query[name] : exchange.RequestHeaders.GetValueOrDefault(name);
            if (value is null)
            {
                if (required)
                {
                    found.Add($"The request was accepted without the {place} parameter '{name}', which is described as required.");
                }
            }
            else if (schema is not null)
            {
                found.AddRange(_schemas.Violations(AsTyped(value, schema), schema).Select(violation => $"The {place} parameter '{name}' was accepted though {violation}."));
            }
        }

        if (operation.Json["requestBody"] is { } body)
        {
            if (exchange.RequestBody is { Length: > 0 })
            {
                CheckBody("accepted request", exchange.RequestType, exchange.RequestBody, body["content"]?.AsObject(), found);
            }
            else if ((bool?)body["required"] == true)
            {
                found.Add("The request was accepted without a body, which is described as required.");
            }
        }
    }

    private void CheckBody(string whose, string? type, string? body, JsonObject? content, List<string> found)
    {
        if (string.IsNullOrEmpty(body))
        {
            return;
        }

        var mediaType = type?.Split(';')[0].Trim().ToLowerInvariant();
        if (content is null || mediaType is null || (content[mediaType] ?? content["*/*"]) is not { } described)
        {
            found.Add($"The {whose} is {mediaType ?? "without a media type"}, and {(content is null ? "no body is" : "that is not")} described.");
            return;
        }

        if (mediaType is not "application/json" && !mediaType.EndsWith("+json", StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            if (described["schema"] is { } schema)
            {
                found.AddRange(_schemas.Violations(JsonNode.Parse(body, documentOptions: Strict), schema).Select(violation => $"The body of the {whose}: {violation}."));
            }
        }
        catch (JsonException)
        {
            found.Add($"The {whose} is called {mediaType} and is no JSON, or has a member twice.");
        }
    }

    private JsonNode Resolved(JsonNode node) => (string?)node["$ref"] is { } reference ? _schemas.Resolve(reference) : node;

    // Parameters and headers are texts; the schema says as what they are read.
    private JsonNode? AsTyped(string value, JsonNode schema)
    {
        var types = Resolved(schema)["type"] is JsonArray several ? several.Select(static type => (string)type!).ToHashSet() : [(string?)Resolved(schema)["type"] ?? "string"];
        if (types.Contains("boolean") && bool.TryParse(value, out var truth))
        {
            return truth;
        }

        if (types.Contains("integer") && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        if (types.Contains("number") && double.TryParse(value, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        return types.Contains("array") ? new JsonArray([.. value.Split(',').Select(static item => (JsonNode?)item)]) : value;
    }

    private static bool Fits(string template, string segment)
    {
        var open = template.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return template == segment;
        }

        var close = template.LastIndexOf('}');
        return segment.Length > open + template.Length - close - 1
            && segment.StartsWith(template[..open], StringComparison.Ordinal)
            && segment.EndsWith(template[(close + 1)..], StringComparison.Ordinal);
    }
}
