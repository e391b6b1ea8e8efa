using System.Text.Json;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>
/// Reads from compiled types which JSON System.Text.Json writes of them, with camel-case names, and what it needs to read them again. Nothing is loaded or run. Public properties count,
/// fields and explicit members do not.
/// </summary>
internal sealed class ShapeReader(JsonWriting writing)
{
    private readonly Dictionary<string, (string Name, TypeShape Shape)> _types = new(StringComparer.Ordinal);

    /// <summary>The objects and enumerations that were met so far, by name.</summary>
    public IReadOnlyDictionary<string, TypeShape> Types => _types.Values.ToDictionary(static found => found.Name, static found => found.Shape, StringComparer.Ordinal);

    /// <summary>The members of an object.</summary>
    public IReadOnlyDictionary<string, MemberShape> Members(TypeReference type)
    {
        var members = new SortedDictionary<string, MemberShape>(StringComparer.Ordinal);
        var definition = type.Resolve() ?? throw new FormatException($"{type.FullName} is in an assembly that is not there.");
        var arguments = Arguments(type, definition);
        var constructor = JsonAttributes.Constructor(definition);
        for (var current = definition; current is not null && current.FullName is not ("System.Object" or "System.ValueType"); current = current.BaseType?.Resolve())
        {
            foreach (var property in current.Properties.Where(static property => JsonAttributes.IsWritten(property)))
            {
                members.TryAdd(JsonAttributes.NameOf(property), Member(property, constructor, arguments));
            }
        }

        return members;
    }

    private MemberShape Member(PropertyDefinition property, MethodDefinition? constructor, IReadOnlyDictionary<string, TypeReference> arguments)
    {
        var nullability = TypeText.Parts(property, property);
        var type = JsonAttributes.ConverterOf(property) is { } converter ? "by " + converter : null;
        var (written, isNullable) = Written(property.PropertyType, nullability, arguments);
        var shape = new MemberShape(type ?? written, isNullable, IsRequired: property.CustomAttributes.Any(static found => found.AttributeType.Name is "RequiredMemberAttribute" or "JsonRequiredAttribute"));
        if (constructor?.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase)) is { } parameter)
        {
            return ConstantText.TryGetDefault(parameter, out var value) ? WithDefault(shape, Constant(value, parameter.ParameterType)) : shape;
        }

        return property.SetMethod is not { IsPublic: true } && !JsonAttributes.Has(property, "JsonIncludeAttribute") ? shape with { IsComputed = true, IsRequired = false }
            : shape.IsRequired ? shape
            : WithDefault(shape, InitialValue.Of(property, Constant));
    }

    // Null is what a nullable member is anyway when it is missing.
    private static MemberShape WithDefault(MemberShape shape, string value) => value == "null" || (value == "default" && shape.IsNullable) ? shape : shape with { Default = value };

    private (string Text, bool IsNullable) Written(TypeReference type, Func<byte> nullability, IReadOnlyDictionary<string, TypeReference> arguments)
    {
        switch (type)
        {
            case GenericParameter parameter:
                var isMarked = nullability() == 2;
                var (text, isNull) = arguments.TryGetValue(parameter.Name, out var given) ? Written(given, static () => 0, arguments) : ("any", false);
                return (text, isNull || isMarked);
            case GenericInstanceType { ElementType.FullName: "System.Nullable`1" } nullable:
                return (Written(nullable.GenericArguments[0], nullability, arguments).Text, true);
            case ArrayType { ElementType.FullName: "System.Byte" }:
                return ("base64", nullability() == 2);
            case ArrayType array:
                var isNullArray = nullability() == 2;
                return (Part(array.ElementType, nullability, arguments) + "[]", isNullArray);
            case GenericInstanceType generic when generic.ElementType.Namespace.StartsWith("System.Collections", StringComparison.Ordinal):
                var isNullList = nullability() == 2;
                return (generic.GenericArguments is [var key, var value]
                    ? $"map<{Part(key, nullability, arguments)}, {Part(value, nullability, arguments)}>"
                    : Part(generic.GenericArguments[0], nullability, arguments) + "[]", isNullList);
            case GenericInstanceType generic:
                var isNullGeneric = nullability() == 2;
                generic.GenericArguments.ToList().ForEach(argument => Written(argument, nullability, arguments));
                return (Named(generic), isNullGeneric);
            default:
                var isNullable = !type.IsValueType && nullability() == 2;
                return (JsonAttributes.Scalar(type) ?? Named(type), isNullable);
        }
    }

    private string Part(TypeReference type, Func<byte> nullability, IReadOnlyDictionary<string, TypeReference> arguments) =>
        Written(type, nullability, arguments) is var (text, isNullable) && isNullable ? text + "?" : text;

    private string Named(TypeReference type)
    {
        if (_types.TryGetValue(type.FullName, out var known))
        {
            return known.Name;
        }

        if (type.Resolve() is not { } definition)
        {
            return type.FullName;
        }

        if (JsonAttributes.ConverterOf(definition) is { } converter && !converter.Contains("JsonStringEnumConverter", StringComparison.Ordinal))
        {
            return $"{definition.Name} by {converter}";
        }

        if (writing.UnwrapsValues && JsonAttributes.Wrapped(definition) is { } value)
        {
            return JsonAttributes.Scalar(value)!;
        }

        var name = Free(TypeText.NameOf(type.GetElementType(), definition.Module.Assembly.Name.Name).Split('.')[^1]
            + (type is GenericInstanceType generic ? $"<{string.Join(", ", generic.GenericArguments.Select(static argument => argument.Name))}>" : string.Empty), type);
        if (definition.IsEnum)
        {
            var naming = JsonAttributes.ConverterOf(definition) is null ? writing.EnumNaming : null;
            _types[type.FullName] = (name, new TypeShape(null, [.. definition.Fields.Where(static field => field.HasConstant).Select(field => JsonAttributes.ValueOf(field, naming)).Order(StringComparer.Ordinal)]));
            return name;
        }

        // It may hold itself: its name is known before its members are read.
        _types[type.FullName] = (name, new TypeShape(new Dictionary<string, MemberShape>(), null));
        _types[type.FullName] = (name, new TypeShape(Members(type), null, Kinds(definition)));
        return name;
    }

    private KindsShape? Kinds(TypeDefinition type)
    {
        var kinds = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (derived, text) in JsonAttributes.DerivedTypes(type))
        {
            kinds[text] = Named(derived);
        }

        return kinds.Count > 0 ? new KindsShape(JsonAttributes.DiscriminatorOf(type), kinds) : null;
    }

    private string Free(string name, TypeReference type) => _types.Values.Any(found => found.Name == name) ? type.FullName.Replace('/', '.') : name;

    private static Dictionary<string, TypeReference> Arguments(TypeReference type, TypeDefinition definition) => type is GenericInstanceType generic
        ? definition.GenericParameters.Zip(generic.GenericArguments).ToDictionary(static pair => pair.First.Name, static pair => pair.Second, StringComparer.Ordinal)
        : [];

    private string Constant(object? value, TypeReference type) => ConstantText.Of(value, type, (definition, name) =>
        JsonSerializer.Serialize(JsonAttributes.ValueOf(definition.Fields.Single(field => field.Name == name), writing.EnumNaming)));
}
