using System.Collections.Frozen;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>State that lives as long as the process.</summary>
public static class StateRules
{
    // Types whose content can be changed through a field that cannot. Immutable and frozen ones, those that are written once, and locks are legal.
    private static readonly FrozenSet<string> Mutable =
    [
        "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.Queue`1", "System.Collections.Generic.Stack`1",
        "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2", "System.Collections.Generic.SortedSet`1", "System.Collections.Generic.LinkedList`1",
        "System.Collections.Generic.PriorityQueue`2", "System.Collections.Generic.OrderedDictionary`2", "System.Collections.Generic.IList`1", "System.Collections.Generic.ICollection`1",
        "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.ISet`1", "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Concurrent.ConcurrentBag`1",
        "System.Collections.Concurrent.ConcurrentQueue`1", "System.Collections.Concurrent.ConcurrentStack`1", "System.Collections.Concurrent.BlockingCollection`1", "System.Collections.ArrayList",
        "System.Collections.Hashtable", "System.Collections.BitArray", "System.Collections.IList", "System.Collections.IDictionary", "System.Collections.Specialized.NameValueCollection",
        "System.Collections.ObjectModel.Collection`1", "System.Collections.ObjectModel.ObservableCollection`1", "System.Runtime.CompilerServices.ConditionalWeakTable`2",
        "System.Runtime.CompilerServices.StrongBox`1", "System.Text.StringBuilder", "System.Random", "System.Memory`1", "System.ArraySegment`1", "System.Threading.AsyncLocal`1", "System.Threading.ThreadLocal`1", "System.Threading.Channels.Channel`1", "System.Threading.Channels.ChannelWriter`1",
        "System.Threading.CancellationTokenSource", "System.Threading.Tasks.TaskCompletionSource", "System.Threading.Tasks.TaskCompletionSource`1", "System.WeakReference", "System.WeakReference`1",
        "Microsoft.Extensions.Caching.Memory.MemoryCache", "Microsoft.Extensions.Caching.Memory.IMemoryCache", "System.Text.Json.Nodes.JsonObject", "System.Text.Json.Nodes.JsonArray",
        "System.Text.Json.Nodes.JsonNode",
    ];

    // What holds other values and cannot be changed itself.
    private static readonly FrozenSet<string> Holders =
    [
        "System.Lazy`1", "System.Nullable`1", "System.ValueTuple`1", "System.ValueTuple`2", "System.ValueTuple`3", "System.ValueTuple`4", "System.ValueTuple`5", "System.Tuple`1", "System.Tuple`2",
        "System.Tuple`3", "System.Threading.Tasks.Task`1", "System.Collections.Generic.KeyValuePair`2", "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.IReadOnlyList`1",
        "System.Collections.Generic.IReadOnlyCollection`1", "System.Collections.Generic.IReadOnlyDictionary`2", "System.Collections.ObjectModel.ReadOnlyCollection`1",
        "System.Collections.ObjectModel.ReadOnlyDictionary`2", "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Immutable.ImmutableArray`1",
        "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.ImmutableDictionary`2",
    ];

    private const string Extensions = "System.Collections.Generic.CollectionExtensions";

    // What is done with a collection without changing it.
    private static readonly FrozenSet<string> Reading =
    [
        "get_Item", "get_Count", "get_Keys", "get_Values", "get_Comparer", "get_Length", "get_IsEmpty", "Contains", "ContainsKey", "ContainsValue", "TryGetValue", "TryPeek", "Peek", "GetEnumerator", "ToArray", "IndexOf",
        "LastIndexOf", "Find", "FindAll", "FindIndex", "FindLast", "Exists", "TrueForAll", "BinarySearch", "GetRange", "ConvertAll", "CopyTo", "AsReadOnly", "ForEach", "ToString", "IsSubsetOf", "IsSupersetOf",
        "Overlaps", "SetEquals", "GetValueOrDefault",
    ];

    /// <summary>No state in static fields.</summary>
    public static readonly Rule NoSharedState = new(
        "no-static-mutable-state",
        "State in a static field is shared by all requests and tests and lost with the process.",
        "Keep state in the module's store; keep constants readonly and in frozen or read-only collections.",
        static context =>
        {
            var written = WrittenElements(context.Graph);
            return Outcome.Of(
                context.Graph.Modules.SelectMany(static module => module.Assemblies.SelectMany(assembly => assembly.Types.Select(type => (module, assembly, type)))),
                item => Judge(context.Graph, item.module, item.type, written));
        })
    {
        Plant = static canary => canary.Class("RemembersForAll").Fields.Add(new FieldDefinition("Seen", FieldAttributes.Public | FieldAttributes.Static, canary.Slice.TypeSystem.Int32)),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [NoSharedState];

    private static IEnumerable<Finding> Judge(CodeGraph graph, Module module, TypeFacts type, HashSet<(string Type, string Field)> written)
    {
        if (type.Kind == TypeKind.Enum)
        {
            yield break;
        }

        foreach (var field in type.Members)
        {
            if (field.Kind == MemberKind.Field && field.Is(MemberFlags.Static) && !field.Is(MemberFlags.Constant) && What(graph, type, field, written) is { } what && SourceName(field.Name) is { } name)
            {
                yield return new Finding(Describe.Member(type, null) + "." + name, what) { Module = module.Folder, Span = Place(graph, type, field, name) };
            }
        }
    }

    // Names in angle brackets are the compiler's, apart from those of fields behind properties.
    private static string? SourceName(string field) =>
        !field.StartsWith('<') ? field : field.EndsWith(">k__BackingField", StringComparison.Ordinal) ? field[1..field.IndexOf('>', StringComparison.Ordinal)] : null;

    private static string? What(CodeGraph graph, TypeFacts type, MemberFacts field, HashSet<(string Type, string Field)> written) =>
        !field.Is(MemberFlags.ReadOnly) ? "is static and can change"
        : Changeable(graph, field.Type, 0) is { } holder ? $"is static, and what is in its {holder} can change"
        : written.Contains((type.Name.FullName, field.Name)) ? "is a static array, and its elements are changed"
        : null;

    private static string? Changeable(CodeGraph graph, TypeName? name, int depth)
    {
        if (name is null || depth > 2)
        {
            return null;
        }

        if (Mutable.Contains(name.FullName))
        {
            return name.Name;
        }

        return Holders.Contains(name.FullName) ? name.Arguments.Select(held => Changeable(graph, held, depth + 1)).FirstOrDefault(static held => held is not null)
            : graph.OwnerOf(name.Assembly) is not null && graph.Find(name) is { } own && IsStateful(graph, own, depth) ? own.Name.Name
            : null;
    }

    // An own class whose methods change its fields, or that keeps a collection to which it adds: not one that is filled while it is made.
    private static bool IsStateful(CodeGraph graph, TypeFacts type, int depth) =>
        type.Kind == TypeKind.Class && (IsSettable(type) || (!type.IsRecord && type.Members.Any(member => member.Kind == MemberKind.Field && !member.Is(MemberFlags.Static) && !member.Is(MemberFlags.Constant)
            && (member.Is(MemberFlags.ReadOnly) ? IsChanged(graph, type, member, depth) : IsAssigned(type, member)))));

    // The setters of a document are for its store.
    private static bool IsSettable(TypeFacts type) => type.Members.Any(static member => member.Kind == MemberKind.Property && member.Is(MemberFlags.Settable) && !member.Is(MemberFlags.Static))
        && !type.Interfaces.Any(static contract => contract.Namespace.StartsWith("Marten", StringComparison.Ordinal) || contract.Namespace.StartsWith("JasperFx", StringComparison.Ordinal));

    private static bool IsChanged(CodeGraph graph, TypeFacts type, MemberFacts field, int depth) => Changeable(graph, field.Type, depth + 1) is not null
        && type.Members.Any(member => member.Kind == MemberKind.Method && member.Uses.Any(use => use.Member == field.Name && use.Target.FullName == type.Name.FullName && Changes(member, use, field.Type!)));

    // It calls something of it that is not known to read only, or hands it out.
    private static bool Changes(MemberFacts member, Use use, TypeName type) => (member.Type is not null && member.Type.FullName == type.FullName)
        || member.Uses.Any(other => other.Member is { } called && (other.Target.FullName == type.FullName || other.Target.FullName == Extensions) && ModuleCode.IsSameStatement(use, other) && !Reading.Contains(called));

    private static bool IsAssigned(TypeFacts type, MemberFacts field) => type.Members.Any(member => member.Kind == MemberKind.Method && !member.Name.StartsWith("set_", StringComparison.Ordinal)
        && !member.Is(MemberFlags.Static) && member.Uses.Any(use => use.Writes && use.Member == field.Name && use.Target.FullName == type.Name.FullName));

    // Static arrays whose elements are written, by whatever code of a module: where they are initialised is no change.
    private static HashSet<(string Type, string Field)> WrittenElements(CodeGraph graph)
    {
        var fields = (from pair in graph.ModuleTypes()
                      from field in pair.Type.Members
                      where field.Kind == MemberKind.Field && field.Is(MemberFlags.Static) && field.Is(MemberFlags.ReadOnly)
                      select (pair.Type.Name.FullName, field.Name)).ToHashSet();
        var written = new HashSet<(string Type, string Field)>();
        foreach (var member in ModuleCode.Using(graph, (type, called) => called is not null && fields.Contains((type.FullName, called))))
        {
            foreach (var use in member.Member.Uses)
            {
                if (use is { Writes: true, Member: { } field } && (member.Member.Kind != MemberKind.StaticConstructor || use.Target.FullName != member.Type.Name.FullName))
                {
                    written.Add((use.Target.FullName, field));
                }
            }
        }

        return written;
    }

    // Where it is initialised; else where the source has its name.
    private static SourceSpan? Place(CodeGraph graph, TypeFacts type, MemberFacts field, string name)
    {
        var initialiser = type.Members.FirstOrDefault(static member => member.Kind == MemberKind.StaticConstructor)?.Uses.FirstOrDefault(use => use.Writes && use.Member == field.Name)?.Span;
        return (initialiser is null ? null : SourceLines.Find(graph, initialiser, string.Empty, name) ?? initialiser) ?? SourceLines.Find(graph, type.Place, "static", name) ?? field.Place ?? type.Place;
    }
}
