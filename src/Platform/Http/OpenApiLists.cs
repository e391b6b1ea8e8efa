using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace ModularMonolith.Platform.Http;

/// <summary>What lists have in common, in the OpenAPI document: how long pages are, and that items of which fields were selected lack the others.</summary>
internal static class OpenApiLists
{
    private const string Limit = "limit";
    private const string Fields = "fields";

    public static void Describe(Document document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(static path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            foreach (var parameter in operation.Parameters?.Where(static parameter => parameter.In == ParameterLocation.Query) ?? [])
            {
                if (parameter.Name == Limit && parameter.Schema is OpenApiSchema size)
                {
                    size.Minimum = "1";
                    size.Maximum = PageCursor.MaximumSize.ToString(CultureInfo.InvariantCulture);
                    size.Default = JsonValue.Create(PageCursor.DefaultSize);
                }
                else if (parameter.Name == Fields)
                {
                    LoosenItems(operation, document);
                }
            }
        }
    }

    private static void LoosenItems(OpenApiOperation operation, Document document)
    {
        foreach (var content in operation.Responses?["200"].Content?.Values ?? [])
        {
            if (Resolve(content.Schema, document)?.Properties?["items"].Items is { } items && Resolve(items, document) is { } item)
            {
                item.Required = null;
                item.Description = "Has all its fields unless the list was asked for some of them with the parameter fields.";
            }
        }
    }

    private static OpenApiSchema? Resolve(IOpenApiSchema? schema, Document document) => schema switch
    {
        OpenApiSchemaReference { Reference.Id: { } name } => document.Components?.Schemas?[name] as OpenApiSchema,
        _ => schema as OpenApiSchema,
    };
}
