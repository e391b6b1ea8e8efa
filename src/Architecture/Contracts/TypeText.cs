using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts;

/// <summary>
/// Writes types as C# does, with their nullability, which the compiler keeps in two attributes
/// (<see href="https://github.com/dotnet/roslyn/blob/main/docs/features/nullable-metadata.md">nullable metadata</see>).
/// </summary>
internal static class TypeText
{
    private const string Nullable = "System.Runtime.CompilerServices.NullableAttribute";
    private const string Context = "System.Runtime.CompilerServices.NullableContextAttribute";

    // Types of these namespaces are known by their simple names, as they are where a Contracts project is read.
    private static readonly string[] Imported = ["System", "System.Collections.Generic", "System.Threading", "System.Threading.Tasks", "System.Text.Json.Nodes", "MediatR", "ModularMonolith.Platform.Contracts"];

    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "bool",
        ["System.Byte"] = "byte",
        ["System.SByte"] = "sbyte",
        ["System.Char"] = "char",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
        ["System.String"] = "string",
        ["System.Object"] = "object",
        ["System.Void"] = "void",
    };

    /// <summary>Writes the type of a parameter, a property, a field or what a method returns.</summary>
    /// <param name="type">The type.</param>
    /// <param name="attributes">Those of the parameter, property, field or return value.</param>
    /// <param name="scope">The method or type around it, whose default applies.</param>
    /// <returns>For example <c>IReadOnlyList&lt;string?&gt;?</c>.</returns>
    public static string Of(TypeReference type, ICustomAttributeProvider? attributes, IMemberDefinition scope) =>
        Write(type, new Flags(attributes, scope), scope.DeclaringType?.Module.Assembly.Name.Name ?? ((TypeDefinition)scope).Module.Assembly.Name.Name);

    /// <summary>Whether the outermost of a type may be null.</summary>
    public static bool IsNullable(TypeReference type, ICustomAttributeProvider? attributes, IMemberDefinition scope) =>
        type is GenericInstanceType { ElementType.FullName: "System.Nullable`1" } || (!type.IsValueType && new Flags(attributes, scope).Next() == 2);

    /// <summary>The nullability of a type's parts in the order in which it is written.</summary>
    public static Func<byte> Parts(ICustomAttributeProvider? attributes, IMemberDefinition scope) => new Flags(attributes, scope).Next;

    /// <summary>The name of a type definition: without the namespace where it is that of its assembly.</summary>
    public static string NameOf(TypeReference type, string assembly)
    {
        var simple = type.Name.Split('`')[0];
        return type is GenericParameter ? simple
            : type.DeclaringType is { } outer ? NameOf(outer, assembly) + "." + simple
            : Keywords.TryGetValue(type.FullName, out var keyword) ? keyword
            : type.Namespace == assembly || type.Namespace.Length == 0 || Imported.Contains(type.Namespace) ? simple
            : type.Namespace + "." + simple;
    }

    private static string Write(TypeReference type, Flags flags, string assembly)
    {
        switch (type)
        {
            case ByReferenceType reference:
                return Write(reference.ElementType, flags, assembly);
            case IModifierType modified:
                return Write(modified.ElementType, flags, assembly);
            case GenericInstanceType { ElementType.FullName: "System.Nullable`1" } nullable:
                return Write(nullable.GenericArguments[0], flags, assembly) + "?";
            case ArrayType array:
                var mark = Mark(flags.Next());
                return $"{Write(array.ElementType, flags, assembly)}[{new string(',', array.Rank - 1)}]{mark}";
            case GenericInstanceType generic:
                var outer = Mark(flags.Next());
                return $"{NameOf(generic.ElementType, assembly)}<{string.Join(", ", generic.GenericArguments.Select(argument => Write(argument, flags, assembly)))}>{outer}";
            default:
                return NameOf(type, assembly) + (type.IsValueType ? string.Empty : Mark(flags.Next()));
        }
    }

    private static string Mark(byte flag) => flag == 2 ? "?" : string.Empty;

    private sealed class Flags
    {
        private readonly byte[] _bytes = [];
        private readonly byte _all;
        private int _next;

        public Flags(ICustomAttributeProvider? attributes, IMemberDefinition scope)
        {
            switch (Argument(attributes, Nullable))
            {
                case byte single:
                    _all = single;
                    break;
                case CustomAttributeArgument[] many:
                    _bytes = [.. many.Select(static item => (byte)item.Value)];
                    break;
                default:
                    _all = Default(scope);
                    break;
            }
        }

        public byte Next() => _bytes.Length == 0 ? _all : _next < _bytes.Length ? _bytes[_next++] : (byte)0;

        private static byte Default(IMemberDefinition scope)
        {
            for (var current = scope; current is not null; current = current.DeclaringType)
            {
                if (Argument(current, Context) is byte found)
                {
                    return found;
                }
            }

            return 0;
        }

        private static object? Argument(ICustomAttributeProvider? provider, string attribute) =>
            provider?.CustomAttributes.FirstOrDefault(found => found.AttributeType.FullName == attribute)?.ConstructorArguments[0].Value;
    }
}
