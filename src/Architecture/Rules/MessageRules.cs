using System.Globalization;
using System.Text.RegularExpressions;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Events between modules and who listens to them.</summary>
public static partial class MessageRules
{
    /// <summary>Events have stored names.</summary>
    public static readonly Rule EventsAreNamed = new(
        "events-are-named",
        "The log keeps events by name for years. A type that is renamed or moved must not change what is stored.",
        "Give the class [EventName(\"module.what-happened\")]: lower case, the owning module first, words joined by hyphens.",
        static context => Outcome.Of(Events(context.Graph), static item => Misnamed(item.Module, item.Type) is { } what
            ? [Finding.Of(item.Type, null, item.Module, what) with { Suggestion = NameOf(item.Type) is null ? $"[EventName(\"{item.Module.Name}.{string.Join('-', PascalCase.Words(item.Type.Name.Name)).ToLowerInvariant()}\")]" : null }]
            : []))
    {
        Plant = static canary => Event(canary, "CanarySang"),
    };

    /// <summary>Stored names are unique.</summary>
    public static readonly Rule EventNamesAreUnique = new(
        "event-names-are-unique",
        "Two types under one name would read each other's payloads.",
        "Give one of them another name; for a new shape of the same event raise its version.",
        static context => Outcome.Of(
            Events(context.Graph).Where(static item => NameOf(item.Type) is not null).GroupBy(static item => NameOf(item.Type), StringComparer.Ordinal),
            static same => same.Count() == 1 ? [] : same.Select(item => new Finding(same.Key!, "is the name of " + string.Join(" and ", same.Select(static other => other.Type.Name.Name).Order(StringComparer.Ordinal)))
            {
                Module = item.Module.Folder,
                Span = item.Type.Place,
            })))
    {
        Plant = static canary =>
        {
            Name(canary.Contracts, Event(canary, "CanarySang"), canary.Module.Name + ".canary-sang");
            Name(canary.Contracts, Event(canary, "CanaryTweeted"), canary.Module.Name + ".canary-sang");
        },
    };

    /// <summary>Events are for others.</summary>
    public static readonly Rule EventsAreContracts = new(
        "events-are-contracts",
        "An integration event is for other modules. One that they cannot see is a domain event and does not belong in the log.",
        "Move the event to the module's Contracts as a public sealed record.",
        static context => Outcome.Of(Events(context.Graph), item => context.Graph.IsVisible(item.Type) && item.Type.IsSealed && context.Graph.IsContracts(item.Type.Name.Assembly)
            ? []
            : [Finding.Of(item.Type, null, item.Module, $"is not a public sealed type of {item.Module.Folder}.Contracts")]))
    {
        Plant = static canary => Event(canary, "CanarySang").IsSealed = false,
    };

    /// <summary>Subscriptions have names.</summary>
    public static readonly Rule SubscriptionsAreNamed = new(
        "subscriptions-are-named",
        "A subscription's cursor is kept under its name. Two under one name would move each other's cursor; without one nothing is delivered.",
        "Give the handler [Subscription(\"what-it-does\")]: lower case with hyphens, unique in the module. A class handles one event, unless it is a process that has IProcesses, by itself or through a service of its module.",
        static context =>
        {
            var handlers = (from pair in context.Graph.SliceTypes()
                            where pair.Type.Kind == TypeKind.Class
                            let events = pair.Type.Interfaces.Count(static contract => contract.FullName is WellKnown.Handle or WellKnown.HandleBatch)
                            where events > 0
                            select (pair.Module, pair.Type, Events: events, Subscription: FirstArgument(pair.Type, WellKnown.Subscription))).ToList();
            var shared = handlers.Where(static item => item.Subscription is not null).GroupBy(static item => (item.Module.Folder, item.Subscription)).Where(static same => same.Skip(1).Any()).Select(static same => same.Key).ToHashSet();
            return Outcome.Of(handlers, item =>
            {
                var what = item.Subscription is null ? "has no [Subscription]"
                    : !SubscriptionPattern().IsMatch(item.Subscription) ? $"is named '{item.Subscription}'"
                    : shared.Contains((item.Module.Folder, item.Subscription)) ? $"shares the name '{item.Subscription}'"
                    : item.Events > 1 && !IsProcess(context.Graph, item.Type) ? string.Create(CultureInfo.InvariantCulture, $"handles {item.Events} events and is no process")
                    : null;
                return what is null ? [] : new[] { Finding.Of(item.Type, null, item.Module, what) };
            });
        })
    {
        Plant = static canary => canary.Class("WhenCanarySings").Interfaces.Add(
            new InterfaceImplementation(UseCaseRules.Closed(canary.Slice, "ModularMonolith.Platform", WellKnown.Handle, canary.Slice.TypeSystem.Object))),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [EventsAreNamed, EventNamesAreUnique, EventsAreContracts, SubscriptionsAreNamed];

    private static string? Misnamed(Module module, TypeFacts type)
    {
        if (type.Attribute(WellKnown.EventName) is not { } attribute || NameOf(type) is not { } name)
        {
            return "has no [EventName]";
        }

        return !NamePattern().IsMatch(name) ? $"is named '{name}'"
            : name.Split('.')[0] != module.Name ? $"is named '{name}' and belongs to '{module.Name}'"
            : attribute["Version"] is { } version && int.Parse(version, CultureInfo.InvariantCulture) < 1 ? "has a version below 1"
            : null;
    }

    private static string? NameOf(TypeFacts type) => FirstArgument(type, WellKnown.EventName);

    private static string? FirstArgument(TypeFacts type, string attribute) => type.Attribute(attribute) is { Arguments: [var first, ..] } ? first : null;

    // By itself, or through a service of its module that opens what the process is about.
    private static bool IsProcess(CodeGraph graph, TypeFacts type) =>
        Needs(type).Any(needed => IsProcesses(needed) || (needed.Assembly == type.Name.Assembly && graph.Find(needed) is { } service && Needs(service).Any(IsProcesses)));

    private static IEnumerable<TypeName> Needs(TypeFacts type) => type.Members.Where(static member => member.Kind == MemberKind.Constructor).SelectMany(static constructor => constructor.Parameters).Select(static parameter => parameter.Type);

    private static bool IsProcesses(TypeName type) => type.FullName == WellKnown.Processes;

    private static IEnumerable<(Module Module, TypeFacts Type)> Events(CodeGraph graph) => graph.ModuleTypes().Where(pair => pair.Type.Kind != TypeKind.Interface && graph.IsA(pair.Type, WellKnown.IntegrationEvent));

    private static TypeDefinition Event(Canary canary, string name)
    {
        var type = canary.Class(name, canary.Contracts);
        type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | TypeAttributes.Public;
        type.Interfaces.Add(new InterfaceImplementation(Canary.Type(canary.Contracts, "ModularMonolith.Platform.Contracts", WellKnown.IntegrationEvent)));
        return type;
    }

    private static void Name(ModuleDefinition module, TypeDefinition type, string name)
    {
        var constructor = Canary.Method(module, Canary.Type(module, "ModularMonolith.Platform.Contracts", WellKnown.EventName), ".ctor", isStatic: false, module.TypeSystem.String);
        type.CustomAttributes.Add(new CustomAttribute(constructor) { ConstructorArguments = { new CustomAttributeArgument(module.TypeSystem.String, name) } });
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex SubscriptionPattern();
}
