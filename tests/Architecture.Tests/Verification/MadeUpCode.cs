using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.VerificationTests;

/// <summary>A repository of three modules, made of facts: Alpha's code uses Beta's Contracts, Beta's slice uses Gamma's Contracts.</summary>
internal static class MadeUpCode
{
    /// <summary>A rule that finds each use of a type named Forbidden.</summary>
    public static readonly Rule NothingForbidden = new(
        "nothing-forbidden",
        "Forbidden things are forbidden.",
        "Use something else.",
        static context => Outcome.Of(
            context.Graph.Modules.SelectMany(static module => module.Assemblies.Select(assembly => (module, assembly))),
            pair => context.Graph.EdgesOf(pair.assembly).Where(static edge => edge.To.Name == "Forbidden").Select(edge => Finding.Of(edge, pair.module, "uses what is forbidden"))));

    public static RuleContext Context(string root = "/nowhere", params Accepted[] accepted) => new(Graph(root), new Policy { Rules = [NothingForbidden], Accepted = accepted });

    public static CodeGraph Graph(string root)
    {
        var alpha = Type("Alpha", "Alpha.Orders.PlaceOrder", Call("Beta.Contracts", "Beta.Contracts.GetPrice", "Alpha/PlaceOrder.cs", 7, 9, 9, 40), Call("Elsewhere", "Elsewhere.Forbidden", "modules/Alpha/Alpha/PlaceOrder.cs", 3, 5, 4, 30));
        var price = Type("Beta.Contracts", "Beta.Contracts.GetPrice");
        var handler = Type("Beta", "Beta.Prices.GetPriceHandler", Call("Gamma.Contracts", "Gamma.Contracts.GetTax", "Beta/GetPrice.cs", 12, 5, 12, 20));
        var tax = Type("Gamma.Contracts", "Gamma.Contracts.GetTax");
        return new CodeGraph(
            root,
            [Project("Alpha", "Alpha"), Project("Beta", "Beta"), Project("Beta", "Beta.Contracts"), Project("Gamma", "Gamma.Contracts")],
            [Assembly("Alpha", alpha), Assembly("Beta", handler), Assembly("Beta.Contracts", price), Assembly("Gamma.Contracts", tax)]);
    }

    public static Finding Found(string from, string to, int line = 3, string module = "Alpha") => new(from, "uses what is forbidden")
    {
        Rule = NothingForbidden.Name,
        Module = module,
        To = to,
        Kind = EdgeKind.Call,
        Span = new SourceSpan($"modules/{module}/{module}/PlaceOrder.cs", line, 5, line, 14),
    };

    private static ProjectFacts Project(string module, string name) => new(
        $"modules/{module}/{name}/{name}.csproj", name.EndsWith(".Contracts", StringComparison.Ordinal) ? ProjectKind.Contracts : ProjectKind.Slice, module, name, [], [], [], []);

    private static AssemblyFacts Assembly(string name, params TypeFacts[] types) => new(name, [], [], types);

    private static TypeFacts Type(string assembly, string name, params Use[] uses) => new(
        new TypeName(assembly, name, []), TypeKind.Class, Visibility.Internal, IsSealed: true, IsAbstract: false, IsRecord: false, null, [], [],
        [new MemberFacts("Handle", MemberKind.Method, Visibility.Public, MemberFlags.None, null, [], [], uses, [], null)], null);

    private static Use Call(string assembly, string type, string file, int line, int column, int endLine, int endColumn) =>
        new(EdgeKind.Call, new TypeName(assembly, type, []), ".ctor", [], [], new SourceSpan(file, line, column, endLine, endColumn));
}
