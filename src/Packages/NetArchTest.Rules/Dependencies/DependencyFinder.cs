using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NetArchTest.Rules.Dependencies;

/// <summary>
/// Lists the types that a type refers to. Looked at: base type, interfaces, constraints, attributes, fields, properties, events,
/// method signatures, locals and the operands of instructions, in the type and in the compiler-generated types nested in it.
/// </summary>
internal static class DependencyFinder
{
    public static IEnumerable<string> NamesIn(TypeDefinition type) => ReferencesIn(type).SelectMany(Expand).Select(reference => reference.FullName);

    private static IEnumerable<TypeReference> ReferencesIn(TypeDefinition type) =>
    [
        .. type.BaseType is null ? [] : new[] { type.BaseType },
        .. AttributesOf(type),
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. ConstraintsOf(type),
        .. type.Fields.SelectMany(field => AttributesOf(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(property => AttributesOf(property).Append(property.PropertyType)),
        .. type.Events.SelectMany(raised => AttributesOf(raised).Append(raised.EventType)),
        .. type.Methods.SelectMany(InMethod),
        .. type.NestedTypes.Where(TypeIdentity.IsCompilerGenerated).SelectMany(ReferencesIn)
    ];

    private static IEnumerable<TypeReference> InMethod(MethodDefinition method)
    {
        var signature = AttributesOf(method)
            .Concat(ConstraintsOf(method))
            .Concat(AttributesOf(method.MethodReturnType))
            .Append(method.ReturnType)
            .Concat(method.Parameters.SelectMany(parameter => AttributesOf(parameter).Append(parameter.ParameterType)));
        return method.HasBody
            ? signature.Concat(method.Body.Variables.Select(local => local.VariableType)).Concat(method.Body.Instructions.SelectMany(InInstruction))
            : signature;
    }

    private static IEnumerable<TypeReference> InInstruction(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => method.GenericArguments.Prepend(method.DeclaringType),
        MethodReference method => [method.DeclaringType],
        // A compiler-generated field belongs to the type itself, which the source does not mention.
        FieldReference field when field.Name.StartsWith('<') => [],
        FieldReference field => [field.DeclaringType],
        _ => []
    };

    private static IEnumerable<TypeReference> AttributesOf(ICustomAttributeProvider member) =>
        member.HasCustomAttributes ? member.CustomAttributes.Select(attribute => attribute.AttributeType) : [];

    private static IEnumerable<TypeReference> ConstraintsOf(IGenericParameterProvider owner) => owner.HasGenericParameters
        ? owner.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType)
        : [];

    private static IEnumerable<TypeReference> Expand(TypeReference reference) => reference switch
    {
        GenericParameter => [],
        GenericInstanceType instance => instance.GenericArguments.SelectMany(Expand).Prepend(instance.ElementType),
        IModifierType modified => Expand(modified.ElementType).Append(modified.ModifierType),
        FunctionPointerType => [],
        TypeSpecification specification => Expand(specification.ElementType),
        _ => [reference]
    };
}
