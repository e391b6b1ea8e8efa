using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Http;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c> and a page to try it at <c>/docs</c>.</summary>
internal static class OpenApiDocument
{
    public static void Add(IServiceCollection services, ModuleCatalog modules) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Modular Monolith commerce API",
                Version = "v1",
                Description = "Every failure is a problem document (RFC 9457) whose type leads to an explanation.",
            };
            document.Tags = modules.Modules.Select(static module => new OpenApiTag { Name = module.Name, Description = module.Manifest.Purpose })
                .Append(new OpenApiTag { Name = "log", Description = "What operators see of the events between modules, and do with those that fail." })
                .Append(new OpenApiTag { Name = "audit", Description = "Who changed what, when and from where, and whether the log of it is intact." })
                .ToHashSet();
            OpenApiAnswers.Describe(document);
            OpenApiHeaders.Describe(document);
            OpenApiLists.Describe(document);
            OpenApiLimits.Bound(document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            // Read by a converter of our own, which hides what it is.
            if (context.JsonTypeInfo.Type == typeof(string))
            {
                schema.Type = context.JsonPropertyInfo?.IsGetNullable == true ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            }

            if (context.JsonTypeInfo.ElementType == typeof(string) && schema.Type is { } types && (types & JsonSchemaType.Array) != 0)
            {
                schema.Items ??= new OpenApiSchema { Type = JsonSchemaType.String };
            }

            if (context.JsonTypeInfo.ElementType == typeof(Money) && schema is { Items: null, Type: { } list } && (list & JsonSchemaType.Array) != 0)
            {
                var item = new OpenApiSchema();
                DescribeMoney(item);
                schema.Items = item;
            }

            if (context.JsonTypeInfo.Type == typeof(Money) || context.JsonTypeInfo.Type == typeof(Money?))
            {
                DescribeMoney(schema);
                if (context.JsonTypeInfo.Type == typeof(Money?))
                {
                    schema.Type |= JsonSchemaType.Null;
                }
            }

            foreach (var absent in context.JsonTypeInfo.Properties.Where(static property => property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }]))
            {
                schema.Required?.Remove(absent.Name);
            }

            OpenApiLimits.Narrow(schema, context);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IdempotencyKeyMetadata>().Any())
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = IdempotencyEndpoints.Header,
                    In = ParameterLocation.Header,
                    Required = true,
                    Description = "A value that stands for this one request, a UUID for example. The same key and body get the same answer again.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
                });
            }

            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RespondsAsyncMetadata>().Any())
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = Preferences.Header,
                    In = ParameterLocation.Header,
                    Description = "respond-async to be answered with 202 and a Location that says how far it is, instead of waiting (RFC 7240).",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
                });
            }

            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<WaitsMetadata>().Any())
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = Preferences.Header,
                    In = ParameterLocation.Header,
                    Description = $"wait=N to be answered when the outcome is known, after at most N seconds, of which there are {Preferences.LongestWait} at most (RFC 7240).",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
                });
            }

            DescribeConditions(operation);
            OpenApiAnswers.Describe(operation, context);
            return Task.CompletedTask;
        });
    });

    // The answers that an operation declares say which conditions (RFC 9110, section 13) it evaluates.
    private static void DescribeConditions(OpenApiOperation operation)
    {
        if (operation.Responses?.ContainsKey("412") == true)
        {
            AddHeader("If-Match", operation.Responses.ContainsKey("428"), "The ETag of the version that is to be changed, or * for any. Another version answers 412.");
        }

        if (operation.Responses?.ContainsKey("304") == true)
        {
            AddHeader("If-None-Match", false, "The ETag of the version that the client has. The same version answers 304 without a body.");
        }

        void AddHeader(string name, bool required, string description) => (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Required = required,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    // Its own converter hides the members from the schema.
    private static void DescribeMoney(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Required = new HashSet<string> { "amount", "currency" };
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["amount"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = "In minor units of the currency, cents for example." },
            ["currency"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Z]{3}$", Description = "ISO 4217." },
        };
    }

    public static void Map(WebApplication app)
    {
        // One address, because the framework's pattern answers other names with a text that repeats them.
        app.MapOpenApi("/openapi/v1.json").AllowAnonymous();
        app.UseSwaggerUI(static ui =>
        {
            ui.RoutePrefix = "docs";
            ui.SwaggerEndpoint("/openapi/v1.json", "v1");
            ui.DocumentTitle = "Modular Monolith API";
        });
        app.MapGet("/", static () => Results.Redirect("/docs/")).AllowAnonymous().ExcludeFromDescription();
    }
}
