using System.Reflection;
using System.Text.RegularExpressions;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Processes;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>Events between modules and who listens to them.</summary>
internal static partial class MessageRules
{
    public static readonly Rule EventsAreNamed = new(
        "events-are-named",
        "The log keeps events by name for years. A type that is renamed or moved must not change what is stored.",
        "Give the class [EventName(\"module.what-happened\")]: lower case, the owning module first, words joined by hyphens.",
        codebase => Outcome.Of(Events(codebase), item => item.Type.GetCustomAttribute<EventNameAttribute>() is not { } name
            ? [new Finding(item.Type.Name, "has no [EventName]")]
            : !NamePattern().IsMatch(name.Name) ? [new Finding(item.Type.Name, $"is named '{name.Name}'")]
            : name.Name.Split('.')[0] != item.Module.Name ? [new Finding(item.Type.Name, $"is named '{name.Name}' and belongs to '{item.Module.Name}'")]
            : name.Version < 1 ? [new Finding(item.Type.Name, "has a version below 1")]
            : []));

    public static readonly Rule EventNamesAreUnique = new(
        "event-names-are-unique",
        "Two types under one name would read each other's payloads.",
        "Give one of them another name; for a new shape of the same event raise its version.",
        codebase => Outcome.Of(
            Events(codebase).Select(item => (item.Type, item.Type.GetCustomAttribute<EventNameAttribute>()?.Name)).Where(item => item.Name is not null).GroupBy(item => item.Name),
            same => same.Count() == 1 ? [] : [new Finding(same.Key!, "is the name of " + string.Join(" and ", same.Select(item => item.Type.Name).Order(StringComparer.Ordinal)))]));

    public static readonly Rule EventsAreContracts = new(
        "events-are-contracts",
        "An integration event is for other modules. One that they cannot see is a domain event and does not belong in the log.",
        "Move the event to the module's Contracts as a public sealed record.",
        codebase => Outcome.Of(Events(codebase), item => item.Type is { IsVisible: true, IsSealed: true } && item.Type.Assembly.GetName().Name == item.Module.ContractsName
            ? []
            : [new Finding(item.Type.Name, "is not a public sealed type of " + item.Module.Folder + ".Contracts")]));

    public static readonly Rule SubscriptionsAreNamed = new(
        "subscriptions-are-named",
        "A subscription's cursor is kept under its name. Two under one name would move each other's cursor; without one nothing is delivered.",
        "Give the handler [Subscription(\"what-it-does\")]: lower case with hyphens, unique in the module. A class handles one event, unless it is a process that has IProcesses, by itself or through a service of its module.",
        codebase =>
        {
            var handlers = (from module in codebase.Modules
                            from type in module.Slice?.Types ?? []
                            let events = type.GetInterfaces().Count(IsHandler)
                            where type.IsClass && events > 0
                            select (module.Name, Type: type, Events: events, Subscription: type.GetCustomAttribute<SubscriptionAttribute>()?.Name)).ToList();
            return Outcome.Of(handlers, item => item.Subscription is null
                ? [new Finding(item.Type.Name, "has no [Subscription]")]
                : !SubscriptionPattern().IsMatch(item.Subscription) ? [new Finding(item.Type.Name, $"is named '{item.Subscription}'")]
                : handlers.Count(other => other.Name == item.Name && other.Subscription == item.Subscription) > 1 ? [new Finding(item.Type.Name, $"shares the name '{item.Subscription}'")]
                : item.Events > 1 && !IsProcess(item.Type) ? [new Finding(item.Type.Name, $"handles {item.Events} events and is no process")]
                : []);
        });

    private static bool IsHandler(Type contract) =>
        contract.IsGenericType && (contract.GetGenericTypeDefinition() == typeof(IHandle<>) || contract.GetGenericTypeDefinition() == typeof(IHandleBatch<>));

    // By itself, or through a service of its module that opens what the process is about.
    private static bool IsProcess(Type type) => Needs(type).Any(needed => IsProcesses(needed) || (needed.Assembly == type.Assembly && Needs(needed).Any(IsProcesses)));

    private static IEnumerable<Type> Needs(Type type) => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .SelectMany(static constructor => constructor.GetParameters()).Select(static parameter => parameter.ParameterType);

    private static bool IsProcesses(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IProcesses<,>);

    private static IEnumerable<(ModuleUnderTest Module, Type Type)> Events(Codebase codebase) =>
        from pair in codebase.ModuleAssemblies
        from type in pair.Assembly.Types
        where !type.IsInterface && type.IsAssignableTo(typeof(IIntegrationEvent))
        select (pair.Module, type);

    [GeneratedRegex(@"^[a-z][a-z0-9]*(\.[a-z0-9]+(-[a-z0-9]+)*)+$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex SubscriptionPattern();
}
