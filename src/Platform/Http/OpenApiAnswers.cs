using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ModularMonolith.Platform.Security;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace ModularMonolith.Platform.Http;

/// <summary>What every operation of the OpenAPI document asks for and may answer, derived from the metadata that makes it so.</summary>
internal static class OpenApiAnswers
{
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";
    private const string Problem = "Problem";
    private const string ProblemMediaType = "application/problem+json";

    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["400"] = "Fields or parameters are missing, unknown or out of range.",
        ["401"] = "The credentials are missing or not valid.",
        ["403"] = "The caller is known and may not do this, or the request came without TLS.",
        ["404"] = "There is no such resource, or the caller may not know of it.",
        ["406"] = "The Accept header excludes what the operation answers.",
        ["412"] = "The resource has another version than the one in If-Match.",
        ["413"] = "The body is too large.",
        ["415"] = "The body has another media type.",
        ["428"] = "The header If-Match is missing.",
        ["429"] = "The caller has sent too many requests.",
        ["500"] = "The service failed.",
        ["503"] = "The service is unavailable for the moment.",
    };

    public static void Describe(Document document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "An access token (RFC 6750, RFC 9068), checked as RFC8725 recommends: algorithm, kind, issuer, audience and times." },
            [ApiKey] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "Authorization",
                Description = "A machine's key: the word ApiKey, a space and the key.",
            },
        };
        document.AddComponent<IOpenApiSchema>(Problem, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Why a request was refused (RFC 9457). Kinds of problems have further members of their own.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "traceId" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("The kind of problem, an address that explains it.", "uri-reference"),
                ["title"] = Text("The kind of problem in a sentence.", null),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "400", Maximum = "599" },
                ["detail"] = Text("What happened in this case, and what to do.", null),
                ["traceId"] = Text("Under which the request is recorded.", null),
                ["errors"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object }, Description = "Of a problem with several places, each of them." },
            },
        });
        AddExample(document, ProblemTypes.ConcurrentChange, "Somebody else changed the same data at the same moment. Read it again and repeat the request.");
        AddExample(document, ProblemTypes.IdempotencyKeyReused, "This Idempotency-Key was sent before with other contents. Use a new key for a new request.");
    }

    private static void AddExample(Document document, ProblemType type, string detail) => document.AddComponent<IOpenApiExample>(type.Name, new OpenApiExample
    {
        Summary = type.Title,
        Value = new JsonObject { ["type"] = type.Uri, ["title"] = type.Title, ["status"] = type.Status, ["detail"] = detail, ["traceId"] = "0af7651916cd43dd8448eb211c80319c" },
    });

    public static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document!;
        operation.Deprecated = metadata.OfType<DeprecatedEndpoint>().Any();
        var permission = metadata.OfType<RequiredPermission>().FirstOrDefault()?.Name;
        if (permission is not null)
        {
            operation.Description = $"{operation.Description} Needs the permission {permission}.".TrimStart();
        }

        operation.Security = [Requirement(Bearer, permission, document), Requirement(ApiKey, permission, document)];
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            // An empty requirement makes the others optional.
            operation.Security.Insert(0, []);
        }

        if (metadata.OfType<DryRunMetadata>().Any())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = DryRunEndpoints.Parameter,
                In = ParameterLocation.Query,
                Description = "Whether everything is only checked and tried out, and taken back. The answer is the one that would be, with the status 200 in place of 201.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
            });
            if (operation.Responses is { } answers && !answers.ContainsKey("200") && (answers.GetValueOrDefault("201") ?? answers.GetValueOrDefault("202")) is { } real)
            {
                answers["200"] = new OpenApiResponse { Description = "What would be; nothing was changed.", Content = real.Content?.ToDictionary() };
            }
        }

        if (metadata.OfType<IdempotencyKeyMetadata>().Any())
        {
            AddProblem(operation, ProblemTypes.IdempotencyKeyReused, document);
        }

        if (Conflicts.ArePossible(context.Description.HttpMethod, metadata))
        {
            AddProblem(operation, ProblemTypes.ConcurrentChange, document);
        }

        AddAnswers(operation, document);
    }

    // What the platform refuses behind any endpoint of the kind, beside what the endpoint itself refuses with the same status.
    private static void AddProblem(OpenApiOperation operation, ProblemType type, Document document)
    {
        var answers = operation.Responses ??= [];
        var status = type.Status.ToString(CultureInfo.InvariantCulture);
        var content = answers.GetValueOrDefault(status)?.Content?.ToDictionary() ?? [];
        content[ProblemMediaType] = new OpenApiMediaType { Examples = new Dictionary<string, IOpenApiExample> { [type.Name] = new OpenApiExampleReference(type.Name, document) } };
        answers[status] = new OpenApiResponse
        {
            Description = answers.ContainsKey(status) ? $"The type of the problem says why. It can be {type.Uri}: {type.Explanation}" : $"{type.Title} {type.Explanation}",
            Content = content,
        };
    }

    private static void AddAnswers(OpenApiOperation operation, Document document)
    {
        var answers = operation.Responses ??= [];
        IEnumerable<string> possible = ["400", "401", "403", "429", "500", "503"];
        if (operation.Parameters?.Any(static parameter => parameter.In == ParameterLocation.Path) == true)
        {
            possible = possible.Append("404");
        }

        if (operation.RequestBody is not null)
        {
            possible = possible.Concat(["413", "415"]);
        }

        if (answers.Any(static answer => answer.Key[0] == '2' && answer.Value.Content?.Count > 0))
        {
            possible = possible.Append("406");
        }

        foreach (var status in possible.Where(status => !answers.ContainsKey(status)))
        {
            answers[status] = new OpenApiResponse { Description = Meanings[status] };
        }

        foreach (var (status, answer) in answers.Where(static answer => answer.Key[0] is '4' or '5'))
        {
            if (answer is OpenApiResponse refusal)
            {
                // Where another standard gives its refusals a form, the endpoint has said so; what is refused before it is reached has the common one.
                var ownForms = refusal.Content?.Where(static form => form.Key != ProblemMediaType).ToDictionary() ?? [];
                refusal.Description = Meanings.GetValueOrDefault(status, refusal.Description ?? "The request was refused.");
                var examples = refusal.Content?.FirstOrDefault(static form => form.Key == ProblemMediaType).Value?.Examples;
                refusal.Content = ownForms;
                refusal.Content[ProblemMediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Problem, document), Examples = examples };
            }
        }
    }

    // OpenAPI 3.1 has the roles that a caller needs stand beside the scheme.
    private static OpenApiSecurityRequirement Requirement(string scheme, string? permission, Document document) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = permission is null ? [] : [permission] };

    private static OpenApiSchema Text(string description, string? format) => new() { Type = JsonSchemaType.String, Description = description, Format = format };
}
