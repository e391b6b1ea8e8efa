using JasperFx.Events.Projections;
using Marten.Events.Projections;
using Marten.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Marten;

public static partial class MartenServiceCollectionExtensions
{
    /// <summary>Adds a projection that dependency injection builds to the store that AddMarten registers.</summary>
    /// <param name="services">The services.</param>
    /// <param name="lifecycle">When it runs.</param>
    /// <param name="lifetime">How often it is built: once, or for each page of events in a scope of its own, which needs an <see cref="IProjection"/>.</param>
    /// <param name="configure">Changes the projection, where it has options.</param>
    public static IServiceCollection AddProjectionWithServices<TProjection>(this IServiceCollection services, ProjectionLifecycle lifecycle, ServiceLifetime lifetime = ServiceLifetime.Scoped, Action<ProjectionBase>? configure = null)
        where TProjection : class, IMartenRegistrable
    {
        services.TryAdd(new ServiceDescriptor(typeof(TProjection), typeof(TProjection), lifetime));
        return services.ConfigureMarten((provider, o) => InjectedProjections.Add<TProjection>(o.Projections, provider, lifecycle, lifetime, configure));
    }

    /// <inheritdoc cref="AddProjectionWithServices{TProjection}" />
    /// <typeparam name="TProjection">The projection.</typeparam>
    /// <typeparam name="TStore">The marker of the store that gets it.</typeparam>
    public static IServiceCollection AddProjectionWithServices<TProjection, TStore>(this IServiceCollection services, ProjectionLifecycle lifecycle, ServiceLifetime lifetime = ServiceLifetime.Scoped, Action<ProjectionBase>? configure = null)
        where TProjection : class, IMartenRegistrable
        where TStore : class, IDocumentStore
    {
        services.TryAdd(new ServiceDescriptor(typeof(TProjection), typeof(TProjection), lifetime));
        return services.ConfigureMarten<TStore>((provider, o) => InjectedProjections.Add<TProjection>(o.Projections, provider, lifecycle, lifetime, configure));
    }
}
