using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>Relates types as assembly files describe them to types as the running process knows them.</summary>
internal static class TypeIdentity
{
    // Reflection separates nested types by '+', Cecil by '/'.
    public static string ReflectionName(TypeReference type) => type.FullName.Replace('/', '+');

    public static Type Load(TypeDefinition type)
    {
        // These characters have a meaning in the grammar of type names and must be escaped where a name contains them.
        var name = ReflectionName(type)
            .Replace(",", "\\,", StringComparison.Ordinal)
            .Replace("&", "\\&", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal);
        return Type.GetType($"{name}, {type.Module.Assembly.FullName}", throwOnError: true)!;
    }

    /// <summary>Tells whether both are the same type; a generic definition is the same as each of its constructions.</summary>
    public static bool IsSame(TypeReference reference, Type type)
    {
        if (type.IsConstructedGenericType)
        {
            return reference is GenericInstanceType instance
                && IsSame(instance.ElementType, type.GetGenericTypeDefinition())
                && instance.GenericArguments.Zip(type.GetGenericArguments()).All(pair => IsSame(pair.First, pair.Second));
        }

        if (type.IsArray)
            return reference is ArrayType array && array.Rank == type.GetArrayRank() && IsSame(array.ElementType, type.GetElementType()!);
        return ReflectionName(reference is GenericInstanceType generic ? generic.ElementType : reference) == type.FullName;
    }

    /// <summary>Tells whether a class has a base class somewhere above it; constructions of a generic class are not told apart.</summary>
    public static bool Inherits(TypeDefinition type, Type ancestor)
    {
        var definition = ancestor.IsConstructedGenericType ? ancestor.GetGenericTypeDefinition() : ancestor;
        for (var above = type.BaseType; above is not null; above = above.Resolve()?.BaseType)
        {
            if (IsSame(above, definition))
                return true;
        }

        return false;
    }

    public static bool IsCompilerGenerated(ICustomAttributeProvider member) => member.HasCustomAttributes
        && member.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == "System.Runtime.CompilerServices.CompilerGeneratedAttribute");
}
