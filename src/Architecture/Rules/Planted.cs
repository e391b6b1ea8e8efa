using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Ways in which rules break themselves.</summary>
internal static class Planted
{
    /// <summary>Code in the slice, or in the Contracts, that names a type of another assembly.</summary>
    public static void Uses(this Canary canary, TypeName type, bool inContracts = false) => canary.Code(
        "Reaching", (module, code) => code.Emit(OpCodes.Ldtoken, Canary.Type(module, type.Assembly, type.FullName)), inContracts ? canary.Contracts : canary.Slice);

    /// <summary>Makes a class of the slice stand in a file of the module: the first that has code.</summary>
    public static void Borrow(this Canary canary, TypeDefinition type)
    {
        var point = canary.Slice.Types.Where(known => known != type).SelectMany(static known => known.Methods).Where(static method => method.HasBody)
            .SelectMany(static method => method.DebugInformation.SequencePoints).First(static point => !point.IsHidden && !point.Document.Url.Contains("/obj/", StringComparison.Ordinal));
        var method = new MethodDefinition("Stand", MethodAttributes.Public | MethodAttributes.Static, canary.Slice.TypeSystem.Void);
        var only = Instruction.Create(OpCodes.Ret);
        method.Body.Instructions.Add(only);
        method.DebugInformation.SequencePoints.Add(new SequencePoint(only, point.Document) { StartLine = 1, StartColumn = 1, EndLine = 1, EndColumn = 2 });
        type.Methods.Add(method);
    }

    /// <summary>An item of the module's own project file.</summary>
    public static ProjectItem Item(ProjectFacts project, string name, string? resolved = null) => new(name, name, false, Subjects.Start(project.Path)) { Resolved = resolved };

    /// <summary>A type of an assembly that others can name.</summary>
    public static TypeName Any(AssemblyFacts assembly) => assembly.Types.First(static type => !type.IsNested && !type.Name.FullName.Contains('`', StringComparison.Ordinal)).Name;

    /// <summary>The code base in which an assembly has another type, with one method that uses a type.</summary>
    public static CodeGraph Using(this CodeGraph graph, AssemblyFacts assembly, TypeName used)
    {
        var run = new MemberFacts("Run", MemberKind.Method, Visibility.Public, MemberFlags.Static, null, [], [], [new Use(EdgeKind.TypeUse, used, null, [], [], null)], [], null);
        var type = new TypeFacts(
            new TypeName(assembly.Name, assembly.Name + ".Canaries.Reaching", []), TypeKind.Class, Visibility.Internal, true, false, false, null, [], [], [run], Subjects.Start("Reaching.cs"));
        return graph.Changed(assemblies: [.. graph.Assemblies.Select(other => other.Name == assembly.Name ? other with { Types = [.. other.Types, type] } : other)]);
    }

    /// <summary>The code base with other projects or assemblies.</summary>
    public static CodeGraph Changed(this CodeGraph graph, IReadOnlyList<ProjectFacts>? projects = null, IReadOnlyList<AssemblyFacts>? assemblies = null) =>
        new(graph.Root, projects ?? graph.Projects, assemblies ?? graph.Assemblies, graph.Files);

    /// <summary>The code base with one project changed.</summary>
    public static RuleContext With(this RuleContext context, ProjectFacts changed) =>
        context with { Graph = context.Graph.Changed([.. context.Graph.Projects.Select(project => project.Path == changed.Path ? changed : project)]) };
}
