using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>How a use case is written: one file, one request, its validator, endpoint and handler.</summary>
public static class UseCaseRules
{
    // The version in If-Match is compared and never stored; the platform has read it already.
    private const string ExpectedVersion = "ExpectedVersion";

    private static readonly string[] RawData =
    [
        WellKnown.DocumentStore, "Marten.IDocumentSession", "Marten.IQuerySession", "Npgsql.NpgsqlDataSource", "Npgsql.NpgsqlConnection",
        "ModularMonolith.Platform.Data.ModuleDataSources", "ModularMonolith.Platform.Data.DatabaseAddress",
    ];

    // Right or wrong by their type; everything else has a range.
    private static readonly string[] Bounded = ["System.Guid", "System.Boolean", "System.DateTimeOffset"];

    /// <summary>Handlers work on their own module's session.</summary>
    public static readonly Rule HandlersUseOwnStore = new(
        "handlers-use-own-store",
        "A session that a handler gets from elsewhere is not saved with the command, or belongs to another module's data.",
        "Inject IModuleSession<TStore> with the module's own store marker; ask other modules with a request through ISender.",
        static context => Outcome.Of(
            from pair in context.Graph.Slices()
            from type in pair.Assembly.Types
            from constructor in type.Members
            where constructor.Kind == MemberKind.Constructor && constructor.Parameters.Count > 0
            let isHandler = IsHandler(context.Graph, type)
            from parameter in constructor.Parameters
            where isHandler || parameter.Type.FullName == WellKnown.Session
            select (pair.Module, pair.Assembly, type, constructor, parameter.Type),
            item => Injected(context.Graph, item.Assembly, item.Type) is { } what ? [Finding.Of(item.type, item.constructor, item.Module, what) with { To = Describe.Target(item.Type, null) }] : []))
    {
        Plant = static canary =>
        {
            var constructor = Constructor(canary.Slice, Handler(canary, "CanaryHandler", Request(canary, "Canary")));
            constructor.Parameters.Add(new ParameterDefinition(Canary.Type(canary.Slice, "Npgsql", "Npgsql.NpgsqlDataSource")));
        },
    };

    /// <summary>Commands have validators.</summary>
    public static readonly Rule CommandsAreValidated = new(
        "commands-are-validated",
        "A command carries what a client wrote. Without a validator, text without end or a negative quantity reaches the domain.",
        "Add an AbstractValidator for the command to its file; when its values are checked elsewhere, list it among the accepted findings with the reason.",
        static context =>
        {
            var cases = UseCases.Of(context.Graph);
            var validated = context.Graph.SliceTypes().SelectMany(pair => cases.Validated(pair.Type)).Select(static name => name.FullName).ToHashSet(StringComparer.Ordinal);
            return Outcome.Of(
                cases.Requests.Where(pair => context.Graph.IsA(pair.Type, WellKnown.Command) && !cases.IsStep(pair.Type.Name) && Properties(context.Graph, pair.Type).Any(property => property.Name != ExpectedVersion && IsFreeInput(context.Graph, property))),
                pair => validated.Contains(pair.Type.Name.FullName) ? [] : [Finding.Of(pair.Type, null, pair.Module, "has no validator") with { Suggestion = $"Add {pair.Type.Name.Name}Validator : AbstractValidator<{pair.Type.Name.Name}> below the request." }]);
        })
    {
        Plant = static canary => Text(canary.Slice, Request(canary, "Canary")),
    };

    /// <summary>Each request has one handler.</summary>
    public static readonly Rule RequestsHaveOneHandler = new(
        "requests-have-one-handler",
        "A request without a handler compiles and fails when it is sent; with two, one of them is silently never called.",
        "Write the handler in the request's file, or remove the request.",
        static context =>
        {
            var cases = UseCases.Of(context.Graph);
            var handlers = context.Graph.SliceTypes().Where(static pair => !pair.Type.IsAbstract).SelectMany(pair => cases.Handled(pair.Type).Select(request => (Key: (pair.Module.Folder, request.FullName), pair.Type))).ToLookup(static pair => pair.Key, static pair => pair.Type);
            return Outcome.Of(cases.Requests, pair => handlers[(pair.Module.Folder, pair.Type.Name.FullName)].Count() is var count && count == 1
                ? []
                : [Finding.Of(pair.Type, null, pair.Module, $"has {count} handlers") with { Suggestion = count == 0 ? null : "They are " + string.Join(", ", handlers[(pair.Module.Folder, pair.Type.Name.FullName)].Select(static type => type.Name.Name)) + "." }]);
        })
    {
        Plant = static canary => Request(canary, "Canary"),
    };

    /// <summary>Requests stand at the top of their files.</summary>
    public static readonly Rule RequestsAreNotNested = new(
        "requests-are-not-nested",
        "A nested request has no name of its own in logs, traces and files.",
        "Put the request at the top of its file.",
        static context => Outcome.Of(
            UseCases.Of(context.Graph).Requests,
            static pair => pair.Type.IsNested ? [new Finding(pair.Type.Name.Name, "is nested in " + TypeName.SimpleName(pair.Type.Name.FullName[..pair.Type.Name.FullName.LastIndexOf('/')])) { Module = pair.Module.Folder, Span = pair.Type.Place }] : []))
    {
        Plant = static canary =>
        {
            var request = Request(canary, "Canary");
            canary.Slice.Types.Remove(request);
            request.Attributes = (request.Attributes & ~TypeAttributes.VisibilityMask) | TypeAttributes.NestedAssembly;
            canary.Class("Around").NestedTypes.Add(request);
        },
    };

    /// <summary>A use case is a file.</summary>
    public static readonly Rule OneRequestPerFile = new(
        "one-request-per-file",
        "A use case is added, read and removed as one file, which is found by its name.",
        "Give each request of the module a file of its own with its name; endpoint, validator and handler stand in the same one. Only a step of a use case that nothing outside its file sends may stand in the use case's file.",
        static context =>
        {
            var cases = UseCases.Of(context.Graph);
            return Outcome.Of(
                from pair in context.Graph.SliceTypes()
                where pair.Type.Place is not null
                from request in cases.IsRequest(pair.Type) ? [pair.Type.Name] : cases.Handled(pair.Type).Concat(cases.Validated(pair.Type).Where(cases.IsKnownRequest))
                where !cases.IsStep(request)
                select (pair.Module, pair.Type, request),
                static item => Path.GetFileNameWithoutExtension(item.Type.Place!.File) == item.request.Name
                    ? []
                    : [new Finding(item.Type.Name.Name, $"stands in {item.Type.Place.File}, not in {item.request.Name}.cs") { Module = item.Module.Folder, Span = item.Type.Place }]);
        })
    {
        Plant = static canary => canary.Borrow(Handler(canary, "CanaryHandler", Request(canary, "Canary"))),
    };

    /// <summary>A reaction is a file.</summary>
    public static readonly Rule ReactionsHaveTheirFile = new(
        "reactions-have-their-file",
        "What a module does when something happens elsewhere is a use case like any other, found by its name.",
        "Give each event handler a file of its own with its name: WhenOrderPlaced.cs.",
        static context => context.Graph.Modules.Count == 0 ? new Outcome(0, []) : Outcome.Of(
            context.Graph.SliceTypes().Where(pair => pair.Type is { Kind: TypeKind.Class, Place: not null } && IsEventHandler(context.Graph, pair.Type)),
            static pair => Path.GetFileNameWithoutExtension(pair.Type.Place!.File) == pair.Type.Name.Name
                ? []
                : [new Finding(pair.Type.Name.Name, "stands in " + pair.Type.Place.File) { Module = pair.Module.Folder, Span = pair.Type.Place }]))
    {
        Plant = static canary =>
        {
            var handler = canary.Class("WhenCanarySings");
            handler.Interfaces.Add(new InterfaceImplementation(Closed(canary.Slice, "ModularMonolith.Platform", WellKnown.Handle, canary.Class("CanarySang"))));
            canary.Borrow(handler);
        },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
        [HandlersUseOwnStore, CommandsAreValidated, RequestsHaveOneHandler, RequestsAreNotNested, OneRequestPerFile, ReactionsHaveTheirFile];

    internal static bool IsHandler(CodeGraph graph, TypeFacts type) => graph.Kinds(type).Any(static kind => kind.FullName is WellKnown.RequestHandler or WellKnown.PlainRequestHandler or WellKnown.Handle or WellKnown.HandleBatch);

    internal static bool IsEventHandler(CodeGraph graph, TypeFacts type) => graph.Kinds(type).Any(static kind => kind.FullName is WellKnown.Handle or WellKnown.HandleBatch);

    internal static TypeDefinition Request(Canary canary, string name)
    {
        var request = canary.Class(name);
        request.Interfaces.Add(new InterfaceImplementation(Closed(canary.Slice, "ModularMonolith.Platform.Contracts", WellKnown.Command, canary.Slice.TypeSystem.Object)));
        request.Interfaces.Add(new InterfaceImplementation(Canary.Type(canary.Slice, "MediatR.Contracts", WellKnown.Request)));
        return request;
    }

    internal static TypeDefinition Handler(Canary canary, string name, TypeDefinition request)
    {
        var handler = canary.Class(name);
        handler.Interfaces.Add(new InterfaceImplementation(Closed(canary.Slice, "MediatR", WellKnown.PlainRequestHandler, request)));
        return handler;
    }

    internal static GenericInstanceType Closed(ModuleDefinition module, string assembly, string fullName, TypeReference argument) =>
        new(Canary.Type(module, assembly, fullName)) { GenericArguments = { argument } };

    private static string? Injected(CodeGraph graph, AssemblyFacts slice, TypeName type)
    {
        if (type.FullName == WellKnown.Session)
        {
            return type.Arguments.Count == 0 || type.Arguments[0].IsParameter || type.Arguments[0].Assembly == slice.Name ? null : $"injects the session of {Describe.Target(type.Arguments[0], null)}";
        }

        return Array.IndexOf(RawData, type.FullName) >= 0 || (graph.Find(type) is { } known && graph.Kinds(known).Any(static kind => Array.IndexOf(RawData, kind.FullName) >= 0)) ? $"injects {type.Name}" : null;
    }

    private static IEnumerable<MemberFacts> Properties(CodeGraph graph, TypeFacts type)
    {
        for (TypeFacts? current = type; current is not null; current = current.BaseType is null ? null : graph.Find(current.BaseType))
        {
            foreach (var member in current.Members.Where(static member => member is { Kind: MemberKind.Property, Visibility: Visibility.Public }))
            {
                yield return member;
            }
        }
    }

    private static bool IsFreeInput(CodeGraph graph, MemberFacts property)
    {
        var type = property.Type is { FullName: "System.Nullable`1", Arguments: [var inner] } ? inner : property.Type;
        return type is not null && (property.Is(MemberFlags.Array) || (graph.Find(type)?.Kind != TypeKind.Enum && Array.IndexOf(Bounded, type.FullName) < 0));
    }

    private static MethodDefinition Constructor(ModuleDefinition module, TypeDefinition type)
    {
        var constructor = new MethodDefinition(".ctor", MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName, module.TypeSystem.Void);
        type.Methods.Add(constructor);
        return constructor;
    }

    private static void Text(ModuleDefinition module, TypeDefinition type)
    {
        var getter = new MethodDefinition("get_Text", MethodAttributes.Public | MethodAttributes.SpecialName, module.TypeSystem.String);
        type.Methods.Add(getter);
        type.Properties.Add(new PropertyDefinition("Text", PropertyAttributes.None, module.TypeSystem.String) { GetMethod = getter });
    }
}
