using System.Diagnostics.CodeAnalysis;
using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;

namespace Marten.Events;

/// <summary>The events of a session that writes. This file keeps the queued streams; the others queue and fetch.</summary>
internal sealed partial class EventStoreOperations(DocumentSession session) : QueryEventStore(session), IEventStoreOperations
{
    private readonly DocumentSession session = session;
    private readonly Dictionary<object, StreamAction> actions = [];
    private readonly Dictionary<(Type Aggregate, object Id), IFetchedStream> fetched = [];
    private readonly HashSet<IStorageOperation> snapshots = [];
    private readonly HashSet<StreamAction> enlisted = [];
    private int generation;

    /// <summary>The stream as it was fetched for an aggregate in this unit of work.</summary>
    public bool TryFindFetched(Type aggregateType, object id, [NotNullWhen(true)] out IFetchedStream? stream) => fetched.TryGetValue((aggregateType, id), out stream);

    /// <summary>
    /// As <see cref="TryFindFetched"/>, for an inline projection: it may change the instance, so a second attempt to save
    /// must not use it again.
    /// </summary>
    public bool TryUseFetched(Type aggregateType, object id, [NotNullWhen(true)] out IFetchedStream? stream) => fetched.Remove((aggregateType, id), out stream);

    /// <summary>Queues what an inline projection writes.</summary>
    public void QueueSnapshot(IStorageOperation write)
    {
        snapshots.Add(write);
        session.QueueOperation(write);
    }

    /// <summary>Takes back what the projections queued for a save that failed, and the instances that they changed for it.</summary>
    public void DropQueuedSnapshots()
    {
        if (snapshots.Count == 0)
            return;
        foreach (var write in snapshots.OfType<DocumentWrite>())
            write.Session.IdentityMap?.Remove((write.DocumentType, write.Id));
        session.UnitOfWork.RemoveAll(snapshots.Contains);
        snapshots.Clear();
    }

    /// <summary>Takes a stream back to which projections appended for a save that failed, or only what they appended.</summary>
    public void DropRaised(StreamAction action)
    {
        action.DropRaised();
        if (action.Events.Count > 0)
            return;
        enlisted.Remove(action);
        actions.Remove(Graph.IdentityOf(action));
        session.StreamActions.Remove(action);
    }

    /// <summary>Makes a stream known that another tenant's part of the session has queued.</summary>
    public void Adopt(StreamAction action)
    {
        BeginUnitOfWork();
        actions.TryAdd(Graph.IdentityOf(action), action);
        enlisted.Add(action);
    }

    /// <summary>Makes a stream part of the unit of work.</summary>
    public void Enlist(StreamAction action)
    {
        BeginUnitOfWork();
        if (!enlisted.Add(action))
            return;
        session.StreamActions.Add(action);
        actions[Graph.IdentityOf(action)] = action;
    }

    public void AddTo(StreamAction action, IEnumerable<object> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var body in events)
            action.AddEvent(BuildEvent(body));
        if (action.Events.Count > 0)
            Enlist(action);
    }

    /// <summary>Refuses a stream that was fetched in a former unit of work: its version and its events are not those of now.</summary>
    public void RequireCurrent(StreamAction action)
    {
        BeginUnitOfWork();
        if (!actions.TryGetValue(Graph.IdentityOf(action), out var current) || !ReferenceEquals(current, action))
            throw new InvalidOperationException($"The stream '{Graph.IdentityOf(action)}' was fetched before the session saved or ejected its changes. Fetch it again.");
    }

    /// <summary>After the events of a fetched stream were saved: what further events of it are queued by.</summary>
    /// <returns>False when the events are still queued, or were ejected.</returns>
    public bool TryContinue<T>(EventStream<T> stream, StreamAction saved, [NotNullWhen(true)] out StreamAction? next) where T : class
    {
        BeginUnitOfWork();
        var id = Graph.IdentityOf(saved);
        next = null;
        if (enlisted.Contains(saved) || !saved.IsSaved || actions.ContainsKey(id))
            return false;
        next = ActionFor(id, StreamActionType.Append);
        next.ExpectedVersionOnServer = stream.CurrentVersion;
        next.AggregateType = saved.AggregateType;
        next.AggregateTypeName = saved.AggregateTypeName;
        actions[id] = next;
        return true;
    }

    public IEvent BuildEvent(object data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var result = data as IEvent ?? Graph.Types.MappingFor(data.GetType()).Wrap(data);
        Graph.Describe(result);
        return result;
    }

    private StreamAction ActionFor(object id, StreamActionType type)
    {
        var action = id is Guid guid ? new StreamAction(guid, type) : new StreamAction((string)id, type);
        if (Sql.IsConjoined)
            action.TenantId = session.TenantId;
        return action;
    }

    private bool TryFindAction(object id, [NotNullWhen(true)] out StreamAction? action)
    {
        BeginUnitOfWork();
        return actions.TryGetValue(id, out action);
    }

    // What was fetched and queued belongs to one unit of work: it ends when the session has saved or ejected its changes.
    private void BeginUnitOfWork()
    {
        if (session.UnitOfWork.Generation == generation)
            return;
        generation = session.UnitOfWork.Generation;
        actions.Clear();
        fetched.Clear();
        snapshots.Clear();
        enlisted.Clear();
    }

    private StreamAction Start(object id, Type? aggregateType, IEnumerable<object> events)
    {
        if (aggregateType is null && Graph.UseMandatoryStreamTypeDeclaration)
            throw new StreamTypeMissingException();
        var list = events.ToList();
        if (list.Count == 0)
            throw id is Guid guid ? new EmptyEventStreamException(guid) : new EmptyEventStreamException((string)id);
        if (TryFindAction(id, out var known) && known.Events.Count > 0)
            throw new ExistingStreamIdCollisionException(id, aggregateType);
        var action = ActionFor(id, StreamActionType.Start);
        Describe(action, aggregateType);
        AddTo(action, list);
        return action;
    }

    private StreamAction AppendTo(object id, long? expectedVersion, IEnumerable<object> events)
    {
        var list = events.ToList();
        if (!TryFindAction(id, out var action))
            action = ActionFor(id, StreamActionType.Append);
        if (expectedVersion is { } version)
        {
            var before = version - list.Count - action.Events.Count;
            if (before < 0)
                throw new ArgumentOutOfRangeException(nameof(expectedVersion), version, $"A stream has at least the version {list.Count + action.Events.Count} after {list.Count + action.Events.Count} events were appended.");
            if (action.ExpectedVersionOnServer is { } known && known != before)
                throw new EventStreamUnexpectedMaxEventIdException(id, action.AggregateType, before, known);
            action.ExpectedVersionOnServer = before;
        }

        AddTo(action, list);
        return action;
    }

    private void Describe(StreamAction action, Type? aggregateType)
    {
        if (aggregateType is null || action.AggregateType is not null)
            return;
        action.AggregateType = aggregateType;
        action.AggregateTypeName = Graph.AggregateNameFor(aggregateType);
    }
}
