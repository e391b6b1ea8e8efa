using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>Writes what type parameters have to be.</summary>
internal static class ConstraintText
{
    /// <summary>The constraints of a generic type or method, without the first <c>where</c>; empty where there are none.</summary>
    public static string Of(IGenericParameterProvider provider, IMemberDefinition scope) =>
        string.Join(" where ", provider.GenericParameters.Select(parameter => (parameter.Name, Constraints: Constraints(parameter, scope).ToList())).Where(static pair => pair.Constraints.Count > 0)
            .Select(static pair => $"{pair.Name} : {string.Join(", ", pair.Constraints)}"));

    private static IEnumerable<string> Constraints(GenericParameter parameter, IMemberDefinition scope)
    {
        if (parameter.HasReferenceTypeConstraint)
        {
            yield return TypeText.Parts(parameter, scope)() == 2 ? "class?" : "class";
        }
        else if (parameter.HasNotNullableValueTypeConstraint)
        {
            yield return "struct";
        }
        else if (!parameter.HasConstraints && TypeText.Parts(parameter, scope)() == 1)
        {
            yield return "notnull";
        }

        foreach (var constraint in parameter.Constraints.Where(static found => found.ConstraintType.FullName != "System.ValueType"))
        {
            yield return TypeText.Of(constraint.ConstraintType, constraint, scope);
        }

        if (parameter.HasDefaultConstructorConstraint && !parameter.HasNotNullableValueTypeConstraint)
        {
            yield return "new()";
        }
    }
}
