using Marten.Internal;
using Marten.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Marten;

/// <summary>Changes the options of the store that AddMarten registers, with services of the application, when the application starts.</summary>
public interface IAsyncConfigureMarten
{
    /// <summary>Changes the options before the store is first used.</summary>
    ValueTask Configure(StoreOptions options, CancellationToken cancellationToken);
}

public static partial class MartenServiceCollectionExtensions
{
    /// <summary>Lets a service of the application change the options when it starts, before other hosted services. Nothing may use the store earlier.</summary>
    public static IServiceCollection ConfigureMartenWithServices<T>(this IServiceCollection services) where T : class, IAsyncConfigureMarten
    {
        services.AddSingleton<IAsyncConfigureMarten, T>();
        if (!services.Any(s => s.ImplementationType == typeof(AsynchronousConfiguration)))
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, AsynchronousConfiguration>());
        return services;
    }

    /// <summary>All stores that AddMarten and AddMartenStore registered.</summary>
    public static IReadOnlyList<IDocumentStore> AllDocumentStores(this IServiceProvider services) =>
        [.. services.GetServices<IDocumentStore>(), .. services.GetServices<StoreMarker>().Select(m => (IDocumentStore)services.GetRequiredService(m.Type))];

    /// <summary>Writes data of the store that AddMarten registers when the application starts.</summary>
    public static IServiceCollection InitializeMartenWith(this IServiceCollection services, params IInitialData[] data) =>
        services.Populate(provider => provider.GetRequiredService<IDocumentStore>(), _ => data);

    /// <inheritdoc cref="InitializeMartenWith(IServiceCollection, IInitialData[])" />
    public static IServiceCollection InitializeMartenWith<T>(this IServiceCollection services) where T : class, IInitialData =>
        services.Populate(provider => provider.GetRequiredService<IDocumentStore>(), provider => [ActivatorUtilities.CreateInstance<T>(provider)]);

    /// <summary>Writes data of one store that AddMartenStore registers when the application starts.</summary>
    public static IServiceCollection InitializeMartenWith<T>(this IServiceCollection services, params IInitialData[] data) where T : IDocumentStore =>
        services.Populate(provider => provider.GetRequiredService<T>(), _ => data);

    /// <inheritdoc cref="InitializeMartenWith{T}(IServiceCollection, IInitialData[])" />
    public static IServiceCollection InitializeMartenWith<TStore, TData>(this IServiceCollection services) where TStore : IDocumentStore where TData : class, IInitialData =>
        services.Populate(provider => provider.GetRequiredService<TStore>(), provider => [ActivatorUtilities.CreateInstance<TData>(provider)]);

    private static IServiceCollection Populate(this IServiceCollection services, Func<IServiceProvider, IDocumentStore> store, Func<IServiceProvider, IInitialData[]> data) =>
        services.AddSingleton<IHostedService>(provider => new StoreStart(() => store(provider), (known, token) => PopulateAsync(known, data(provider), token)));
}

/// <summary>A store that AddMartenStore registered.</summary>
internal sealed record StoreMarker(Type Type);

/// <summary>Runs the asynchronous changes of the options when the application starts.</summary>
internal sealed class AsynchronousConfiguration(StoreOptions options, IEnumerable<IAsyncConfigureMarten> changes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var change in changes)
            await change.Configure(options, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
