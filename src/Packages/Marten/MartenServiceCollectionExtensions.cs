using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
    /// <summary>Registers a store of its own under a marker interface, which a class made at run time implements.</summary>
    public static MartenStoreExpression<T> AddMartenStore<T>(this IServiceCollection services, Action<StoreOptions> configure) where T : class, IDocumentStore =>
        services.AddMartenStore<T>(_ =>
        {
            var options = new StoreOptions();
            configure(options);
            return options;
        });

    /// <inheritdoc cref="AddMartenStore{T}(IServiceCollection, Action{StoreOptions})" />
    public static MartenStoreExpression<T> AddMartenStore<T>(this IServiceCollection services, Func<IServiceProvider, StoreOptions> configure) where T : class, IDocumentStore
    {
        services.AddSingleton(provider =>
        {
            var options = configure(provider);
            options.StoreName = typeof(T).Name;
            foreach (var change in provider.GetServices<IConfigureMarten<T>>())
                change.Configure(provider, options);
            return Internal.StoreImplementation.Create<T>(options);
        });
        services.TryAddSingleton(provider => new Lazy<T>(provider.GetRequiredService<T>));
        return new MartenStoreExpression<T>(services);
    }

    /// <summary>Continues the registration of one store.</summary>
    /// <typeparam name="T">The store's marker.</typeparam>
    public class MartenStoreExpression<T> where T : class, IDocumentStore
    {
        /// <summary>Creates the expression.</summary>
        public MartenStoreExpression(IServiceCollection services) => Services = services;

        /// <summary>The services.</summary>
        public IServiceCollection Services { get; }
    }
}
