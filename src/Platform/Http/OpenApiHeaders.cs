using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace ModularMonolith.Platform.Http;

/// <summary>The server and the headers that all answers share, in the OpenAPI document.</summary>
internal static class OpenApiHeaders
{
    private const string RateLimit = "RateLimit";
    private const string RetryAfter = "Retry-After";
    private const string AllowOrigin = "Access-Control-Allow-Origin";
    private const string EntityTag = "ETag";
    private const string Location = "Location";

    public static void Describe(Document document)
    {
        document.Servers =
        [
            new OpenApiServer
            {
                // Relative to where the document was read, since a proxy may stand in between.
                Url = "/",
                Description = "The host that this document was read from: local, staging or production.",
                Extensions = new Dictionary<string, IOpenApiExtension> { ["x-internal"] = new JsonNodeExtension(JsonValue.Create(false)) },
            },
        ];
        document.Components ??= new OpenApiComponents();
        document.Components.Headers = new Dictionary<string, IOpenApiHeader>
        {
            [RateLimit] = Header("What is left of the limit, and when there is more (IETF draft-ietf-httpapi-ratelimit-headers)."),
            [RetryAfter] = Header("After how many seconds the request may be repeated (RFC 9110, section 10.2.3)."),
            [EntityTag] = Header("Stands for this version of the resource, in If-Match and If-None-Match (RFC 9110, section 8.8.3). Missing after a dry run."),
            [Location] = Header("The address of what was made (RFC 9110, section 10.2.2)."),
            [AllowOrigin] = Header("The origin of the request, if the configuration allows it; missing otherwise."),
        };
        var operations = document.Paths.Values.SelectMany(static path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()).ToList();
        var versioned = operations.Where(static operation => operation.Responses is { } answers && (answers.ContainsKey("304") || answers.ContainsKey("412")))
            .Select(static operation => Shown(operation.Responses!)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            foreach (var (status, described) in operation.Responses ?? [])
            {
                if (described is not OpenApiResponse answer)
                {
                    continue;
                }

                answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
                answer.Headers[RateLimit] = new OpenApiHeaderReference(RateLimit, document);
                answer.Headers[AllowOrigin] = new OpenApiHeaderReference(AllowOrigin, document);
                if (status is "200" or "201" && Shown(operation.Responses!) is { } schema && versioned.Contains(schema))
                {
                    answer.Headers[EntityTag] = new OpenApiHeaderReference(EntityTag, document);
                }

                if (status is "201")
                {
                    answer.Headers[Location] = new OpenApiHeaderReference(Location, document);
                }

                if (status is "429" or "503")
                {
                    answer.Headers[RetryAfter] = new OpenApiHeaderReference(RetryAfter, document);
                }
            }
        }
    }

    /// <summary>The schema of what an operation shows: whatever shows a resource that has versions shows its version.</summary>
    private static string? Shown(OpenApiResponses answers) =>
        (answers.GetValueOrDefault("200") ?? answers.GetValueOrDefault("201"))?.Content is { } content && content.TryGetValue("application/json", out var json) && json.Schema is OpenApiSchemaReference schema ? schema.Reference.Id : null;

    private static OpenApiHeader Header(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 } };
}
