using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>Reads the public surface of an assembly without loading it.</summary>
internal static class SurfaceReader
{
    private const string CompilerGenerated = "System.Runtime.CompilerServices.CompilerGeneratedAttribute";

    /// <summary>The public types, nested ones among them.</summary>
    public static IReadOnlyList<SurfaceType> Read(ModuleDefinition module) =>
        [.. module.GetTypes().Where(static type => IsVisible(type) && !type.Name.Contains('<', StringComparison.Ordinal)).Select(Type)];

    private static bool IsVisible(TypeDefinition type) => type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType));

    private static SurfaceType Type(TypeDefinition type)
    {
        var kind = KindOf(type);
        var name = TypeText.NameOf(type, type.Module.Assembly.Name.Name)
            + (type.HasGenericParameters ? $"<{string.Join(", ", type.GenericParameters.Select(static parameter => (parameter.IsCovariant ? "out " : parameter.IsContravariant ? "in " : string.Empty) + parameter.Name))}>" : string.Empty);
        var attributes = AttributeText.Of(type);
        if (kind == "delegate")
        {
            var invoke = type.Methods.Single(static method => method.Name == "Invoke");
            return new SurfaceType(name, kind, string.Empty, attributes, null, [], [SurfaceText.Member(MemberText.Method(invoke), kind)]);
        }

        if (kind == "enum")
        {
            var values = type.Fields.Where(static field => field.HasConstant).OrderBy(static field => Convert.ToDecimal(field.Constant, System.Globalization.CultureInfo.InvariantCulture))
                .ThenBy(static field => field.Name, StringComparer.Ordinal)
                .Select(static field => SurfaceText.Member(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{field.Name} = {field.Constant}"), "enum"));
            var underlying = type.Fields.First(static field => !field.IsStatic).FieldType;
            return new SurfaceType(name, kind, string.Empty, attributes, null, underlying.FullName == "System.Int32" ? [] : [TypeText.NameOf(underlying, string.Empty)], [.. values]);
        }

        var positional = Positional(type);
        return new SurfaceType(name, kind, Modifiers(type, kind), attributes, positional?.Parameters.Select(MemberText.Parameter).ToList(), Bases(type), [.. Members(type, kind, positional)],
            ConstraintText.Of(type, type));
    }

    private static string KindOf(TypeDefinition type) =>
        type.IsInterface ? "interface"
        : type.IsEnum ? "enum"
        : type.BaseType?.FullName == "System.MulticastDelegate" ? "delegate"
        : type.IsValueType ? type.Methods.Any(static method => method.Name == "PrintMembers" && IsCompilerGenerated(method)) ? "record struct" : "struct"
        : type.Methods.Any(static method => method.Name == "<Clone>$") ? "record" : "class";

    private static string Modifiers(TypeDefinition type, string kind) => kind switch
    {
        "class" or "record" => type.IsAbstract && type.IsSealed ? "static" : type.IsAbstract ? "abstract" : type.IsSealed ? "sealed" : string.Empty,
        "struct" or "record struct" => type.CustomAttributes.Any(static found => found.AttributeType.Name == "IsReadOnlyAttribute") ? "readonly" : string.Empty,
        _ => string.Empty,
    };

    // The compiler makes Deconstruct of the positional parameters, and of nothing else.
    private static MethodDefinition? Positional(TypeDefinition type) =>
        type.Methods.FirstOrDefault(static method => method.Name == "Deconstruct" && IsCompilerGenerated(method)) is { } deconstruct
            ? type.Methods.FirstOrDefault(method => method.IsConstructor && method.IsPublic
                && method.Parameters.Select(static parameter => parameter.Name).SequenceEqual(deconstruct.Parameters.Select(static parameter => parameter.Name)))
            : null;

    private static List<string> Bases(TypeDefinition type)
    {
        var direct = type.Interfaces.Where(found => found.InterfaceType is not GenericInstanceType { ElementType.FullName: "System.IEquatable`1" } equatable || equatable.GenericArguments[0].GetElementType().FullName != type.FullName).ToList();
        var implied = direct.SelectMany(static found => found.InterfaceType.Resolve()?.Interfaces.Select(static inner => inner.InterfaceType.GetElementType().FullName) ?? []).ToHashSet(StringComparer.Ordinal);
        var texts = direct.Where(found => !implied.Contains(found.InterfaceType.GetElementType().FullName)).Select(found => TypeText.Of(found.InterfaceType, found, type)).Order(StringComparer.Ordinal);
        return type.BaseType is { FullName: not ("System.Object" or "System.ValueType") } and var parent ? [TypeText.Of(parent, type, type).TrimEnd('?'), .. texts] : [.. texts];
    }

    private static IEnumerable<SurfaceMember> Members(TypeDefinition type, string kind, MethodDefinition? positional)
    {
        var names = positional?.Parameters.Select(static parameter => parameter.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        var lines = type.Fields.Where(field => (field.IsPublic || IsInherited(field.IsFamily || field.IsFamilyOrAssembly, type)) && !field.IsSpecialName).Select(MemberText.Field)
            .Concat(type.Properties.Where(property => property.Name != "EqualityContract" && !names.Contains(property.Name) && IsVisible(property.GetMethod ?? property.SetMethod, type)).Select(MemberText.Property))
            .Concat(type.Events.Where(found => IsVisible(found.AddMethod, type)).Select(MemberText.Event))
            .Concat(type.Methods.Where(method => method != positional && IsOwn(method, type)).Select(MemberText.Method));
        return lines.Select(line => SurfaceText.Member(line, kind)).OrderBy(static member => member.Key, StringComparer.Ordinal).ThenBy(static member => member.Text, StringComparer.Ordinal);
    }

    private static bool IsOwn(MethodDefinition method, TypeDefinition type) =>
        IsVisible(method, type) && !method.IsGetter && !method.IsSetter && !method.IsAddOn && !method.IsRemoveOn && !method.Name.Contains('<', StringComparison.Ordinal) && !IsCompilerGenerated(method);

    private static bool IsVisible(MethodDefinition method, TypeDefinition type) => method.IsPublic || IsInherited(method.IsFamily || method.IsFamilyOrAssembly, type);

    private static bool IsInherited(bool isProtected, TypeDefinition type) => isProtected && !type.IsSealed;

    private static bool IsCompilerGenerated(MethodDefinition method) => method.CustomAttributes.Any(static found => found.AttributeType.FullName == CompilerGenerated);
}
