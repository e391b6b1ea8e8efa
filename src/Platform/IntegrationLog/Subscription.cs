using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>One handler class's subscription.</summary>
internal sealed class Subscription
{
    private Subscription(ModuleDescriptor module, string name, string eventName, Type handler, Func<IServiceProvider, string, EventContext, CancellationToken, Task> invoke)
    {
        Module = module;
        Name = name;
        EventName = eventName;
        Handler = handler;
        InvokeAsync = invoke;
    }

    public ModuleDescriptor Module { get; }

    public string Name { get; }

    public string EventName { get; }

    public Type Handler { get; }

    /// <summary>Deserialises the payload and calls the handler.</summary>
    public Func<IServiceProvider, string, EventContext, CancellationToken, Task> InvokeAsync { get; }

    public static IEnumerable<Subscription> In(ModuleDescriptor module)
    {
        foreach (var handler in module.Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false }))
        {
            foreach (var contract in handler.GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IHandle<>)))
            {
                var create = typeof(Subscription).GetMethod(nameof(Create), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(contract.GetGenericArguments()[0]);
                yield return (Subscription)create.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [module, handler], null)!;
            }
        }
    }

    private static Subscription Create<TEvent>(ModuleDescriptor module, Type handler)
        where TEvent : class, IIntegrationEvent
    {
        var name = handler.GetCustomAttribute<SubscriptionAttribute>()?.Name
            ?? throw new ModuleConfigurationException($"{handler.FullName} handles {typeof(TEvent).Name} but has no [Subscription]. Give it a stable name, under which its cursor is kept.");
        var eventName = typeof(TEvent).GetCustomAttribute<EventNameAttribute>()?.Name
            ?? throw new ModuleConfigurationException($"{typeof(TEvent).FullName} is handled as an integration event but has no [EventName]. Give it a stable, lower-case name.");
        return new Subscription(module, name, eventName, handler, (services, payload, context, cancellationToken) =>
        {
            var integrationEvent = EventPayload.Deserialize<TEvent>(payload);
            return ((IHandle<TEvent>)services.GetRequiredService(handler)).HandleAsync(integrationEvent, context, cancellationToken);
        });
    }
}
