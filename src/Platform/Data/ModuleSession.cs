using System.Diagnostics;
using Marten;
using Marten.Events;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Data;

internal sealed class ModuleSession<TStore>(TStore store, LogSignal signal, EventWriter writer, MessageScope scope) : IModuleSession<TStore>, IUnitOfWork, IAsyncDisposable
    where TStore : class, IDocumentStore
{
    private IDocumentSession? _session;
    private bool _published;

    public IDocumentSession Documents => _session ??= Open();

    public IEventStoreOperations Events => Documents.Events;

    public TStore Store => store;

    public bool IsOpen => _session is not null;

    public void Publish(IIntegrationEvent integrationEvent)
    {
        Publish(Documents, integrationEvent);
        _published = true;
    }

    public void Publish(IDocumentSession session, IIntegrationEvent integrationEvent) => writer.Write(session, integrationEvent, scope.ForNext());

    public void NotifyCommitted() => signal.Raise();

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            return;
        }

        await _session.SaveChangesAsync(cancellationToken);
        if (_published)
        {
            _published = false;
            signal.Raise();
        }
    }

    public async ValueTask ResetAsync()
    {
        _published = false;
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => ResetAsync();

    private IDocumentSession Open()
    {
        var session = store.LightweightSession();
        session.CorrelationId = scope.Current.CorrelationId ?? Activity.Current?.TraceId.ToString();
        session.CausationId = scope.Current.CausationId;
        return session;
    }
}
