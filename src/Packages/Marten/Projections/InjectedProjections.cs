using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.Events.Subscriptions;
using Marten.Events.Projections;
using Marten.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace Marten.Projections;

/// <summary>Projections and subscriptions that dependency injection builds.</summary>
internal static class InjectedProjections
{
    public static void Add<T>(ProjectionOptions projections, IServiceProvider provider, ProjectionLifecycle lifecycle, ServiceLifetime lifetime, Action<ProjectionBase>? configure)
        where T : class
    {
        if (lifetime != ServiceLifetime.Singleton)
        {
            if (!typeof(T).IsAssignableTo(typeof(IProjection)))
                throw new InvalidProjectionException($"{typeof(T).FullName} has methods that are compiled for one instance. Register it with ServiceLifetime.Singleton, or implement IProjection.");
            projections.Add(new ScopedProjection<T>(provider.GetRequiredService<IServiceScopeFactory>()), lifecycle, typeof(T).FullName);
            return;
        }

        var projection = provider.GetRequiredService<T>();
        if (projection is ProjectionBase known)
            configure?.Invoke(known);
        if (projection is IProjectionSource<IDocumentOperations, IQuerySession> source)
            projections.Add(source, lifecycle);
        else
            projections.Add((IProjection)(object)projection, lifecycle);
    }

    public static void Subscribe<T>(ProjectionOptions projections, IServiceProvider provider, ServiceLifetime lifetime, Action<ISubscriptionOptions>? configure)
        where T : class, ISubscription
    {
        if (lifetime == ServiceLifetime.Singleton)
        {
            projections.Subscribe(provider.GetRequiredService<T>(), configure);
            return;
        }

        var scopes = provider.GetRequiredService<IServiceScopeFactory>();
        using var scope = scopes.CreateScope();
        projections.Subscribe(new ScopedSubscription<T>(scopes, scope.ServiceProvider.GetRequiredService<T>() as SubscriptionBase), configure);
    }

    /// <summary>Builds the projection for each page.</summary>
    private sealed class ScopedProjection<T>(IServiceScopeFactory scopes) : IProjection where T : class
    {
        public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
        {
            await using var scope = scopes.CreateAsyncScope();
            await ((IProjection)(object)scope.ServiceProvider.GetRequiredService<T>()).ApplyAsync(operations, events, cancellation);
        }
    }

    /// <summary>Builds the subscription for each page; its settings are those of one that was built for them.</summary>
    private sealed class ScopedSubscription<T> : SubscriptionBase where T : class, ISubscription
    {
        private readonly IServiceScopeFactory scopes;

        public ScopedSubscription(IServiceScopeFactory scopes, SubscriptionBase? settings)
        {
            this.scopes = scopes;
            Name = settings?.Name ?? typeof(T).Name;
            if (settings is null)
                return;
            Version = settings.Version;
            Options = settings.Options;
            StreamType = settings.StreamType;
            IncludeArchivedEvents = settings.IncludeArchivedEvents;
            IncludedEventTypes.AddRange(settings.IncludedEventTypes);
        }

        public override async Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<T>().ProcessEventsAsync(page, controller, operations, cancellationToken);
        }
    }
}
