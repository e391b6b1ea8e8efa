using System.Globalization;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>Writes the attributes that mean something to those who use a type. What the compiler adds for itself is left out.</summary>
internal static class AttributeText
{
    private static readonly string[] OfTheCompiler = ["System.Runtime.CompilerServices", "System.Diagnostics", "System.Diagnostics.CodeAnalysis", "Microsoft.CodeAnalysis", "System.CodeDom.Compiler", "System.Reflection"];

    /// <summary>The attributes, each in brackets, sorted.</summary>
    public static IReadOnlyList<string> Of(ICustomAttributeProvider provider) =>
        [.. provider.CustomAttributes.Where(found => !OfTheCompiler.Contains(found.AttributeType.Namespace) && !IsForOldCompilers(found, provider)).Select(Write).Order(StringComparer.Ordinal)];

    /// <summary>The attributes as a prefix of a line.</summary>
    public static string Before(ICustomAttributeProvider provider) => string.Concat(Of(provider).Select(static attribute => attribute + " "));

    // What needs a newer compiler is made obsolete for older ones.
    private static bool IsForOldCompilers(CustomAttribute attribute, ICustomAttributeProvider provider) =>
        attribute.AttributeType.FullName == "System.ObsoleteAttribute" && provider.CustomAttributes.Any(static other => other.AttributeType.Name == "CompilerFeatureRequiredAttribute");

    private static string Write(CustomAttribute attribute)
    {
        var name = attribute.AttributeType.Name.EndsWith("Attribute", StringComparison.Ordinal) ? attribute.AttributeType.Name[..^"Attribute".Length] : attribute.AttributeType.Name;
        var arguments = attribute.ConstructorArguments.Select(Value)
            .Concat(attribute.Properties.Concat(attribute.Fields).OrderBy(static named => named.Name, StringComparer.Ordinal).Select(static named => $"{named.Name} = {Value(named.Argument)}"));
        return string.Join(", ", arguments) is { Length: > 0 } list ? $"[{name}({list})]" : $"[{name}]";
    }

    private static string Value(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => $"typeof({type.Name.Split('`')[0]})",
        CustomAttributeArgument[] items => $"[{string.Join(", ", items.Select(Value))}]",
        CustomAttributeArgument boxed => Value(boxed),
        IFormattable number when argument.Type.IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        var value => ConstantText.Of(value, argument.Type, static (enumeration, name) => enumeration.Name + "." + name),
    };
}
