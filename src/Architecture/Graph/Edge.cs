namespace ModularMonolith.Architecture.Graph;

/// <summary>A dependency of one type's code on another type.</summary>
/// <param name="Kind">How.</param>
/// <param name="From">The assembly that depends.</param>
/// <param name="FromType">The type.</param>
/// <param name="FromMember">The member; null for what the type's declaration says.</param>
/// <param name="To">The type that is depended on.</param>
/// <param name="ToMember">Its member, where one is named.</param>
/// <param name="Span">The statement or declaration.</param>
public sealed record Edge(EdgeKind Kind, AssemblyFacts From, TypeFacts FromType, MemberFacts? FromMember, TypeName To, string? ToMember, SourceSpan? Span)
{
    /// <summary>The depending type and member, as a person says them: <c>PlaceOrderHandler.Handle</c>.</summary>
    public string FromName => Describe.Member(FromType, FromMember);

    /// <summary>The target, as a person says it: <c>ModularMonolith.Inventory.Stock.StockItem.Reserve</c>.</summary>
    public string ToName => Describe.Target(To, ToMember);
}

/// <summary>Names as people say them.</summary>
public static class Describe
{
    /// <summary>A member with its type, nested types with dots.</summary>
    public static string Member(TypeFacts type, MemberFacts? member)
    {
        var name = type.Name.FullName[(type.Name.Namespace.Length == 0 ? 0 : type.Name.Namespace.Length + 1)..];
        name = string.Join('.', name.Split('/').Select(TypeName.SimpleName));
        return member is null || member.Kind is MemberKind.Constructor or MemberKind.StaticConstructor ? name : $"{name}.{member.SourceName[(member.SourceName.LastIndexOf('.') + 1)..]}";
    }

    /// <summary>A type with its namespace, and a member of it.</summary>
    public static string Target(TypeName type, string? member)
    {
        var full = string.Join('.', type.FullName.Split('/').Select(static part => part.IndexOf('`', StringComparison.Ordinal) is > 0 and var arity ? part[..arity] : part));
        var name = member is null || member.StartsWith('.') ? null : member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal) ? member[4..] : member;
        return name is null ? full : $"{full}.{name}";
    }
}
