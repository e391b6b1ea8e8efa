using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Boundaries;

/// <summary>Has a module's background services run as work of that module, so that what they send to others is known to come from it.</summary>
internal static class ModuleBackgroundWork
{
    /// <summary>Takes the place of each background service that a module has registered.</summary>
    public static void Attribute(IServiceCollection services, ModuleDescriptor module, ModuleRegistrations registrations)
    {
        for (var index = 0; index < services.Count; index++)
        {
            var descriptor = services[index];
            if (descriptor.ServiceType != typeof(IHostedService) || descriptor.IsKeyedService || registrations.RegistrarOf(descriptor) != module)
            {
                continue;
            }

            var replaced = ServiceDescriptor.Singleton(provider => Wrap(module, Make(descriptor, provider), provider.GetRequiredService<CurrentModule>()));
            registrations.Replace(descriptor, replaced);
            services[index] = replaced;
        }
    }

    private static IHostedService Make(ServiceDescriptor descriptor, IServiceProvider provider) => (IHostedService)(
        descriptor.ImplementationInstance ?? descriptor.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, descriptor.ImplementationType!));

    // The host watches over what derives from BackgroundService, and over nothing else.
    private static IHostedService Wrap(ModuleDescriptor module, IHostedService inner, CurrentModule current) =>
        inner is BackgroundService background ? new Background(module, background, current) : new Other(module, inner, current);

    private sealed class Background(ModuleDescriptor module, BackgroundService inner, CurrentModule current) : BackgroundService, IModuleBackgroundWork
    {
        public IHostedService Service => inner;

        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            current.Enter(module);
            await inner.StartAsync(cancellationToken);
            await base.StartAsync(cancellationToken);
        }

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            current.Enter(module);
            await inner.StopAsync(cancellationToken);
            await base.StopAsync(cancellationToken);
        }

        public override void Dispose()
        {
            inner.Dispose();
            base.Dispose();
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => inner.ExecuteTask ?? Task.CompletedTask;
    }

    private sealed class Other(ModuleDescriptor module, IHostedService inner, CurrentModule current) : IHostedLifecycleService, IAsyncDisposable, IModuleBackgroundWork
    {
        public IHostedService Service => inner;

        private IHostedLifecycleService? Lifecycle => inner as IHostedLifecycleService;

        public Task StartAsync(CancellationToken cancellationToken) => EnterAsync(() => inner.StartAsync(cancellationToken));

        public Task StopAsync(CancellationToken cancellationToken) => EnterAsync(() => inner.StopAsync(cancellationToken));

        public Task StartingAsync(CancellationToken cancellationToken) => EnterAsync(() => Lifecycle?.StartingAsync(cancellationToken) ?? Task.CompletedTask);

        public Task StartedAsync(CancellationToken cancellationToken) => EnterAsync(() => Lifecycle?.StartedAsync(cancellationToken) ?? Task.CompletedTask);

        public Task StoppingAsync(CancellationToken cancellationToken) => EnterAsync(() => Lifecycle?.StoppingAsync(cancellationToken) ?? Task.CompletedTask);

        public Task StoppedAsync(CancellationToken cancellationToken) => EnterAsync(() => Lifecycle?.StoppedAsync(cancellationToken) ?? Task.CompletedTask);

        public async ValueTask DisposeAsync()
        {
            if (inner is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
            else
            {
                (inner as IDisposable)?.Dispose();
            }
        }

        private async Task EnterAsync(Func<Task> work)
        {
            current.Enter(module);
            await work();
        }
    }
}

/// <summary>A module's background service as the host runs it.</summary>
internal interface IModuleBackgroundWork
{
    /// <summary>What the module wrote.</summary>
    IHostedService Service { get; }
}
