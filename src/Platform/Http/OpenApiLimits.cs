using System.Globalization;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace ModularMonolith.Platform.Http;

/// <summary>
/// The bounds of every text, number and list in the OpenAPI document: those that the request's validator has, else those of the type and of what is read at all. A client, and whatever
/// stands before the API, can then refuse what would be refused here.
/// </summary>
internal static class OpenApiLimits
{
    private const int UuidLength = 36;
    private const int TimeLength = 40;

    /// <summary>No body is long enough for more, and no page or stored list has more.</summary>
    private const int MaximumItems = 100_000;

    /// <summary>Takes over the rules of the validator that the type has.</summary>
    public static void Narrow(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (schema.Properties is null || context.JsonPropertyInfo is not null
            || context.ApplicationServices.GetService(typeof(IValidator<>).MakeGenericType(context.JsonTypeInfo.Type)) is not IValidator validator)
        {
            return;
        }

        var rules = validator.CreateDescriptor().GetMembersWithValidators();
        foreach (var (name, property) in schema.Properties)
        {
            if (property is OpenApiSchema bounded)
            {
                // The validators' members have the names of the language, the schema's those of JSON.
                var member = rules.FirstOrDefault(rule => name.Equals(rule.Key, StringComparison.OrdinalIgnoreCase));
                foreach (var rule in member ?? Enumerable.Empty<(IPropertyValidator Validator, FluentValidation.Internal.IRuleComponent Options)>())
                {
                    Apply(rule.Validator, bounded);
                }
            }
        }
    }

    /// <summary>Bounds what has no bounds yet.</summary>
    public static void Bound(Document document)
    {
        foreach (var schema in document.Components?.Schemas?.Values ?? [])
        {
            Bound(schema);
        }

        foreach (var operation in document.Paths.Values.SelectMany(static path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            foreach (var parameter in operation.Parameters ?? [])
            {
                Bound(parameter.Schema);
            }

            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
            {
                Bound(content.Schema);
            }

            foreach (var content in operation.Responses?.Values.SelectMany(static answer => answer.Content?.Values ?? []) ?? [])
            {
                Bound(content.Schema);
            }
        }
    }

    private static void Apply(IPropertyValidator rule, OpenApiSchema schema)
    {
        switch (rule)
        {
            case ILengthValidator length when Is(schema, JsonSchemaType.String):
                schema.MaxLength = length.Max > 0 ? length.Max : schema.MaxLength;
                schema.MinLength = length.Min > 0 ? length.Min : schema.MinLength;
                break;
            case IRegularExpressionValidator pattern when Is(schema, JsonSchemaType.String):
                schema.Pattern = pattern.Expression;
                break;
            case INotEmptyValidator when Is(schema, JsonSchemaType.String):
                schema.MinLength ??= 1;
                break;
            case IBetweenValidator between when Is(schema, JsonSchemaType.Integer):
                schema.Minimum = Text(between.From) ?? schema.Minimum;
                schema.Maximum = Text(between.To) ?? schema.Maximum;
                break;
            case IComparisonValidator { Comparison: Comparison.GreaterThanOrEqual } least when Is(schema, JsonSchemaType.Integer):
                schema.Minimum = Text(least.ValueToCompare) ?? schema.Minimum;
                break;
            case IComparisonValidator { Comparison: Comparison.LessThanOrEqual } most when Is(schema, JsonSchemaType.Integer):
                schema.Maximum = Text(most.ValueToCompare) ?? schema.Maximum;
                break;
            default:
                break;
        }
    }

    private static void Bound(IOpenApiSchema? described)
    {
        // What stands behind a reference is bounded where it stands.
        if (described is not OpenApiSchema schema)
        {
            return;
        }

        if (Is(schema, JsonSchemaType.String) && schema.Enum is null or { Count: 0 } && schema.Const is null)
        {
            schema.MaxLength ??= schema.Format switch { "uuid" => UuidLength, "date-time" => TimeLength, _ => TextJson.MaximumLength };
        }

        if (Is(schema, JsonSchemaType.Integer))
        {
            var isLong = schema.Format == "int64";
            schema.Minimum ??= Text(isLong ? long.MinValue : int.MinValue);
            schema.Maximum ??= Text(isLong ? long.MaxValue : int.MaxValue);
        }

        if (Is(schema, JsonSchemaType.Array))
        {
            schema.MaxItems ??= MaximumItems;
            Bound(schema.Items);
        }

        foreach (var part in (schema.Properties?.Values ?? []).Concat(schema.OneOf ?? []).Concat(schema.AnyOf ?? []).Concat(schema.AllOf ?? []))
        {
            Bound(part);
        }

        Bound(schema.AdditionalProperties);
    }

    private static bool Is(OpenApiSchema schema, JsonSchemaType type) => schema.Type is { } types && (types & type) != 0;

    private static string? Text(object? value) => value is int or long or short ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
}
