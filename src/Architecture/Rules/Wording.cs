using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Says what an edge does.</summary>
internal static class Wording
{
    /// <summary>"calls ModularMonolith.Inventory.Stock.StockItem.Reserve".</summary>
    public static string Of(CodeGraph graph, Edge edge) => edge.Kind switch
    {
        EdgeKind.Inheritance => (IsInterface(graph, edge.To) ? "implements " : "derives from ") + edge.ToName,
        EdgeKind.Catch => "catches " + edge.ToName,
        EdgeKind.AttributeArgument => $"names {edge.ToName} in an attribute",
        EdgeKind.GenericArgument => $"uses {edge.ToName} as a type argument",
        EdgeKind.Constant => "copies the value or name of " + edge.ToName,
        EdgeKind.Call when edge.ToMember == ".ctor" => "creates " + edge.ToName,
        EdgeKind.Call when edge.ToMember is { } member && !member.StartsWith("get_", StringComparison.Ordinal) && !member.StartsWith("set_", StringComparison.Ordinal) && !IsField(graph, edge.To, member) => "calls " + edge.ToName,
        _ => "uses " + edge.ToName,
    };

    // Of a type of the framework only the name is known.
    private static bool IsInterface(CodeGraph graph, TypeName type) =>
        graph.Find(type) is { } known ? known.Kind == TypeKind.Interface : type.Name is ['I', >= 'A' and <= 'Z', ..];

    private static bool IsField(CodeGraph graph, TypeName type, string member) => graph.Find(type)?.Members.Any(known => known.Kind == MemberKind.Field && known.Name == member) == true;
}
