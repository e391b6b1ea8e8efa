using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Where endpoints, handlers and validators stand, and what they look like.</summary>
public static class EndpointRules
{
    private const string Api = "/api";

    /// <summary>Endpoints take services for each request.</summary>
    public static readonly Rule EndpointsTakeServicesPerRequest = new(
        "endpoints-have-no-constructor-parameters",
        "An endpoint class is created once, when the routes are mapped; a service in its constructor would be shared by all requests.",
        "Take the service as a parameter of the route's handler.",
        static context => Outcome.Of(
            context.Graph.SliceTypes().Where(pair => pair.Type.Kind == TypeKind.Class && context.Graph.IsA(pair.Type, WellKnown.CarterModule)),
            static pair => pair.Type.Members.FirstOrDefault(static member => member.Kind == MemberKind.Constructor && member.Parameters.Count > 0) is { } constructor
                && !pair.Type.Members.Any(static member => member.Kind == MemberKind.Constructor && member.Parameters.Count == 0)
                ? [Finding.Of(pair.Type, constructor, pair.Module, "has no parameterless constructor")]
                : []))
    {
        Plant = static canary =>
        {
            var constructor = new MethodDefinition(".ctor", MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName, canary.Slice.TypeSystem.Void);
            constructor.Parameters.Add(new ParameterDefinition(canary.Slice.TypeSystem.Object));
            Endpoint(canary, "CanaryEndpoint").Methods.Add(constructor);
        },
    };

    /// <summary>Endpoints, handlers and validators are the slice's own.</summary>
    public static readonly Rule UseCasesStandInSlices = new(
        "use-cases-stand-in-slices",
        "Endpoints, handlers and validators are found by scanning the slices. Elsewhere they are not found, or run in modules that never asked for them; one that others can see or derive from is no longer the module's own.",
        "Put the class at the top of its use case's file in the slice: internal, sealed and not nested.",
        static context => Outcome.Of(
            from assembly in context.Graph.Assemblies
            let module = context.Graph.OwnerOf(assembly.Name)
            where module is not null || context.Policy.Hosts.Contains(assembly.Name)
            from type in assembly.Types
            where type.Kind == TypeKind.Class && !type.IsAbstract
            let role = RoleOf(context.Graph, type)
            where role is not null
            select (module, kind: context.Graph.ProjectOf(assembly.Name)?.Kind, type, role),
            item => (Shape(item.kind, item.type) ?? Meant(context.Graph, item.module, item.type)) is { } what ? [Finding.Of(item.type, null, item.module, $"is {item.role} and {what}")] : []))
    {
        Plant = static canary =>
        {
            var endpoint = Endpoint(canary, "CanaryEndpoint");
            endpoint.Attributes = (endpoint.Attributes & ~TypeAttributes.VisibilityMask) | TypeAttributes.Public;
        },
    };

    /// <summary>Endpoints, handlers, validators and stores are called so.</summary>
    public static readonly Rule UseCasesAreNamed = new(
        "use-cases-are-named",
        "Whoever reads a log, a trace or a folder knows by the name what a class is for.",
        "End the name with Endpoint, Handler or Validator; name a store marker after the module: IOrderingStore.",
        static context => Outcome.Of(
            from pair in context.Graph.ModuleTypes()
            let ends = Ending(context.Graph, pair.Type)
            where ends is not null
            select (pair.Module, pair.Type, ends),
            static item => Array.Exists(item.ends, item.Type.Name.Name.EndsWith) && (item.Type.Kind != TypeKind.Interface || item.Type.Name.Name.StartsWith('I'))
                ? []
                : [Finding.Of(item.Type, null, item.Module, $"does not end with {item.ends[0]}")]))
    {
        Plant = static canary => Endpoint(canary, "Canary"),
    };

    /// <summary>Routes are relative to the module's own address.</summary>
    public static readonly Rule RoutesStayInTheModule = new(
        "routes-stay-in-the-module",
        "The host puts /api and the module's name before each of its routes. A route that begins with them itself is found under both, and one that names another module promises what that one should.",
        "Write the route behind the module's own address: /orders/{id}.",
        static context => Outcome.Of(
            from pair in context.Graph.Slices()
            from found in context.Graph.MembersUsing(pair.Assembly, Maps)
            from use in found.Member.Uses
            where Maps(use.Target, use.Member)
            select (pair.Module, found.Type, member: found.Member, use),
            static item => item.use.Texts.FirstOrDefault(IsAbsolute) is { } route
                ? [Finding.Of(item.Type, item.member, item.Module, $"maps {route}") with { Span = item.use.Span ?? item.member.Place, Kind = EdgeKind.Http, To = route, Suggestion = $"Begin with what stands behind /api/{item.Module.Name}." }]
                : []))
    {
        Plant = static canary => canary.Code("CanaryEndpoint", static (module, code) =>
        {
            var routes = Canary.Type(module, "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Routing.IEndpointRouteBuilder");
            code.Emit(Mono.Cecil.Cil.OpCodes.Ldnull);
            code.Emit(Mono.Cecil.Cil.OpCodes.Ldstr, "/api/elsewhere/things");
            code.Emit(Mono.Cecil.Cil.OpCodes.Ldnull);
            code.Emit(Mono.Cecil.Cil.OpCodes.Call, Canary.Method(
                module, Canary.Type(module, "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions"), "MapGet", isStatic: true, routes, module.TypeSystem.String, module.TypeSystem.Object));
        }),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [EndpointsTakeServicesPerRequest, UseCasesStandInSlices, UseCasesAreNamed, RoutesStayInTheModule];

    private static bool Maps(TypeName type, string? called) =>
        called is not null && called.StartsWith("Map", StringComparison.Ordinal) && type.FullName.StartsWith("Microsoft.AspNetCore.Builder.", StringComparison.Ordinal);

    private static bool IsAbsolute(string? text) => text is not null && text.TrimStart('/') is var route && (route == "api" || route.StartsWith("api/", StringComparison.OrdinalIgnoreCase)) && (text.StartsWith(Api, StringComparison.OrdinalIgnoreCase) || !text.StartsWith('/'));

    internal static string? RoleOf(CodeGraph graph, TypeFacts type)
    {
        foreach (var kind in graph.Kinds(type))
        {
            switch (kind.FullName)
            {
                case WellKnown.CarterModule:
                    return "an endpoint";
                case WellKnown.RequestHandler or WellKnown.PlainRequestHandler:
                    return "a handler";
                case WellKnown.Handle or WellKnown.HandleBatch:
                    return "a handler of events";
                case WellKnown.Validator or WellKnown.AbstractValidator:
                    return "a validator";
            }
        }

        return null;
    }

    // A request is answered, and its values are checked, by the module whose it is.
    private static string? Meant(CodeGraph graph, Module? module, TypeFacts type) =>
        graph.Closing(type, WellKnown.RequestHandler, WellKnown.PlainRequestHandler, WellKnown.Validator, WellKnown.AbstractValidator)
            .Select(message => graph.OwnerOf(message.Assembly) is { } owner && owner.Folder != module?.Folder && graph.Find(message) is { } request && graph.IsA(request, WellKnown.Request) ? $"is for {message.Name} of {owner.Folder}" : null).FirstOrDefault(static foreign => foreign is not null);

    private static string? Shape(ProjectKind? kind, TypeFacts type) =>
        kind != ProjectKind.Slice ? "stands outside of a slice"
        : type.Visibility == Visibility.Public && !type.IsNested ? "is public"
        : !type.IsSealed ? "is not sealed"
        : type.IsNested ? "is nested" : null;

    private static string[]? Ending(CodeGraph graph, TypeFacts type)
    {
        if (type.Kind == TypeKind.Interface)
        {
            return graph.IsA(type, WellKnown.DocumentStore) ? ["Store"] : null;
        }

        return type.Kind != TypeKind.Class || type.IsAbstract ? null : RoleOf(graph, type) switch
        {
            "an endpoint" => ["Endpoint", "Endpoints"],
            "a handler" => ["Handler"],
            "a validator" => ["Validator"],
            _ => null,
        };
    }

    private static TypeDefinition Endpoint(Canary canary, string name)
    {
        var endpoint = canary.Class(name);
        endpoint.Interfaces.Add(new InterfaceImplementation(Canary.Type(canary.Slice, "Carter", WellKnown.CarterModule)));
        return endpoint;
    }
}
