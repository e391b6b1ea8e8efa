using System.Runtime.InteropServices;

namespace ModularMonolith.Architecture.Graph;

/// <summary>Makes the edges of what the types and members of an assembly say. Most lead to the framework, and nobody asks for those.</summary>
/// <param name="assembly">The assembly.</param>
/// <param name="isAskedFor">Whether edges to a type are wanted.</param>
internal sealed class Edges(AssemblyFacts assembly, Func<TypeName, bool> isAskedFor)
{
    private readonly List<Edge> _edges = [];
    private readonly Dictionary<TypeName, bool> _asked = new(ReferenceEqualityComparer.Instance as IEqualityComparer<TypeName>);

    /// <summary>The edges to the types that are asked for, those that only the sources show included.</summary>
    public static IReadOnlyList<Edge> Of(CodeGraph graph, AssemblyFacts assembly, Func<TypeName, bool> isAskedFor) => [.. InCode(assembly, isAskedFor), .. CopiedConstants.Of(graph, assembly)];

    /// <summary>Those that the compiled code shows.</summary>
    public static IReadOnlyList<Edge> InCode(AssemblyFacts assembly, Func<TypeName, bool> isAskedFor)
    {
        var edges = new Edges(assembly, isAskedFor);
        foreach (var type in assembly.Types)
        {
            edges.Declaration(type);
            foreach (var member in type.Members)
            {
                edges.Member(type, member);
            }
        }

        return edges._edges;
    }

    private void Declaration(TypeFacts type)
    {
        if (type.BaseType is not null)
        {
            Add(EdgeKind.Inheritance, type, null, type.BaseType, null, type.Place);
        }

        foreach (var contract in type.Interfaces)
        {
            Add(EdgeKind.Inheritance, type, null, contract, null, type.Place);
        }

        foreach (var constraint in type.Constraints)
        {
            Add(EdgeKind.TypeUse, type, null, constraint, null, type.Place);
        }

        Attributes(type, null, type.Attributes, type.Place);
    }

    private void Member(TypeFacts type, MemberFacts member)
    {
        Attributes(type, member, member.Attributes, member.Place);
        // What stands behind a property is written by the compiler from the property, which says the same.
        if (!member.Is(MemberFlags.Generated))
        {
            foreach (var parameter in member.Parameters)
            {
                Signature(type, member, parameter.Type);
            }

            Signature(type, member, member.Type);
        }

        foreach (var parameter in member.Parameters)
        {
            Attributes(type, member, parameter.Attributes, member.Place);
        }

        var uses = member.Uses;
        for (var i = 0; i < uses.Count; i++)
        {
            var use = uses[i];
            Add(use.Kind, type, member, use.Target, use.Member, use.Span ?? member.Place);
            Arguments(type, member, use.MemberArguments, use.Span ?? member.Place);
        }
    }

    private void Signature(TypeFacts type, MemberFacts member, TypeName? name)
    {
        if (name is { IsParameter: false })
        {
            Add(EdgeKind.TypeUse, type, member, name, null, member.Place);
        }
    }

    private void Attributes(TypeFacts type, MemberFacts? member, IReadOnlyList<AttributeFacts> attributes, SourceSpan? span)
    {
        foreach (var attribute in attributes)
        {
            Add(EdgeKind.AttributeArgument, type, member, attribute.Type, null, span);
            foreach (var named in attribute.Types.SelectMany(static named => named.Flatten()))
            {
                AddAlone(EdgeKind.AttributeArgument, type, member, named, null, span);
            }
        }
    }

    private void Arguments(TypeFacts type, MemberFacts? member, IReadOnlyList<TypeName> arguments, SourceSpan? span)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].IsParameter)
            {
                AddAlone(EdgeKind.GenericArgument, type, member, arguments[i], null, span);
            }

            Arguments(type, member, arguments[i].Arguments, span);
        }
    }

    private void Add(EdgeKind kind, TypeFacts type, MemberFacts? member, TypeName target, string? targetMember, SourceSpan? span)
    {
        AddAlone(kind, type, member, target, targetMember, span);
        Arguments(type, member, target.Arguments, span);
    }

    private void AddAlone(EdgeKind kind, TypeFacts type, MemberFacts? member, TypeName target, string? targetMember, SourceSpan? span)
    {
        if (IsAskedFor(target))
        {
            _edges.Add(new Edge(kind, assembly, type, member, target, targetMember, span));
        }
    }

    // Readers make each name once.
    private bool IsAskedFor(TypeName type)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_asked, type, out var isKnown);
        if (!isKnown)
        {
            known = isAskedFor(type);
        }

        return known;
    }
}
