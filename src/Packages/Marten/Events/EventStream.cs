using JasperFx.Events;

namespace Marten.Events;

/// <summary>A stream that was fetched for writing; its events are queued on the session when they are appended.</summary>
internal sealed class EventStream<T>(EventStoreOperations operations, StreamAction action, FetchedState<T> state, CancellationToken token) : IEventStream<T>, IFetchedStream where T : class
{
    private StreamAction action = action;
    private long startingVersion = state.Version;

    public T? Aggregate => state.Aggregate;

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

    object? IFetchedStream.Aggregate => state.Aggregate;

    uint? IFetchedStream.Mark => state.Mark;

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

    /// <inheritdoc cref="FetchedState{T}.Mark" />
    uint? Mark { get; }
}

/// <summary>A stream and its aggregate as they were read together.</summary>
/// <param name="Version">The version of the stream; 0 when it does not exist.</param>
/// <param name="Aggregate">The aggregate.</param>
/// <param name="Mark">
/// Where a stored snapshot was read: what tells the stream's row from what becomes of it. A rebuild of snapshots leaves the
/// version as it is and gives the row another mark, so that nobody saves a snapshot that follows from one of before.
/// </param>
internal readonly record struct FetchedState<T>(long Version, T? Aggregate, uint? Mark = null) where T : class;
