using ModularMonolith.Architecture.Graph;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What goes through the pipeline of requests and through the log of events, and not past them.</summary>
public static class PipelineRules
{
    private const string Notification = "MediatR.INotification";
    private const string NotificationHandler = "MediatR.INotificationHandler`1";

    /// <summary>Only the pipeline calls handlers.</summary>
    public static readonly Rule HandlersAreSentTo = new(
        "handlers-are-sent-to",
        "A handler that is called by its method runs without validation, without its transaction and audit entry, and without a span of its own.",
        "Send the request through ISender. What two handlers do alike goes into a class of its own that both take.",
        static context => new Outcome(ModuleCode.Count(context.Graph), [.. Called(context.Graph), .. Injected(context.Graph)]))
    {
        Plant = static canary =>
        {
            var handler = UseCaseRules.Handler(canary, "CanaryHandler", UseCaseRules.Request(canary, "Canary"));
            canary.Code("CallsAHandler", (module, code) =>
            {
                code.Emit(OpCodes.Ldnull);
                code.Emit(OpCodes.Callvirt, Canary.Method(module, handler, "Handle", isStatic: false));
            });
        },
    };

    /// <summary>Events go through the log.</summary>
    public static readonly Rule EventsGoThroughTheLog = new(
        "events-go-through-the-log",
        "A notification of MediatR is handled in the caller's transaction, at once, by whoever happens to be in this process, and is lost when one of them fails: it binds the modules' transactions together, past Contracts and log.",
        "Make it an integration event of the Contracts, give it to IModuleSession.Publish and handle it with IHandle. What concerns one module only is a call of its own class.",
        static context => new Outcome(
            context.Graph.ModuleTypes().Count(),
            [.. context.Graph.ModuleTypes().SelectMany(pair => Notified(context.Graph, pair.Module, pair.Type)), .. ModuleCode.Uses(context, Notifies, static (_, use) => Notifies(use.Target, use.Member) ? "publishes past the log" : null).Findings]))
    {
        Plant = static canary => canary.Class("CanarySang").Interfaces.Add(new InterfaceImplementation(Canary.Type(canary.Slice, "MediatR.Contracts", Notification))),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [HandlersAreSentTo, EventsGoThroughTheLog];

    private static IEnumerable<Finding> Called(CodeGraph graph)
    {
        foreach (var member in ModuleCode.Using(graph, (type, called) => IsCall(called) && Handler(graph, type) is not null))
        {
            var seen = new HashSet<SourceSpan?>();
            foreach (var use in member.Member.Uses)
            {
                if (use.Kind == EdgeKind.Call && IsCall(use.Member) && use.Target.FullName != member.Type.Name.FullName && Handler(graph, use.Target) is { } called && seen.Add(use.Span))
                {
                    yield return member.Finding(use, use.Creates ? $"makes {called} by itself" : $"calls {called} past the pipeline");
                }
            }
        }
    }

    private static bool IsCall(string? called) => called is "Handle" or ".ctor";

    private static IEnumerable<Finding> Injected(CodeGraph graph) =>
        from pair in graph.SliceTypes()
        where !pair.Type.IsRecord
        from member in pair.Type.Members
        where member.Kind == MemberKind.Constructor
        from parameter in member.Parameters
        let injected = Handler(graph, parameter.Type)
        where injected is not null
        select Finding.Of(pair.Type, member, pair.Module, $"injects {injected}") with { To = Describe.Target(parameter.Type, null), Kind = EdgeKind.TypeUse };

    // A handler of the modules, or the interface that stands for one.
    private static string? Handler(CodeGraph graph, TypeName type) => type.FullName is WellKnown.RequestHandler or WellKnown.PlainRequestHandler
        ? type.Arguments.Count == 0 ? "a handler" : "the handler of " + type.Arguments[0].Name
        : graph.OwnerOf(type.Assembly) is not null && graph.Find(type) is { Kind: TypeKind.Class } known && graph.Kinds(known).Any(static kind => kind.FullName is WellKnown.RequestHandler or WellKnown.PlainRequestHandler)
            ? known.Name.Name
            : null;

    private static IEnumerable<Finding> Notified(CodeGraph graph, Module module, TypeFacts type)
    {
        if (type.Kind is TypeKind.Class or TypeKind.Struct && graph.Kinds(type).Select(static kind => kind.FullName).FirstOrDefault(static kind => kind is Notification or NotificationHandler) is { } kind)
        {
            yield return Finding.Of(type, null, module, kind == Notification ? "is a notification of MediatR" : "handles a notification of MediatR");
        }
    }

    private static bool Notifies(TypeName type, string? called) => called == "Publish" && type.FullName is "MediatR.IPublisher" or "MediatR.IMediator" or "MediatR.Mediator";
}
