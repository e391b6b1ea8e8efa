using Marten.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Marten;

/// <summary>Changes the options of the store that AddMarten registers, with services of the application.</summary>
public interface IConfigureMarten
{
    /// <summary>Changes the options before the store is built.</summary>
    void Configure(IServiceProvider services, StoreOptions options);
}

/// <summary>Changes the options of one store that AddMartenStore registers, with services of the application.</summary>
/// <typeparam name="T">The store's marker.</typeparam>
public interface IConfigureMarten<T> : IConfigureMarten where T : IDocumentStore;

/// <summary>Registers document stores.</summary>
public static partial class MartenServiceCollectionExtensions
{
    /// <summary>Registers a store whose options come from ConfigureMarten only.</summary>
    public static MartenConfigurationExpression AddMarten(this IServiceCollection services) => services.AddMarten(static _ => { });

    /// <summary>Registers a store with default options for a database.</summary>
    public static MartenConfigurationExpression AddMarten(this IServiceCollection services, string connectionString) =>
        services.AddMarten(o => o.Connection(connectionString));

    /// <summary>Registers a store.</summary>
    public static MartenConfigurationExpression AddMarten(this IServiceCollection services, StoreOptions options) => services.AddMarten(_ => options);

    /// <summary>Registers a store.</summary>
    public static MartenConfigurationExpression AddMarten(this IServiceCollection services, Action<StoreOptions> configure) =>
        services.AddMarten(_ => Configured(configure));

    /// <summary>
    /// Registers a store as a singleton, with a lightweight <see cref="IDocumentSession"/> and an <see cref="IQuerySession"/> for each scope.
    /// </summary>
    public static MartenConfigurationExpression AddMarten(this IServiceCollection services, Func<IServiceProvider, StoreOptions> optionSource)
    {
        services.AddSingleton(provider =>
        {
            var options = optionSource(provider);
            foreach (var change in provider.GetServices<IConfigureMarten>())
                change.Configure(provider, options);
            options.LogTo(provider.GetService<ILogger<IDocumentStore>>());
            return options;
        });
        services.AddSingleton<IDocumentStore>(provider => new DocumentStore(provider.GetRequiredService<StoreOptions>()));
        services.AddSingleton<ISessionFactory>(provider => new SessionFactory(provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<StoreOptions>().DefaultTracking));
        services.AddScoped(provider => provider.GetRequiredService<ISessionFactory>().QuerySession());
        services.AddScoped(provider => provider.GetRequiredService<ISessionFactory>().OpenSession());
        return new MartenConfigurationExpression(services);
    }

    /// <summary>Registers a store of its own under a marker interface, which a class made at run time implements.</summary>
    public static MartenStoreExpression<T> AddMartenStore<T>(this IServiceCollection services, Action<StoreOptions> configure) where T : class, IDocumentStore =>
        services.AddMartenStore<T>(_ => Configured(configure));

    /// <inheritdoc cref="AddMartenStore{T}(IServiceCollection, Action{StoreOptions})" />
    public static MartenStoreExpression<T> AddMartenStore<T>(this IServiceCollection services, Func<IServiceProvider, StoreOptions> configure) where T : class, IDocumentStore
    {
        services.AddSingleton(provider =>
        {
            var options = configure(provider);
            options.StoreName = typeof(T).Name;
            foreach (var change in provider.GetServices<IConfigureMarten<T>>())
                change.Configure(provider, options);
            options.LogTo(provider.GetService<ILogger<T>>());
            return StoreImplementation.Create<T>(options);
        });
        services.AddSingleton(new StoreMarker(typeof(T)));
        services.TryAddSingleton(provider => new Lazy<T>(provider.GetRequiredService<T>));
        services.AddKeyedSingleton<ISessionFactory>(typeof(T), (provider, _) => new SessionFactory(provider.GetRequiredService<T>(), DocumentTracking.None));
        return new MartenStoreExpression<T>(services);
    }

    /// <summary>Changes the options of the store that AddMarten registers.</summary>
    public static IServiceCollection ConfigureMarten(this IServiceCollection services, Action<StoreOptions> configure) =>
        services.ConfigureMarten((_, options) => configure(options));

    /// <inheritdoc cref="ConfigureMarten(IServiceCollection, Action{StoreOptions})" />
    public static IServiceCollection ConfigureMarten(this IServiceCollection services, Action<IServiceProvider, StoreOptions> configure) =>
        services.AddSingleton<IConfigureMarten>(new OptionsChange(configure));

    /// <summary>Changes the options of the store that AddMartenStore registers under a marker.</summary>
    public static IServiceCollection ConfigureMarten<T>(this IServiceCollection services, Action<StoreOptions> configure) where T : IDocumentStore =>
        services.ConfigureMarten<T>((_, options) => configure(options));

    /// <inheritdoc cref="ConfigureMarten{T}(IServiceCollection, Action{StoreOptions})" />
    public static IServiceCollection ConfigureMarten<T>(this IServiceCollection services, Action<IServiceProvider, StoreOptions> configure) where T : IDocumentStore =>
        services.AddSingleton<IConfigureMarten<T>>(new OptionsChange<T>(configure));

    private static StoreOptions Configured(Action<StoreOptions> configure)
    {
        var options = new StoreOptions();
        configure(options);
        return options;
    }

    private class OptionsChange(Action<IServiceProvider, StoreOptions> configure) : IConfigureMarten
    {
        public void Configure(IServiceProvider services, StoreOptions options) => configure(services, options);
    }

    private sealed class OptionsChange<T>(Action<IServiceProvider, StoreOptions> configure) : OptionsChange(configure), IConfigureMarten<T> where T : IDocumentStore;
}
