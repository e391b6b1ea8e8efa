using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Declared;

/// <summary>The rules of this repository alone: one over the graph, and one written with NetArchTest.</summary>
public static class OwnRules
{
    /// <summary>Handlers of commands and queries do not log.</summary>
    public static readonly Rule HandlersDoNotLog = new(
        "handlers-do-not-log",
        "The pipeline logs each command and query with its outcome; a second line for the same thing is noise that somebody pays for.",
        "Throw, or return what happened. What only the handler knows belongs in the audit log.",
        static context => Outcome.Of(
            from module in context.Graph.Modules
            where module.Slice is not null
            from type in module.Slice!.Types
            where type.Interfaces.Any(static contract => contract.FullName is WellKnown.RequestHandler or WellKnown.PlainRequestHandler)
            from member in type.Members
            select (module, type, member),
            static item => item.member.Uses.Where(static use => use.Target.FullName == "Microsoft.Extensions.Logging.LoggerExtensions")
                .Select(use => Finding.Of(item.type, item.member, item.module, $"calls {use.Member}") with { Span = use.Span, Kind = EdgeKind.Call, To = use.Target.FullName })))
    {
        Plant = static canary =>
        {
            var handler = canary.Class("LoggingHandler");
            handler.Interfaces.Add(new(new Mono.Cecil.GenericInstanceType(Canary.Type(canary.Slice, "MediatR", WellKnown.PlainRequestHandler)) { GenericArguments = { canary.Slice.TypeSystem.Object } }));
            var handle = new Mono.Cecil.MethodDefinition("Handle", Mono.Cecil.MethodAttributes.Public, canary.Slice.TypeSystem.Void);
            handler.Methods.Add(handle);
            var code = handle.Body.GetILProcessor();
            code.Emit(OpCodes.Call, Canary.Method(canary.Slice, Canary.Type(canary.Slice, "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Logging.LoggerExtensions"), "LogInformation", isStatic: true));
            code.Emit(OpCodes.Ret);
        },
    };

    /// <summary>Endpoints are thin.</summary>
    public static readonly Rule EndpointsKeepOutOfData = NetArchRule.From(
        "endpoints-keep-out-of-data",
        "An endpoint translates between HTTP and a request. Data that it reads by itself is read without the pipeline: without validation, without a transaction and without a span.",
        "Send a request through ISender, and read the data in its handler.",
        static types => types.That().HaveNameEndingWith("Endpoint").ShouldNot().HaveDependencyOnAny("Marten", "Npgsql", "System.Data"),
        typeof(OwnRules).Assembly.Location);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [HandlersDoNotLog, EndpointsKeepOutOfData];
}
