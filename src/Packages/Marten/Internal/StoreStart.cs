using Marten.Services;
using Microsoft.Extensions.Hosting;

namespace Marten.Internal;

/// <summary>Prepares a store before the services that follow it start.</summary>
internal sealed class StoreStart(Func<IDocumentStore> store, Func<IDocumentStore, CancellationToken, Task> action) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => action(store(), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Opens the sessions that dependency injection hands out.</summary>
internal sealed class SessionFactory(IDocumentStore store, DocumentTracking tracking) : ISessionFactory
{
    public IQuerySession QuerySession() => store.QuerySession();

    public IDocumentSession OpenSession() => store.OpenSession(new SessionOptions { Tracking = tracking });
}
