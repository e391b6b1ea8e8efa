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
            [AllowOrigin] = Header("The origin of the request, if the configuration allows it; missing otherwise."),
        };
        foreach (var operation in document.Paths.Values.SelectMany(static path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
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
                if (status is "429" or "503")
                {
                    answer.Headers[RetryAfter] = new OpenApiHeaderReference(RetryAfter, document);
                }
            }
        }
    }

    private static OpenApiHeader Header(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 } };
}
