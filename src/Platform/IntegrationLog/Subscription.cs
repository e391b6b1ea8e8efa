using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>How a handler receives one kind of event.</summary>
/// <param name="Name">The event's stored name.</param>
/// <param name="Event">The event's class; null for what is handed over in its stored form.</param>
/// <param name="IsBatch">Whether the handler takes several at once.</param>
/// <param name="InvokeAsync">Deserialises the payloads and calls the handler.</param>
internal sealed record EventBinding(
    string Name, Type? Event, bool IsBatch, Func<IServiceProvider, IReadOnlyList<(LogMessage Message, EventContext Context)>, CancellationToken, Task> InvokeAsync);

/// <summary>One handler class's subscription.</summary>
internal sealed class Subscription
{
    private readonly Dictionary<string, EventBinding> _events;

    private Subscription(ModuleDescriptor module, Type handler, SubscriptionAttribute attribute, IEnumerable<EventBinding> events)
    {
        Module = module;
        Handler = handler;
        Policy = attribute;
        _events = events.ToDictionary(found => found.Name, StringComparer.Ordinal);
        EventNames = [.. _events.Keys.Order(StringComparer.Ordinal)];
        StartTime = attribute.StartTime is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
    }

    public ModuleDescriptor Module { get; }

    public Type Handler { get; }

    public SubscriptionAttribute Policy { get; }

    public string Name => Policy.Name;

    /// <summary>The name over all modules.</summary>
    public string FullName => Module.Name + "/" + Policy.Name;

    public string[] EventNames { get; }

    /// <summary>Whether it carries events elsewhere. What came from elsewhere is not for it, or two logs would send each other the same events forever.</summary>
    public bool IsForwarding { get; private init; }

    public DateTimeOffset? StartTime { get; }

    public EventBinding BindingOf(string eventName) => _events.TryGetValue(eventName, out var binding)
        ? binding
        : throw new UnreadableEventException($"Subscription {FullName} does not know the event '{eventName}'. It was parked by a version of the host that did; deploy that version to replay it, or discard it.");

    /// <summary>The class of an event; null when the subscription does not know it, or takes it in its stored form.</summary>
    public Type? TypeOf(string eventName) => _events.GetValueOrDefault(eventName)?.Event;

    /// <summary>Finds the handlers of a module.</summary>
    /// <exception cref="ModuleConfigurationException">A handler has no name, shares it, or its settings are out of range.</exception>
    public static IReadOnlyList<Subscription> In(ModuleDescriptor module)
    {
        var found = module.Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false })
            .Select(type => (Type: type, Contracts: type.GetInterfaces().Where(IsHandler).ToList()))
            .Where(handler => handler.Contracts.Count > 0)
            .Select(handler => new Subscription(module, handler.Type, Checked(handler.Type), handler.Contracts.Select(contract => Bind(handler.Type, contract))))
            .ToList();
        foreach (var same in found.GroupBy(subscription => subscription.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            throw new ModuleConfigurationException(
                $"{string.Join(" and ", same.Select(subscription => subscription.Handler.FullName))} both name their subscription '{same.Key}', so they would share a cursor. Give one of them another name.");
        }

        return found;
    }

    /// <summary>A handler that takes the named events in their stored form.</summary>
    /// <exception cref="ModuleConfigurationException">The handler has no name, or its settings are out of range.</exception>
    public static Subscription Forwarding(ModuleDescriptor module, Type handler, IEnumerable<string> names) => new(
        module, handler, Checked(handler), names.Distinct(StringComparer.Ordinal).Select(name => new EventBinding(name, null, true, (services, messages, cancellationToken) =>
        {
            var events = messages.Select(static found => new StoredEvent(found.Message.Name, found.Message.Version, found.Message.Key, found.Message.Payload, found.Context));
            return ((IForwardEvents)services.GetRequiredService(handler)).ForwardAsync([.. events], cancellationToken);
        })))
    {
        IsForwarding = true,
    };

    /// <summary>Whether one call of the handler may take both events.</summary>
    public bool AreOfOneBatch(LogMessage first, LogMessage second) => IsForwarding || first.Name == second.Name || (Policy.MixesEvents && BindingOf(second.Name).IsBatch);

    /// <summary>Hands events over to the handler, those of one kind that follow each other at once.</summary>
    public async Task InvokeAsync(IServiceProvider services, ArraySegment<(LogMessage Message, EventContext Context)> messages, CancellationToken cancellationToken)
    {
        while (messages.Count > 0)
        {
            var name = messages[0].Message.Name;
            var count = IsForwarding ? messages.Count : messages.TakeWhile(found => found.Message.Name == name).Count();
            await BindingOf(name).InvokeAsync(services, messages[..count], cancellationToken);
            messages = messages[count..];
        }
    }

    private static bool IsHandler(Type contract) =>
        contract.IsGenericType && (contract.GetGenericTypeDefinition() == typeof(IHandle<>) || contract.GetGenericTypeDefinition() == typeof(IHandleBatch<>));

    private static SubscriptionAttribute Checked(Type handler)
    {
        var attribute = handler.GetCustomAttribute<SubscriptionAttribute>()
            ?? throw new ModuleConfigurationException($"{handler.FullName} handles integration events but has no [Subscription]. Give it a stable name, under which its cursor is kept.");
        if (attribute is not { Name.Length: > 0 and <= 100, Parallelism: >= 1 and <= 64, Attempts: >= 1 and <= 100, BatchSize: >= 1 and <= 1_000 })
        {
            throw new ModuleConfigurationException(
                $"The [Subscription] of {handler.FullName} is out of range: the name has 1 to 100 characters, Parallelism is 1 to 64, Attempts 1 to 100, BatchSize 1 to 1,000.");
        }

        return attribute;
    }

    private static EventBinding Bind(Type handler, Type contract)
    {
        var eventType = contract.GetGenericArguments()[0];
        if (eventType.GetCustomAttribute<EventNameAttribute>() is null)
        {
            throw new ModuleConfigurationException($"{eventType.FullName} is handled as an integration event but has no [EventName]. Give it a stable, lower-case name.");
        }

        var bind = contract.GetGenericTypeDefinition() == typeof(IHandle<>) ? nameof(BindSingle) : nameof(BindBatch);
        return (EventBinding)typeof(Subscription).GetMethod(bind, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(eventType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [handler], null)!;
    }

    private static EventBinding BindSingle<TEvent>(Type handler)
        where TEvent : class, IIntegrationEvent => new(IntegrationLog.EventNames.Of(typeof(TEvent)).Name, typeof(TEvent), false, async (services, messages, cancellationToken) =>
        {
            var instance = (IHandle<TEvent>)services.GetRequiredService(handler);
            foreach (var (message, context) in messages)
            {
                await instance.HandleAsync(EventPayload.Deserialize<TEvent>(message.Payload, message.Version), context, cancellationToken);
            }
        });

    private static EventBinding BindBatch<TEvent>(Type handler)
        where TEvent : class, IIntegrationEvent => new(IntegrationLog.EventNames.Of(typeof(TEvent)).Name, typeof(TEvent), true, (services, messages, cancellationToken) =>
        {
            var events = new Delivered<TEvent>[messages.Count];
            for (var index = 0; index < events.Length; index++)
            {
                var (message, context) = messages[index];
                events[index] = new Delivered<TEvent>(EventPayload.Deserialize<TEvent>(message.Payload, message.Version), context);
            }

            return ((IHandleBatch<TEvent>)services.GetRequiredService(handler)).HandleAsync(events, cancellationToken);
        });
}
