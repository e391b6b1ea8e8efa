using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.Events.Subscriptions;
using Marten.Events.Daemon;
using Marten.Events.Daemon.Coordination;
using Marten.Events.Projections;
using Marten.Internal;
using Marten.Projections;
using Marten.Schema;
using Marten.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Marten;

public static partial class MartenServiceCollectionExtensions
{
    /// <summary>Continues the registration of the store that AddMarten registers.</summary>
    public class MartenConfigurationExpression
    {
        internal MartenConfigurationExpression(IServiceCollection services) => Services = services;

        /// <summary>The services.</summary>
        public IServiceCollection Services { get; }

        /// <summary>Brings the database in line with the store when the application starts.</summary>
        public MartenConfigurationExpression ApplyAllDatabaseChangesOnStartup() =>
            OnStart(static (store, _) => store.Storage.ApplyAllConfiguredChangesToDatabaseAsync());

        /// <summary>Runs the asynchronous projections and subscriptions of the store while the application runs.</summary>
        public MartenConfigurationExpression AddAsyncDaemon(DaemonMode mode)
        {
            Services.ConfigureMarten(o => o.Projections.AsyncMode = mode);
            if (mode is not (DaemonMode.Solo or DaemonMode.HotCold))
                return this;
            Services.AddSingleton<IProjectionCoordinator>(static provider => ActivatorUtilities.CreateInstance<ProjectionCoordinator<IDocumentStore>>(provider));
            Services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<IProjectionCoordinator>());
            return this;
        }

        /// <summary>Adds a projection that dependency injection builds. One with another lifetime than singleton must be an <see cref="IProjection"/>.</summary>
        public MartenConfigurationExpression AddProjectionWithServices<T>(ProjectionLifecycle lifecycle, ServiceLifetime lifetime, Action<ProjectionBase>? configure = null) where T : class, IMartenRegistrable
        {
            Services.AddProjectionWithServices<T>(lifecycle, lifetime, configure);
            return this;
        }

        /// <summary>Adds a projection, under a name of its own, that dependency injection builds.</summary>
        public MartenConfigurationExpression AddProjectionWithServices<T>(ProjectionLifecycle lifecycle, ServiceLifetime lifetime, string projectionName) where T : class, IMartenRegistrable =>
            AddProjectionWithServices<T>(lifecycle, lifetime, projection => projection.Name = projectionName);

        /// <summary>Adds a subscription that dependency injection builds: once, or for each page of events in a scope of its own.</summary>
        public MartenConfigurationExpression AddSubscriptionWithServices<T>(ServiceLifetime lifetime, Action<ISubscriptionOptions>? configure = null) where T : class, ISubscription
        {
            Services.TryAdd(new ServiceDescriptor(typeof(T), typeof(T), lifetime));
            Services.ConfigureMarten((provider, o) => InjectedProjections.Subscribe<T>(o.Projections, provider, lifetime, configure));
            return this;
        }

        /// <summary>Fails the start of the application when the database differs from what the store needs.</summary>
        public MartenConfigurationExpression AssertDatabaseMatchesConfigurationOnStartup() =>
            OnStart(static (store, token) => store.Storage.Database.AssertDatabaseMatchesConfigurationAsync(token));

        /// <summary>Writes data when the application starts.</summary>
        public MartenConfigurationExpression InitializeWith(params IInitialData[] data) => OnStart((store, token) => PopulateAsync(store, data, token));

        /// <inheritdoc cref="InitializeWith(IInitialData[])" />
        public MartenConfigurationExpression InitializeWith<T>() where T : class, IInitialData
        {
            Services.AddSingleton<IHostedService>(provider => new StoreStart(
                provider.GetRequiredService<IDocumentStore>,
                (store, token) => PopulateAsync(store, [ActivatorUtilities.CreateInstance<T>(provider)], token)));
            return this;
        }

        /// <summary>Makes the injected sessions lightweight, which they are by default.</summary>
        public MartenConfigurationExpression UseLightweightSessions() => UseFactory(DocumentTracking.None);

        /// <summary>Makes the injected sessions return the same instance for the same identity.</summary>
        public MartenConfigurationExpression UseIdentitySessions() => UseFactory(DocumentTracking.IdentityOnly);

        /// <summary>Makes the injected sessions save what was changed in loaded documents.</summary>
        public MartenConfigurationExpression UseDirtyTrackedSessions() => UseFactory(DocumentTracking.DirtyTracking);

        /// <summary>Lets a factory of the application open the injected sessions.</summary>
        public MartenConfigurationExpression BuildSessionsWith<T>(ServiceLifetime lifetime = ServiceLifetime.Singleton) where T : class, ISessionFactory
        {
            Services.Add(new ServiceDescriptor(typeof(ISessionFactory), typeof(T), lifetime));
            return this;
        }

        /// <summary>Uses the application's own data source, registered with or without a key.</summary>
        public MartenConfigurationExpression UseNpgsqlDataSource(object? serviceKey = null)
        {
            Services.ConfigureMarten((provider, options) => options.Connection(serviceKey is null
                ? provider.GetRequiredService<NpgsqlDataSource>()
                : provider.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey)));
            return this;
        }

        /// <summary>Uses the application's own data source, registered with or without a key.</summary>
        /// <param name="dataSourceBuilderFactory">Would build data sources for further databases, of which there are none.</param>
        /// <param name="serviceKey">The key; null for none.</param>
        public MartenConfigurationExpression UseNpgsqlDataSource(Func<string, NpgsqlDataSourceBuilder> dataSourceBuilderFactory, object? serviceKey = null)
        {
            ArgumentNullException.ThrowIfNull(dataSourceBuilderFactory);
            return UseNpgsqlDataSource(serviceKey);
        }

        private MartenConfigurationExpression UseFactory(DocumentTracking tracking)
        {
            Services.AddSingleton<ISessionFactory>(provider => new SessionFactory(provider.GetRequiredService<IDocumentStore>(), tracking));
            return this;
        }

        private MartenConfigurationExpression OnStart(Func<IDocumentStore, CancellationToken, Task> action)
        {
            Services.AddSingleton<IHostedService>(provider => new StoreStart(provider.GetRequiredService<IDocumentStore>, action));
            return this;
        }
    }

    /// <summary>Continues the registration of one store.</summary>
    /// <typeparam name="T">The store's marker.</typeparam>
    public class MartenStoreExpression<T> where T : class, IDocumentStore
    {
        /// <summary>Creates the expression.</summary>
        public MartenStoreExpression(IServiceCollection services) => Services = services;

        /// <summary>The services.</summary>
        public IServiceCollection Services { get; }

        /// <summary>Brings the database in line with the store when the application starts.</summary>
        public MartenStoreExpression<T> ApplyAllDatabaseChangesOnStartup() =>
            OnStart(static (store, _) => store.Storage.ApplyAllConfiguredChangesToDatabaseAsync());

        /// <summary>Runs the asynchronous projections and subscriptions of the store while the application runs.</summary>
        public MartenStoreExpression<T> AddAsyncDaemon(DaemonMode mode)
        {
            Services.ConfigureMarten<T>(o => o.Projections.AsyncMode = mode);
            if (mode is not (DaemonMode.Solo or DaemonMode.HotCold))
                return this;
            Services.AddSingleton<IProjectionCoordinator<T>>(static provider => ActivatorUtilities.CreateInstance<ProjectionCoordinator<T>>(provider));
            Services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<IProjectionCoordinator<T>>());
            return this;
        }

        /// <summary>Adds a projection that dependency injection builds. One with another lifetime than singleton must be an <see cref="IProjection"/>.</summary>
        public MartenStoreExpression<T> AddProjectionWithServices<TProjection>(ProjectionLifecycle lifecycle, ServiceLifetime lifetime, Action<ProjectionBase>? configure = null) where TProjection : class, IMartenRegistrable
        {
            Services.AddProjectionWithServices<TProjection, T>(lifecycle, lifetime, configure);
            return this;
        }

        /// <summary>Adds a subscription that dependency injection builds: once, or for each page of events in a scope of its own.</summary>
        public MartenStoreExpression<T> AddSubscriptionWithServices<TSubscription>(ServiceLifetime lifetime, Action<ISubscriptionOptions>? configure = null) where TSubscription : class, ISubscription
        {
            Services.TryAdd(new ServiceDescriptor(typeof(TSubscription), typeof(TSubscription), lifetime));
            Services.ConfigureMarten<T>((provider, o) => InjectedProjections.Subscribe<TSubscription>(o.Projections, provider, lifetime, configure));
            return this;
        }

        /// <summary>Writes data when the application starts.</summary>
        public MartenStoreExpression<T> InitializeWith(params IInitialData[] data) => OnStart((store, token) => PopulateAsync(store, data, token));

        /// <inheritdoc cref="InitializeWith(IInitialData[])" />
        public MartenStoreExpression<T> InitializeWith<TData>() where TData : class, IInitialData
        {
            Services.AddSingleton<IHostedService>(provider => new StoreStart(
                provider.GetRequiredService<T>,
                (store, token) => PopulateAsync(store, [ActivatorUtilities.CreateInstance<TData>(provider)], token)));
            return this;
        }

        /// <summary>Registers lightweight sessions for each scope, keyed by the marker's type.</summary>
        public MartenStoreExpression<T> UseLightweightSessions() => UseSessions(provider => new SessionFactory(provider.GetRequiredService<T>(), DocumentTracking.None));

        /// <summary>Registers sessions with an identity map for each scope, keyed by the marker's type.</summary>
        public MartenStoreExpression<T> UseIdentitySessions() => UseSessions(provider => new SessionFactory(provider.GetRequiredService<T>(), DocumentTracking.IdentityOnly));

        /// <summary>Registers sessions that save what was changed in loaded documents for each scope, keyed by the marker's type.</summary>
        public MartenStoreExpression<T> UseDirtyTrackedSessions() => UseSessions(provider => new SessionFactory(provider.GetRequiredService<T>(), DocumentTracking.DirtyTracking));

        /// <summary>Registers sessions that a factory of the application opens for each scope, keyed by the marker's type.</summary>
        public MartenStoreExpression<T> BuildSessionsWith<TFactory>(ServiceLifetime lifetime = ServiceLifetime.Singleton) where TFactory : class, ISessionFactory
        {
            Services.Add(new ServiceDescriptor(typeof(ISessionFactory), typeof(T), (provider, _) => ActivatorUtilities.CreateInstance<TFactory>(provider), lifetime));
            return AddSessions();
        }

        private MartenStoreExpression<T> UseSessions(Func<IServiceProvider, ISessionFactory> factory)
        {
            Services.AddKeyedSingleton(typeof(T), (provider, _) => factory(provider));
            return AddSessions();
        }

        private MartenStoreExpression<T> AddSessions()
        {
            var key = typeof(T);
            Services.AddKeyedScoped(key, (provider, _) => provider.GetRequiredKeyedService<ISessionFactory>(key).QuerySession());
            Services.AddKeyedScoped(key, (provider, _) => provider.GetRequiredKeyedService<ISessionFactory>(key).OpenSession());
            return this;
        }

        private MartenStoreExpression<T> OnStart(Func<IDocumentStore, CancellationToken, Task> action)
        {
            Services.AddSingleton<IHostedService>(provider => new StoreStart(provider.GetRequiredService<T>, action));
            return this;
        }
    }

    private static async Task PopulateAsync(IDocumentStore store, IInitialData[] data, CancellationToken token)
    {
        foreach (var item in data)
        {
            await item.Populate(store, token);
            store.Advanced.InitialDataCollection.Add(item);
        }
    }
}
