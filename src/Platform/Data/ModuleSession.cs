using System.Diagnostics;
using Marten;
using Marten.Events;
using Marten.Services;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Timers;
using Npgsql;
using StreamAction = JasperFx.Events.StreamAction;

namespace ModularMonolith.Platform.Data;

internal sealed class ModuleSession<TStore>(
    TStore store, LogSignal signal, TimerSignal timers, TimerCommands commands, EventWriter writer, MessageScope scope, AuditWriter audit, AuditScope origin, WorkingCopies<TStore> copies)
    : IModuleSession<TStore>, IUnitOfWork, IAsyncDisposable
    where TStore : class, IDocumentStore
{
    private IDocumentSession? _session;
    private NpgsqlTransaction? _rehearsal;
    private bool _published;
    private DateTimeOffset? _earliestTimer;
    private readonly List<OutgoingEvent> _events = [];
    private readonly List<Action<IDocumentSession>> _beforeSave = [];
    private readonly List<Action> _afterSave = [];
    private readonly List<Action> _atEnd = [];
    private readonly List<(string Type, string Id, string Change)> _changes = [];
    private readonly List<(Type Type, object Id)> _borrowed = [];
    private Dictionary<StreamAction, int>? _attributed;

    public IDocumentSession Documents => _session ??= Open();

    public IEventStoreOperations Events => Documents.Events;

    public TStore Store => store;

    public bool IsOpen => _session is not null;

    public bool MayBorrow { get; set; }

    public bool HasBorrowed => _borrowed.Count > 0;

    public void Publish(IIntegrationEvent integrationEvent)
    {
        _events.Add(writer.Prepare(integrationEvent, scope.ForNext()));
        _published = true;
    }

    public void Publish(IDocumentSession session, IIntegrationEvent integrationEvent) => EventWriter.Write(session, [writer.Prepare(integrationEvent, scope.ForNext())]);

    /// <summary>Writes an event that was stored in another form.</summary>
    public void Publish(EventNameAttribute name, string key, string payload)
    {
        _events.Add(writer.Prepare(name, key, payload, scope.ForNext()));
        _published = true;
    }

    /// <summary>Has something written when all that the handler changes is known.</summary>
    public void BeforeSave(Action<IDocumentSession> write) => _beforeSave.Add(write);

    public void AfterCommit(Action committed) => _afterSave.Add(committed);

    public T? Borrow<T>(object id)
        where T : class, ICopyable<T>
    {
        var copy = MayBorrow && _rehearsal is null ? copies.Find<T>(id) : null;
        if (copy is not null)
        {
            _borrowed.Add((typeof(T), id));
        }

        return copy;
    }

    public void Keep<T>(object id, T document)
        where T : class, ICopyable<T> => _afterSave.Add(() => copies.Keep(id, document.Copy()));

    public void AtEnd(Action ended) => _atEnd.Add(ended);

    public void Schedule(Guid timerId, DateTimeOffset at, ICommand command)
    {
        var (name, payload) = commands.Store(command);
        Documents.QueueSqlCommand(
            """
            insert into log_timer (id, name, payload, headers, due_at, next_attempt_at) values (?, ?, ?::jsonb, ?::jsonb, ?, ?)
            on conflict (id) do update set
                name = excluded.name, payload = excluded.payload, headers = excluded.headers, due_at = excluded.due_at, next_attempt_at = excluded.next_attempt_at,
                attempts = 0, state = 'waiting', error = '', errors = '[]', settled_at = null
            """,
            timerId, name, payload, scope.ForNext().Serialize(), at.ToUniversalTime(), at.ToUniversalTime());
        _earliestTimer = _earliestTimer < at ? _earliestTimer : at;
    }

    public void Unschedule(Guid timerId) => Documents.QueueSqlCommand("delete from log_timer where id = ?", timerId);

    public void RecordChange(string type, string id, string change) => _changes.Add((type, id, change));

    public void NotifyCommitted() => signal.Raise();

    public EventHeaders Headers => scope.ForNext();

    public void Continue(string place, IReadOnlyCollection<EventHeaders> origins)
    {
        scope.Current = EventHeaders.Common(origins);
        origin.EnterBatch(place, origins);
    }

    public IDisposable OnBehalfOf(EventHeaders headers)
    {
        _attributed ??= new Dictionary<StreamAction, int>(ReferenceEqualityComparer.Instance);
        Attribute();
        return new Behalf(this, scope.Borrow(headers));
    }

    public async Task SaveAsync(string operation, Action<IDocumentSession>? alsoWrite, CancellationToken cancellationToken)
    {
        _beforeSave.ForEach(write => write(Documents));
        _beforeSave.Clear();
        if (_events.Count > 0)
        {
            EventWriter.Write(Documents, _events);
            _events.Clear();
        }

        if (_session?.PendingChanges.HasOutstandingWork() == true)
        {
            Audit(_session, operation);
        }

        alsoWrite?.Invoke(Documents);
        if (_session is null)
        {
            return;
        }

        AttributeAll(_session);
        await _session.SaveChangesAsync(cancellationToken);
        if (_rehearsal is not null)
        {
            return;
        }

        _borrowed.Clear();
        _afterSave.ForEach(static committed => committed());
        _afterSave.Clear();
        if (_published)
        {
            _published = false;
            signal.Raise();
        }

        if (_earliestTimer is { } earliest)
        {
            _earliestTimer = null;
            timers.Committed(earliest);
        }
    }

    public void Rehearse(NpgsqlTransaction transaction) => _rehearsal = transaction;

    public async ValueTask ResetAsync()
    {
        _rehearsal = null;
        _published = false;
        _earliestTimer = null;
        _events.Clear();
        _beforeSave.Clear();
        _afterSave.Clear();
        _changes.Clear();
        MayBorrow = false;
        // Nothing came of what was decided on them: they may be old.
        _borrowed.ForEach(borrowed => copies.Forget(borrowed.Type, borrowed.Id));
        _borrowed.Clear();
        _attributed = null;
        try
        {
            if (_session is { } session)
            {
                _session = null;
                await session.DisposeAsync();
            }
        }
        finally
        {
            _atEnd.ForEach(static ended => ended());
            _atEnd.Clear();
        }
    }

    public ValueTask DisposeAsync() => ResetAsync();

    private void Audit(IDocumentSession session, string operation)
    {
        var changes = audit.ChangesOf(session);
        _changes.ForEach(changed => changes.Add(changed.Type, changed.Id, changed.Change));
        _changes.Clear();
        audit.Write(session, operation, origin.Origin, changes);
    }

    /// <summary>What was appended since the last time belongs to the work of this moment.</summary>
    private void Attribute()
    {
        if (_session is null || _attributed is null)
        {
            return;
        }

        var (correlation, causation, actor) = Attribution();
        foreach (var stream in _session.PendingChanges.Streams())
        {
            for (var index = _attributed.GetValueOrDefault(stream); index < stream.Events.Count; index++)
            {
                (stream.Events[index].CorrelationId, stream.Events[index].CausationId, stream.Events[index].UserName) = (correlation, causation, actor);
            }

            _attributed[stream] = stream.Events.Count;
        }
    }

    // What an event has no value of its own for it takes over from the session, so where there are several askers the session has none.
    private void AttributeAll(IDocumentSession session)
    {
        Attribute();
        (session.CorrelationId, session.CausationId, session.LastModifiedBy) = _attributed is null ? Attribution() : (null, null, null);
    }

    private (string? Correlation, string? Causation, string? Actor) Attribution() =>
        (scope.Current.CorrelationId ?? Activity.Current?.TraceId.ToString(), scope.Current.CausationId, scope.Current.Actor);

    private IDocumentSession Open()
    {
        var session = _rehearsal is null ? store.LightweightSession() : store.LightweightSession(SessionOptions.ForTransaction(_rehearsal));
        if (_rehearsal is not null)
        {
            // Listeners of the store are told of a save that will be rolled back, and have to be able to tell.
            session.SetHeader(DryRunEndpoints.Header, "true");
        }

        return session;
    }

    private sealed class Behalf(ModuleSession<TStore> session, IDisposable borrowed) : IDisposable
    {
        public void Dispose()
        {
            session.Attribute();
            borrowed.Dispose();
        }
    }
}
