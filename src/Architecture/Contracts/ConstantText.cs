using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts;

/// <summary>Writes constants, as C# and as JSON do where both are the same.</summary>
internal static class ConstantText
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the constant of a parameter or a field.</summary>
    /// <param name="value">The constant; null for null and for the default value of a structure.</param>
    /// <param name="type">Its type.</param>
    /// <param name="enumeration">How a value of an enumeration is written.</param>
    /// <returns>For example <c>"EUR"</c>, <c>true</c>, <c>null</c> or <c>default</c>.</returns>
    public static string Of(object? value, TypeReference type, Func<TypeDefinition, string, string> enumeration)
    {
        var bare = type is GenericInstanceType { ElementType.FullName: "System.Nullable`1" } nullable ? nullable.GenericArguments[0] : type;
        return value switch
        {
            null => bare == type && type.IsValueType ? "default" : "null",
            string text => JsonSerializer.Serialize(text, Json),
            char character => JsonSerializer.Serialize(character.ToString(), Json),
            bool flag => flag ? "true" : "false",
            _ when Named(value, bare) is { } found => enumeration(found.Type, found.Name),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    /// <summary>The constant that a parameter has when it is left out.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">The constant.</param>
    /// <returns>Whether it may be left out.</returns>
    public static bool TryGetDefault(ParameterDefinition parameter, out object? value)
    {
        value = parameter.HasConstant ? parameter.Constant : Decimal(parameter);
        return parameter.IsOptional || parameter.HasConstant || value is not null;
    }

    // The compiler keeps a decimal in an attribute: scale, sign, and three times 32 bits from the high ones on.
    private static decimal? Decimal(ParameterDefinition parameter) =>
        parameter.CustomAttributes.FirstOrDefault(static found => found.AttributeType.FullName == "System.Runtime.CompilerServices.DecimalConstantAttribute") is { } attribute
        && attribute.ConstructorArguments.Select(static argument => Convert.ToInt64(argument.Value, CultureInfo.InvariantCulture)).ToList() is [var scale, var sign, var high, var mid, var low]
            ? new decimal((int)low, (int)mid, (int)high, sign != 0, (byte)scale)
            : null;

    private static (TypeDefinition Type, string Name)? Named(object value, TypeReference type) =>
        !type.IsPrimitive && type.FullName != "System.Decimal" && type.Resolve() is { IsEnum: true } definition
        && definition.Fields.FirstOrDefault(field => field.HasConstant && Equals(field.Constant, value)) is { } field
            ? (definition, field.Name)
            : null;
}
