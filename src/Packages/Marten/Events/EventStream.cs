using JasperFx.Events;

namespace Marten.Events;

/// <summary>A stream that was fetched for writing; its events are queued on the session when they are appended.</summary>
internal sealed class EventStream<T>(EventStoreOperations operations, StreamAction action, T? aggregate, long startingVersion, CancellationToken token) : IEventStream<T>, IFetchedStream where T : class
{
    private StreamAction action = action;
    private long startingVersion = startingVersion;

    public T? Aggregate => aggregate;

    public long? StartingVersion => startingVersion;

    public long? CurrentVersion => startingVersion + action.Events.Count;

    public CancellationToken Cancellation => token;

    public Guid Id => action.Id;

    public string? Key => action.Key;

    public IReadOnlyList<IEvent> Events => action.Events;

    public bool AlwaysEnforceConsistency
    {
        get => action.AlwaysEnforceConsistency;
        set
        {
            operations.RequireCurrent(action);
            action.AlwaysEnforceConsistency = value;
            operations.Enlist(action);
        }
    }

    object? IFetchedStream.Aggregate => aggregate;

    long IFetchedStream.StartingVersion => startingVersion;

    public void AppendOne(object @event) => AppendMany([@event]);

    public void AppendMany(params object[] events) => AppendMany((IEnumerable<object>)events);

    public void TryFastForwardVersion()
    {
        if (action.Events.Count == 0 || !operations.TryContinue(this, action, out var next))
            return;
        startingVersion += action.Events.Count;
        action = next;
    }

    public void AppendMany(IEnumerable<object> events)
    {
        operations.RequireCurrent(action);
        operations.AddTo(action, events);
    }
}

/// <summary>What the saving of a session needs to know about a fetched stream.</summary>
internal interface IFetchedStream
{
    object? Aggregate { get; }

    long StartingVersion { get; }
}
