namespace ModularMonolith.Architecture.Graph;

/// <summary>Makes the edges of what types and members say.</summary>
internal static class Edges
{
    public static IReadOnlyList<Edge> Of(CodeGraph graph, AssemblyFacts assembly)
    {
        var edges = new List<Edge>();
        foreach (var type in assembly.Types)
        {
            Declaration(assembly, type, edges);
            foreach (var member in type.Members)
            {
                Member(assembly, type, member, edges);
            }
        }

        edges.AddRange(CopiedConstants.Of(graph, assembly));
        return edges;
    }

    private static void Declaration(AssemblyFacts assembly, TypeFacts type, List<Edge> edges)
    {
        foreach (var ancestor in type.BaseType is null ? type.Interfaces : type.Interfaces.Prepend(type.BaseType))
        {
            Add(EdgeKind.Inheritance, ancestor, null);
        }

        foreach (var constraint in type.Constraints)
        {
            Add(EdgeKind.TypeUse, constraint, null);
        }

        Attributes(assembly, type, null, type.Attributes, type.Place, edges);

        void Add(EdgeKind kind, TypeName target, string? member)
        {
            edges.Add(new Edge(kind, assembly, type, null, target, member, type.Place));
            Arguments(assembly, type, null, target.Arguments, type.Place, edges);
        }
    }

    private static void Member(AssemblyFacts assembly, TypeFacts type, MemberFacts member, List<Edge> edges)
    {
        Attributes(assembly, type, member, member.Attributes, member.Place, edges);
        // What stands behind a property is written by the compiler from the property, which says the same.
        if (!member.Is(MemberFlags.Generated))
        {
            foreach (var signature in member.Parameters.Select(static parameter => parameter.Type).Append(member.Type))
            {
                Signature(signature);
            }
        }

        foreach (var parameter in member.Parameters)
        {
            Attributes(assembly, type, member, parameter.Attributes, member.Place, edges);
        }

        foreach (var use in member.Uses)
        {
            edges.Add(new Edge(use.Kind, assembly, type, member, use.Target, use.Member, use.Span ?? member.Place));
            Arguments(assembly, type, member, use.Target.Arguments, use.Span ?? member.Place, edges);
            Arguments(assembly, type, member, use.MemberArguments, use.Span ?? member.Place, edges);
        }

        void Signature(TypeName? name)
        {
            if (name is { IsParameter: false })
            {
                edges.Add(new Edge(EdgeKind.TypeUse, assembly, type, member, name, null, member.Place));
                Arguments(assembly, type, member, name.Arguments, member.Place, edges);
            }
        }
    }

    private static void Attributes(AssemblyFacts assembly, TypeFacts type, MemberFacts? member, IReadOnlyList<AttributeFacts> attributes, SourceSpan? span, List<Edge> edges)
    {
        foreach (var attribute in attributes)
        {
            edges.Add(new Edge(EdgeKind.AttributeArgument, assembly, type, member, attribute.Type, null, span));
            Arguments(assembly, type, member, attribute.Type.Arguments, span, edges);
            foreach (var named in attribute.Types.SelectMany(static named => named.Flatten()))
            {
                edges.Add(new Edge(EdgeKind.AttributeArgument, assembly, type, member, named, null, span));
            }
        }
    }

    private static void Arguments(AssemblyFacts assembly, TypeFacts type, MemberFacts? member, IReadOnlyList<TypeName> arguments, SourceSpan? span, List<Edge> edges)
    {
        foreach (var argument in arguments)
        {
            if (!argument.IsParameter)
            {
                edges.Add(new Edge(EdgeKind.GenericArgument, assembly, type, member, argument, null, span));
            }

            Arguments(assembly, type, member, argument.Arguments, span, edges);
        }
    }
}
