using Mono.Cecil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>What somebody wrote, and what compilers and generators made of it.</summary>
internal sealed partial class AssemblyReader
{
    // Anybody can say of code that it was generated: what the project's own sources declare was written.
    private bool IsWritten(TypeDefinition type) =>
        (!type.Name.StartsWith('<') || TypeNames.IsOfOneFile(type.Name))
        && (!SaysGenerated(type) || type.Methods.Any(static method => method.Name == "<Main>$") || _sources.Declaration(type.FullName) is not null);

    private static bool SaysGenerated(TypeDefinition type) =>
        Attributes.Has(type, "CompilerGeneratedAttribute") || Attributes.Has(type, "GeneratedCodeAttribute") || Attributes.Has(type, "EmbeddedAttribute");

    // Null where no code of the method has a place.
    private bool? StandsInSources(MethodDefinition method, IReadOnlyList<MethodDefinition> bodies)
    {
        foreach (var body in bodies.Prepend(method))
        {
            if (body.HasBody && body.DebugInformation.HasSequencePoints && body.DebugInformation.SequencePoints.FirstOrDefault(static point => !point.IsHidden) is { } first)
            {
                return _sources.Has(_symbols.Span(first).File);
            }
        }

        return null;
    }

    private static bool SaysGenerated(MethodDefinition method) => Attributes.Has(method, "GeneratedCodeAttribute") || Attributes.Has(method, "CompilerGeneratedAttribute");

    private static bool IsGeneratedMember(MethodDefinition method, bool standsInSources) =>
        method.Name.StartsWith('<') ? method.Name != "<Main>$"
        : (!standsInSources && (Attributes.Has(method, "GeneratedCodeAttribute") || (Attributes.Has(method, "CompilerGeneratedAttribute") && !method.IsGetter && !method.IsSetter)))
        || (method.IsConstructor && method is { IsStatic: false, HasParameters: true } && method.Parameters.Count == 1 && method.Parameters[0].ParameterType == method.DeclaringType && IsRecord(method.DeclaringType));

    // What the compiler made of lambdas, local functions, iterators and async methods stands in methods and types of its own, under names that say where it was written.
    private static Dictionary<MethodDefinition, List<MethodDefinition>> BodiesOf(TypeDefinition type)
    {
        var bodies = new Dictionary<MethodDefinition, List<MethodDefinition>>();
        var byName = type.Methods.Where(static method => !method.Name.StartsWith('<')).GroupBy(static method => ShortName(method.Name)).ToDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);
        var machines = new Dictionary<TypeDefinition, MethodDefinition>();
        foreach (var method in type.Methods)
        {
            if (!method.Name.StartsWith('<') && StateMachineOf(method) is { } machine)
            {
                machines[machine] = method;
            }
        }

        var fallback = type.Methods.FirstOrDefault(static method => method.IsConstructor && !method.IsStatic) ?? type.Methods.FirstOrDefault();
        foreach (var (method, written) in Generated(type, machines))
        {
            var owner = written as MethodDefinition ?? byName.GetValueOrDefault((string)written) ?? fallback;
            if (owner is not null)
            {
                (bodies.TryGetValue(owner, out var list) ? list : bodies[owner] = []).Add(method);
            }
        }

        return bodies;
    }

    // The name of the written member, or the member itself where the compiler says which of several it is.
    private static IEnumerable<(MethodDefinition Method, object Written)> Generated(TypeDefinition type, Dictionary<TypeDefinition, MethodDefinition> machines)
    {
        foreach (var method in type.Methods.Where(static method => method.Name.StartsWith('<') && method.Name != "<Clone>$" && method.HasBody))
        {
            yield return (method, WrittenName(method.Name));
        }

        foreach (var nested in type.NestedTypes.Where(static nested => nested.Name.StartsWith('<')))
        {
            foreach (var method in AllMethods(nested))
            {
                yield return (method, machines.GetValueOrDefault(nested) ?? (object)(nested.Name.StartsWith("<>", StringComparison.Ordinal) ? WrittenName(InnerName(method)) : WrittenName(nested.Name)));
            }
        }
    }

    // In a class of closures the method is named after the member; in a state machine of a lambda its type is.
    private static string InnerName(MethodDefinition method) => method.Name.StartsWith('<') ? method.Name : method.DeclaringType.Name;

    private static IEnumerable<MethodDefinition> AllMethods(TypeDefinition type) =>
        type.Methods.Where(static method => method.HasBody).Concat(type.NestedTypes.SelectMany(AllMethods));

    private static TypeDefinition? StateMachineOf(MethodDefinition method) =>
        method.HasCustomAttributes
            ? method.CustomAttributes.FirstOrDefault(static attribute => attribute.AttributeType.Name is "AsyncStateMachineAttribute" or "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute")
                ?.ConstructorArguments[0].Value as TypeDefinition
            : null;

    // <Handle>d__3 and <<AddRoutes>b__0_1>d were Handle and AddRoutes.
    private static string WrittenName(string name)
    {
        var rest = name.AsSpan().TrimStart('<');
        return ShortName((rest.IndexOf('>') is > 0 and var end ? rest[..end] : rest).ToString());
    }

    // An explicit implementation carries the interface in its name.
    private static string ShortName(string name) => name.StartsWith('.') ? name : name[(name.LastIndexOf('.') + 1)..];
}
