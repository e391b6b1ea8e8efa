using System.Text.Json;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>What the attributes of System.Text.Json and the kinds of its built-in types mean for JSON.</summary>
internal static class JsonAttributes
{
    // The values of JsonIgnoreCondition.
    private const int Never = 0;
    private const int WhenWritingDefault = 2;

    private static readonly Dictionary<string, string> Scalars = new(StringComparer.Ordinal)
    {
        ["System.String"] = "string",
        ["System.Char"] = "string",
        ["System.Guid"] = "uuid",
        ["System.Uri"] = "uri",
        ["System.Boolean"] = "boolean",
        ["System.Byte"] = "uint8",
        ["System.SByte"] = "int8",
        ["System.Int16"] = "int16",
        ["System.UInt16"] = "uint16",
        ["System.Int32"] = "int32",
        ["System.UInt32"] = "uint32",
        ["System.Int64"] = "int64",
        ["System.UInt64"] = "uint64",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
        ["System.DateTime"] = "date-time",
        ["System.DateTimeOffset"] = "date-time",
        ["System.DateOnly"] = "date",
        ["System.TimeOnly"] = "time",
        ["System.TimeSpan"] = "duration",
        ["System.Version"] = "version",
        ["System.Object"] = "any",
        ["System.Text.Json.JsonElement"] = "any",
        ["System.Text.Json.JsonDocument"] = "any",
        ["System.Text.Json.Nodes.JsonNode"] = "any",
        ["System.Text.Json.Nodes.JsonObject"] = "object",
        ["System.Text.Json.Nodes.JsonArray"] = "any[]",
    };

    /// <summary>How a built-in type is written; null for all others.</summary>
    public static string? Scalar(TypeReference type) => Scalars.GetValueOrDefault(type.FullName);

    /// <summary>Whether a property is a part of the JSON.</summary>
    public static bool IsWritten(PropertyDefinition property) =>
        property is { HasParameters: false, GetMethod: { IsStatic: false } get } && (get.IsPublic || Has(property, "JsonIncludeAttribute"))
        && property.CustomAttributes.FirstOrDefault(static found => found.AttributeType.Name == "JsonIgnoreAttribute") is var ignored
        && (ignored is null || (ignored.Properties.FirstOrDefault(static named => named.Name == "Condition").Argument.Value is int condition && condition is Never or >= WhenWritingDefault));

    /// <summary>The name of a property in JSON.</summary>
    public static string NameOf(PropertyDefinition property) =>
        Argument(property, "JsonPropertyNameAttribute") as string ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The text of an enumeration's value.</summary>
    public static string ValueOf(FieldDefinition value, JsonNamingPolicy? naming) =>
        Argument(value, "JsonStringEnumMemberNameAttribute") as string ?? naming?.ConvertName(value.Name) ?? value.Name;

    /// <summary>The converter that is named at a type or property; null when none is.</summary>
    public static string? ConverterOf(ICustomAttributeProvider provider) => (Argument(provider, "JsonConverterAttribute") as TypeReference)?.Name;

    /// <summary>Whether an attribute is there.</summary>
    public static bool Has(ICustomAttributeProvider provider, string attribute) => provider.CustomAttributes.Any(found => found.AttributeType.Name == attribute);

    /// <summary>The constructor by which objects are read; null when properties are set one by one.</summary>
    public static MethodDefinition? Constructor(TypeDefinition type)
    {
        var constructors = type.Methods.Where(static method => method is { IsConstructor: true, IsStatic: false }).ToList();
        if (constructors.Find(static method => Has(method, "JsonConstructorAttribute")) is { } marked)
        {
            return marked;
        }

        var open = constructors.FindAll(static method => method.IsPublic);
        return type.IsValueType || open.Exists(static method => !method.HasParameters) || open.Count != 1 ? null : open[0];
    }

    /// <summary>
    /// What a structure is around, when the event store writes it bare: it has one public property, a Guid, a text or a number, which only a constructor sets.
    /// </summary>
    public static TypeReference? Wrapped(TypeDefinition type) =>
        type is { IsValueType: true, IsEnum: false } && Constructor(type) is null
        && type.Properties.Where(static property => property.GetMethod is { IsPublic: true, IsStatic: false }).ToList() is [{ SetMethod: not { IsPublic: true } } only]
        && only.PropertyType.FullName is "System.Guid" or "System.String" or "System.Int32" or "System.Int64"
        && type.Methods.Any(method => method is { IsConstructor: true, IsPublic: true, Parameters: [var parameter] } && parameter.ParameterType.FullName == only.PropertyType.FullName)
            ? only.PropertyType
            : null;

    /// <summary>The types that may stand for one, with the text that tells them apart. Without a text they are written only, as what they are declared.</summary>
    public static IEnumerable<(TypeReference Type, string Text)> DerivedTypes(TypeDefinition type) =>
        from found in type.CustomAttributes
        where found.AttributeType.Name == "JsonDerivedTypeAttribute" && found.ConstructorArguments.Count == 2
        select ((TypeReference)found.ConstructorArguments[0].Value, Convert.ToString(found.ConstructorArguments[1].Value, System.Globalization.CultureInfo.InvariantCulture)!);

    /// <summary>The member that has this text.</summary>
    public static string DiscriminatorOf(TypeDefinition type) =>
        type.CustomAttributes.FirstOrDefault(static found => found.AttributeType.Name == "JsonPolymorphicAttribute")?.Properties
            .FirstOrDefault(static named => named.Name == "TypeDiscriminatorPropertyName").Argument.Value as string ?? "$type";

    private static object? Argument(ICustomAttributeProvider provider, string attribute) =>
        provider.CustomAttributes.FirstOrDefault(found => found.AttributeType.Name == attribute)?.ConstructorArguments is [var argument, ..] ? argument.Value : null;
}
