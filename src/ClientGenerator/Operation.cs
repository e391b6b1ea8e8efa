using System.Text.Json.Nodes;
using ModularMonolith.HttpContracts;

namespace ModularMonolith.ClientGenerator;

/// <summary>A parameter of a method.</summary>
/// <param name="Wire">Its name in the request.</param>
/// <param name="In">path, query or header.</param>
/// <param name="Type">In C#.</param>
/// <param name="IsRequired">Whether the caller has to give it.</param>
/// <param name="Description">A sentence.</param>
internal sealed record Parameter(string Wire, string In, string Type, bool IsRequired, string Description)
{
    public string Name => Naming.Camel(Wire);
}

/// <summary>What a method sends as its body.</summary>
internal enum BodyKind
{
    None,
    Json,
    Form,
    Stream,
}

/// <summary>What a method gives back.</summary>
internal enum AnswerKind
{
    None,
    Json,
    Stream,
}

/// <summary>One operation of the contract, as the client needs it.</summary>
internal sealed record Operation
{
    /// <summary>The parameter with which a list is asked for some fields only.</summary>
    public const string FieldSelection = "fields";

    private const string ModuleRoutes = "/api/";

    public required string Module { get; init; }

    public required string Name { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Summary { get; init; }

    public required bool IsDeprecated { get; init; }

    public required IReadOnlyList<Parameter> Parameters { get; init; }

    public required BodyKind Body { get; init; }

    public required string BodyType { get; init; }

    public required bool IsBodyRequired { get; init; }

    public required AnswerKind Answer { get; init; }

    public required string AnswerType { get; init; }

    /// <summary>Of a list with pages, what is listed.</summary>
    public required string? Item { get; init; }

    /// <summary>Whether the answer bears the version of the resource.</summary>
    public required bool IsVersioned { get; init; }

    public bool IsPaged => Item is not null && Parameters.Any(static parameter => parameter.Wire == "cursor");

    public bool IsConditional => Parameters.Any(static parameter => parameter.Wire == "If-None-Match");

    /// <summary>The operations of a document. Those that lead a browser somewhere else are not for programs.</summary>
    public static IEnumerable<Operation> Of(JsonObject document, TypeNames types) =>
        from path in document["paths"]!.AsObject()
        from member in path.Value!.AsObject()
        where member.Key is "get" or "put" or "post" or "delete" or "patch"
        let operation = member.Value!.AsObject()
        where !operation["responses"]!.AsObject().Any(static answer => answer.Key is "302" or "303")
        select Read(path.Key, member.Key, operation, document, types);

    private static Operation Read(string path, string method, JsonObject operation, JsonObject document, TypeNames types)
    {
        var success = operation["responses"]!.AsObject().FirstOrDefault(static answer => answer.Key[0] == '2').Value as JsonObject ?? [];
        var (answer, answerSchema) = AnswerOf(success["content"]);
        var (body, bodySchema) = BodyOf(operation["requestBody"]);
        var bodyType = body switch { BodyKind.Json => types.Of(bodySchema), BodyKind.Form => "global::System.Collections.Generic.IEnumerable<global::System.Collections.Generic.KeyValuePair<string, string>>", _ => "global::System.IO.Stream" };
        return new Operation
        {
            Module = path.StartsWith(ModuleRoutes, StringComparison.Ordinal) ? path[ModuleRoutes.Length..].Split('/')[0] : (string?)operation["tags"]?[0] ?? "platform",
            Name = Naming.Pascal((string)operation["operationId"]!),
            Method = Naming.Pascal(method),
            Path = path,
            Summary = string.Join(' ', new[] { Sentence((string?)operation["summary"]), Sentence((string?)operation["description"]) }.OfType<string>()),
            IsDeprecated = (bool?)operation["deprecated"] == true,
            Parameters = [.. (operation["parameters"]?.AsArray() ?? []).Select(parameter => Read(ContractDocument.Resolve(document, parameter!), types)).OfType<Parameter>()],
            Body = body,
            BodyType = bodyType.TrimEnd('?'),
            IsBodyRequired = (bool?)operation["requestBody"]?["required"] == true && !bodyType.EndsWith('?'),
            Answer = answer,
            AnswerType = answer == AnswerKind.Json ? types.Of(answerSchema) : "global::System.IO.Stream",
            Item = types.ItemOf(answerSchema),
            IsVersioned = operation["responses"]!.AsObject().Any(static status => status.Key[0] == '2' && status.Value!["headers"]?["ETag"] is not null),
        };
    }

    private static Parameter? Read(JsonObject parameter, TypeNames types)
    {
        var (name, place) = ((string)parameter["name"]!, (string)parameter["in"]!);

        // Typed answers have all of their fields.
        if (name == FieldSelection && place == "query")
        {
            return null;
        }

        var type = types.Of(parameter["schema"]).TrimEnd('?');
        var isList = type.Contains("IReadOnlyList", StringComparison.Ordinal);
        var isRequired = (bool?)parameter["required"] == true && !isList && name != "Idempotency-Key";
        return new Parameter(name, place, isRequired ? type : TypeNames.Nullable(type), isRequired, Sentence((string?)parameter["description"]) ?? $"The parameter {name}.");
    }

    private static (AnswerKind Kind, JsonNode? Schema) AnswerOf(JsonNode? content) => content?.AsObject() switch
    {
        null or { Count: 0 } => (AnswerKind.None, null),
        { } types when types["application/json"] is { } json => (AnswerKind.Json, json["schema"]),
        _ => (AnswerKind.Stream, null),
    };

    private static (BodyKind Kind, JsonNode? Schema) BodyOf(JsonNode? body) => body?["content"]?.AsObject() switch
    {
        null => (BodyKind.None, null),
        { } types when types["application/json"] is { } json => (BodyKind.Json, json["schema"]),
        { } types when types["application/x-www-form-urlencoded"] is not null => (BodyKind.Form, null),
        _ => (BodyKind.Stream, null),
    };

    private static string? Sentence(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().EndsWith('.') ? text.Trim() : text.Trim() + ".";
}
