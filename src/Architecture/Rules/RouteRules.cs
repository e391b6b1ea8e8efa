using ModularMonolith.Architecture.Graph;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What is said of each route where it is mapped.</summary>
public static class RouteRules
{
    /// <summary>Endpoints say who may call them.</summary>
    public static readonly Rule EndpointsSayWhoMayCall = new(
        "endpoints-say-who-may-call",
        "What is not said is forgotten: the host does not start with an endpoint that says nothing, and a permission that no module declares is one that nobody can be given.",
        "Add .RequirePermission(\"module:action\") with a permission that the module declares, .RequireSubject() or .AllowAnonymous() where the route is mapped.",
        static context =>
        {
            var access = SaidBy(context.Graph, IsAccess);
            return Outcome.Of(Mapping(context.Graph), item => Silent(item.Module, item.Type, item.Member, IsAccess, access, "does not say who may call it").Concat(Undeclared(item.Module, item.Type, item.Member)));
        })
    {
        Plant = static canary => canary.Code("CanaryEndpoint", Map),
    };

    /// <summary>Endpoints have names of their own.</summary>
    public static readonly Rule EndpointsHaveNames = new(
        "endpoints-have-names",
        "The name is the operation's id in the description of the API, after which clients call their methods; links are made by it. Two endpoints of one name stop the host at the first request.",
        "Add .WithName(\"PlaceOrder\"), after the use case and unlike any other, where the route is mapped.",
        static context =>
        {
            var naming = SaidBy(context.Graph, IsName);
            var names = (from member in ModuleCode.Using(context.Graph, static (_, called) => called == "WithName")
                         from use in member.Member.Uses
                         where IsName(use)
                         from name in use.Texts
                         where name is not null
                         select (name, use)).ToLookup(static pair => pair.name, static pair => pair.use, StringComparer.Ordinal);
            return Outcome.Of(Mapping(context.Graph), item => Silent(item.Module, item.Type, item.Member, IsName, naming, "has no name").Concat(
                from use in item.Member.Uses
                where IsName(use)
                from name in use.Texts
                where name is not null && names[name].Skip(1).Any()
                select At(item.Module, item.Type, item.Member, use, $"has the name {name}, as another endpoint has")));
        })
    {
        Plant = static canary => canary.Code("CanaryEndpoint", Map),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [EndpointsSayWhoMayCall, EndpointsHaveNames];

    private static bool Maps(TypeName type, string? called) => called is "MapGet" or "MapPost" or "MapPut" or "MapDelete" or "MapPatch" or "MapMethods" or "Map" or "MapFallback"
        && type.FullName.StartsWith("Microsoft.AspNetCore.Builder.", StringComparison.Ordinal);

    private static bool IsRoute(Use use) => Maps(use.Target, use.Member);

    private static bool IsAccess(Use use) => use.Member is "RequirePermission" or "RequireSubject" or "AllowAnonymous" or "RequireAuthorization";

    private static bool IsName(Use use) => use is { Member: "WithName", Target.FullName: "Microsoft.AspNetCore.Builder.RoutingEndpointConventionBuilderExtensions" };

    private static IEnumerable<(Module Module, TypeFacts Type, MemberFacts Member)> Mapping(CodeGraph graph) =>
        from pair in graph.Slices()
        from found in graph.MembersUsing(pair.Assembly, Maps)
        select (pair.Module, found.Type, found.Member);

    // The modules' own methods that say something for several endpoints, by themselves or through each other.
    private static HashSet<(string Type, string Member)> SaidBy(CodeGraph graph, Func<Use, bool> says)
    {
        var found = new HashSet<(string Type, string Member)>();
        var methods = ModuleCode.Members(graph).Where(static member => member.Member.Type?.Name == "RouteHandlerBuilder").ToList();
        while (methods.RemoveAll(member => member.Member.Uses.Any(use => says(use) || IsOf(found, use)) && found.Add((member.Type.Name.FullName, member.Member.Name))) > 0)
        {
            // Until no method calls one of those that were found.
        }

        return found;
    }

    private static bool IsOf(HashSet<(string Type, string Member)> methods, Use use) => use.Member is not null && methods.Contains((use.Target.FullName, use.Member));

    // In its statement, or in as many statements of their own as there are endpoints that do not say it in theirs.
    private static IEnumerable<Finding> Silent(Module module, TypeFacts type, MemberFacts member, Func<Use, bool> says, HashSet<(string Type, string Member)> methods, string what)
    {
        var said = member.Uses.Where(use => says(use) || IsOf(methods, use)).ToList();
        var silent = member.Uses.Where(use => IsRoute(use) && !said.Exists(other => ModuleCode.IsSameStatement(use, other))).ToList();
        var elsewhere = said.Count(use => !member.Uses.Any(other => IsRoute(other) && ModuleCode.IsSameStatement(use, other)));
        return silent.Count <= elsewhere ? [] : silent.Select(use => At(module, type, member, use, $"maps {use.Texts.FirstOrDefault(static text => text is not null) ?? "a route"}, which {what}"));
    }

    private static Finding At(Module module, TypeFacts type, MemberFacts member, Use use, string what) =>
        Finding.Of(type, member, module, what) with { Span = use.Span ?? member.Place, Kind = EdgeKind.Call, To = Describe.Target(use.Target, use.Member) };

    private static void Map(Mono.Cecil.ModuleDefinition module, ILProcessor code)
    {
        var routes = Canary.Type(module, "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Routing.IEndpointRouteBuilder");
        code.Emit(OpCodes.Ldnull);
        code.Emit(OpCodes.Ldstr, "/things");
        code.Emit(OpCodes.Ldnull);
        code.Emit(OpCodes.Call, Canary.Method(
            module, Canary.Type(module, "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions"), "MapGet", isStatic: true, routes, module.TypeSystem.String, module.TypeSystem.Object));
    }

    private static IEnumerable<Finding> Undeclared(Module module, TypeFacts type, MemberFacts member) => module.Manifest is null ? [] :
        from use in member.Uses
        where use.Member == "RequirePermission"
        from permission in use.Texts
        where permission is not null && !permission.Contains(TextUse.Hole, StringComparison.Ordinal) && module.Manifest!.Permissions.All(known => known.Key != permission)
        select At(module, type, member, use, $"asks for the permission {permission}, which the module does not declare");
}
