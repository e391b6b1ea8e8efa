using System.Collections.Frozen;
using System.Globalization;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Collections.Generic;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads attributes without loading the types that they name.</summary>
internal static class Attributes
{
    // What the compiler notes for itself and for debuggers, on nearly everything.
    private static readonly FrozenSet<string> Notes =
    [
        "CompilerGeneratedAttribute", "NullableAttribute", "NullableContextAttribute", "AsyncStateMachineAttribute", "IteratorStateMachineAttribute", "AsyncIteratorStateMachineAttribute",
        "TupleElementNamesAttribute", "DebuggerBrowsableAttribute", "DebuggerStepThroughAttribute",
    ];

    public static IReadOnlyList<AttributeFacts> Of(ICustomAttributeProvider provider, TypeNames names)
    {
        if (!provider.HasCustomAttributes)
        {
            return [];
        }

        List<AttributeFacts>? found = null;
        foreach (var attribute in provider.CustomAttributes)
        {
            if (!IsNote(attribute.AttributeType))
            {
                (found ??= []).Add(Read(attribute, names));
            }
        }

        return found is null ? [] : found;
    }

    public static bool Has(ICustomAttributeProvider provider, string name)
    {
        if (provider.HasCustomAttributes)
        {
            foreach (var attribute in provider.CustomAttributes)
            {
                if (attribute.AttributeType.Name == name)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsNote(TypeReference type) => Notes.Contains(type.Name) && type.Namespace is "System.Runtime.CompilerServices" or "System.Diagnostics";

    private static AttributeFacts Read(CustomAttribute attribute, TypeNames names)
    {
        var arguments = new List<string>();
        var named = new List<KeyValuePair<string, string>>();
        var types = new List<TypeName>();
        try
        {
            foreach (var argument in attribute.ConstructorArguments)
            {
                Add(argument, arguments.Add, types, names);
            }

            foreach (var (name, argument) in Named(attribute.Properties).Concat(Named(attribute.Fields)))
            {
                Add(argument, value => named.Add(new(name, value)), types, names);
            }
        }
        catch (AssemblyResolutionException)
        {
            // The value is of an enumeration in an assembly that is not there; what could be read so far stands.
        }

        return new AttributeFacts(names.Of(attribute.AttributeType), arguments, named, types);
    }

    private static IEnumerable<(string Name, CustomAttributeArgument Argument)> Named(Collection<CustomAttributeNamedArgument> arguments) => arguments.Select(static named => (named.Name, named.Argument));

    private static void Add(CustomAttributeArgument argument, Action<string> add, List<TypeName> types, TypeNames names)
    {
        switch (argument.Value)
        {
            case CustomAttributeArgument boxed:
                Add(boxed, add, types, names);
                break;
            case CustomAttributeArgument[] many:
                foreach (var one in many)
                {
                    Add(one, add, types, names);
                }

                break;
            case TypeReference type:
                types.Add(names.Of(type));
                add(type.FullName);
                break;
            case null:
                break;
            default:
                add(Convert.ToString(argument.Value, CultureInfo.InvariantCulture) ?? string.Empty);
                break;
        }
    }
}
