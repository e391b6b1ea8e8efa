using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Names of types of one compiled module, each made once.</summary>
internal sealed class TypeNames(ModuleDefinition module)
{
    private static readonly TypeName Parameter = new(string.Empty, "T", []);
    private readonly Dictionary<string, TypeName> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<TypeReference, TypeName> _byReference = new(ReferenceEqualityComparer.Instance as IEqualityComparer<TypeReference>);
    private readonly string _assembly = module.Assembly.Name.Name;

    public TypeName Of(TypeReference reference)
    {
        if (_byReference.TryGetValue(reference, out var known))
        {
            return known;
        }

        var name = Make(reference);
        _byReference[reference] = name;
        return name;
    }

    /// <summary>Whether a type has the modifier <c>file</c>: the compiler puts the name of the file before its own, <c>&lt;Orders&gt;F0A1…__Line</c>.</summary>
    public static bool IsOfOneFile(string name) => name.StartsWith('<') && name.IndexOf(">F", StringComparison.Ordinal) is > 0 and var end && name.IndexOf("__", end, StringComparison.Ordinal) > 0;

    /// <summary>The full name as it is written: without what the compiler puts before the name of a type of one file.</summary>
    public static string Written(string fullName)
    {
        var start = fullName.IndexOf('<', StringComparison.Ordinal);
        return start >= 0 && IsOfOneFile(fullName[start..]) ? fullName[..start] + fullName[(fullName.IndexOf("__", start, StringComparison.Ordinal) + 2)..] : fullName;
    }

    private TypeName Make(TypeReference reference)
    {
        switch (reference)
        {
            case GenericParameter:
                return Parameter;
            case GenericInstanceType generic:
                var arguments = new TypeName[generic.GenericArguments.Count];
                for (var i = 0; i < arguments.Length; i++)
                {
                    arguments[i] = Of(generic.GenericArguments[i]);
                }

                var open = Of(generic.ElementType);
                // Generic arguments of the same simple names may differ by namespace, so only open types are shared by name.
                return new TypeName(open.Assembly, open.FullName, arguments);
            case FunctionPointerType pointer:
                var answer = Of(pointer.ReturnType);
                return new TypeName(answer.Assembly, answer.FullName, [.. answer.Arguments, .. pointer.Parameters.Select(parameter => Of(parameter.ParameterType))]);
            case TypeSpecification specification:
                return Of(specification.ElementType);
            default:
                return Keep(new TypeName(ScopeOf(reference), Written(reference.FullName), []), reference.FullName);
        }
    }

    private TypeName Keep(TypeName name, string key)
    {
        key = name.Assembly + "|" + key;
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        _known[key] = name;
        return name;
    }

    private string ScopeOf(TypeReference reference)
    {
        while (reference.DeclaringType is { } outer)
        {
            reference = outer;
        }

        return reference.Scope switch
        {
            AssemblyNameReference assembly => assembly.Name,
            ModuleDefinition => _assembly,
            _ => _assembly,
        };
    }
}
