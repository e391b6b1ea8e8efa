using System.Text.RegularExpressions;
using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>The questions that predicates and conditions ask about one type.</summary>
internal static class Rules
{
    public static Func<TypeDefinition, bool> Not(Func<TypeDefinition, bool> rule) => type => !rule(type);

    public static Func<TypeDefinition, bool> Name(string name) => type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public static Func<TypeDefinition, bool> NameMatching(string pattern)
    {
        var expression = new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        return type => expression.IsMatch(type.Name);
    }

    public static Func<TypeDefinition, bool> NameStartingWith(string start, StringComparison comparer = StringComparison.OrdinalIgnoreCase) =>
        type => type.Name.StartsWith(start, comparer);

    public static Func<TypeDefinition, bool> NameEndingWith(string end, StringComparison comparer = StringComparison.OrdinalIgnoreCase) =>
        type => type.Name.EndsWith(end, comparer);

    public static Func<TypeDefinition, bool> Attribute(Type attribute) =>
        type => type.CustomAttributes.Any(used => TypeIdentity.IsSame(used.AttributeType, attribute));

    public static Func<TypeDefinition, bool> AttributeOrDerived(Type attribute) =>
        type => type.CustomAttributes.Any(used => TypeIdentity.IsSame(used.AttributeType, attribute)
            || (used.AttributeType.Resolve() is { } definition && TypeIdentity.Inherits(definition, attribute)));

    public static Func<TypeDefinition, bool> Ancestor(Type ancestor) => type => TypeIdentity.Inherits(type, ancestor);

    public static Func<TypeDefinition, bool> Interface(Type interfaceType) => interfaceType.IsInterface
        ? type => type.Interfaces.Any(implemented => TypeIdentity.IsSame(implemented.InterfaceType, interfaceType))
        : throw new ArgumentException($"{interfaceType} is not an interface.", nameof(interfaceType));

    public static bool Abstract(TypeDefinition type) => type.IsAbstract;

    public static bool Class(TypeDefinition type) => type.IsClass;

    public static bool Generic(TypeDefinition type) => type.HasGenericParameters;

    public static bool Interface(TypeDefinition type) => type.IsInterface;

    public static bool Static(TypeDefinition type) => type is { IsAbstract: true, IsSealed: true, IsInterface: false };

    public static bool Nested(TypeDefinition type) => type.IsNested;

    public static bool NestedPublic(TypeDefinition type) => type.IsNestedPublic;

    public static bool NestedPrivate(TypeDefinition type) => type.IsNestedPrivate;

    public static bool Public(TypeDefinition type) => type.IsNested ? type.IsNestedPublic : type.IsPublic;

    public static bool Sealed(TypeDefinition type) => type.IsSealed;

    public static bool Immutable(TypeDefinition type) =>
        type.Properties.All(property => property.SetMethod is not { IsPublic: true })
        && type.Fields.All(field => !field.IsPublic || field.IsInitOnly || field.HasConstant);

    public static bool OnlyNullableMembers(TypeDefinition type) =>
        type.Properties.All(property => IsNullable(property.PropertyType)) && type.Fields.All(field => IsNullable(field.FieldType));

    public static Func<TypeDefinition, bool> InNamespace(string name) =>
        type => type.FullName.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    public static Func<TypeDefinition, bool> NamespaceMatching(string pattern)
    {
        var expression = new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        return type => expression.IsMatch(NamespaceOf(type));
    }

    public static Func<TypeDefinition, bool> NamespaceStartingWith(string name) =>
        type => NamespaceOf(type).StartsWith(name, StringComparison.OrdinalIgnoreCase);

    public static Func<TypeDefinition, bool> NamespaceEndingWith(string name) =>
        type => NamespaceOf(type).EndsWith(name, StringComparison.OrdinalIgnoreCase);

    public static Func<TypeDefinition, bool> NamespaceContaining(string name) =>
        type => NamespaceOf(type).Contains(name, StringComparison.OrdinalIgnoreCase);

    // A nested type has no namespace of its own in an assembly file; the full name of the type around it stands for it.
    private static string NamespaceOf(TypeDefinition type) => type.DeclaringType?.FullName ?? type.Namespace;

    private static bool IsNullable(TypeReference type) => !type.IsValueType || type.GetElementType().FullName == "System.Nullable`1";
}
