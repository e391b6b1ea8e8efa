using Marten;
using Marten.Projections;

namespace JasperFx.Events.Projections;

/// <summary>Which events a projection or subscription receives.</summary>
public interface IEventFilterable
{
    /// <summary>Whether events of archived streams are received too; default: no.</summary>
    bool IncludeArchivedEvents { get; set; }

    /// <summary>Receives events of a type. As soon as one type is included, others are not received.</summary>
    void IncludeType<T>();

    /// <inheritdoc cref="IncludeType{T}" />
    void IncludeType(Type type);

    /// <summary>Receives only events of streams that were started for an aggregate type.</summary>
    void FilterIncomingEventsOnStreamType(Type streamType);
}

/// <summary>Which events a projection or subscription receives.</summary>
public class EventFilterable : IEventFilterable
{
    /// <summary>The included types; none means all.</summary>
    public List<Type> IncludedEventTypes { get; } = [];

    /// <summary>The aggregate type of the streams whose events are received; null means all.</summary>
    public Type? StreamType { get; set; }

    /// <inheritdoc />
    public bool IncludeArchivedEvents { get; set; }

    /// <inheritdoc />
    public void IncludeType<T>() => IncludeType(typeof(T));

    /// <inheritdoc />
    public void IncludeType(Type type) => IncludedEventTypes.Add(type);

    /// <inheritdoc />
    public void FilterIncomingEventsOnStreamType(Type streamType) => StreamType = streamType;
}

/// <summary>What every projection has.</summary>
public abstract class ProjectionBase : EventFilterable
{
    private readonly List<Type> publishedTypes = [];

    /// <summary>The name, unique in the store; default: that of the aggregate, or of the projection's type.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The version, from 1. A higher one builds the projection anew, beside the older version's progress and documents.</summary>
    public uint Version { get; set; } = 1;

    /// <summary>When the projection runs.</summary>
    public ProjectionLifecycle Lifecycle { get; set; }

    /// <summary>How the daemon runs the projection.</summary>
    public AsyncOptions Options { get; } = new();

    /// <summary>Declares a document type that the projection writes, so that a rebuild deletes its documents first.</summary>
    public void RegisterPublishedType(Type publishedType) => publishedTypes.Add(publishedType);

    /// <summary>The document types that the projection writes.</summary>
    public IEnumerable<Type> PublishedTypes() => publishedTypes;

    /// <summary>What the store runs.</summary>
    internal abstract ProjectionRegistration Register(StoreOptions options);
}

/// <summary>A projection that can be added to a store.</summary>
/// <typeparam name="TOperations">What it writes with.</typeparam>
/// <typeparam name="TQuerySession">What it reads with.</typeparam>
public interface IProjectionSource<TOperations, TQuerySession>
{
    /// <summary>The name, unique in the store.</summary>
    string Name { get; }

    /// <summary>The version, from 1.</summary>
    uint Version { get; }

    /// <summary>When the projection runs.</summary>
    ProjectionLifecycle Lifecycle { get; }

    /// <summary>How the daemon runs the projection.</summary>
    AsyncOptions Options { get; }

    /// <summary>The document types that the projection writes.</summary>
    IEnumerable<Type> PublishedTypes();
}

/// <summary>Writes what follows from events.</summary>
/// <typeparam name="TOperations">What it writes with.</typeparam>
public interface IJasperFxProjection<in TOperations>
{
    /// <summary>Queues what follows from some events; they are in the order of their sequence.</summary>
    Task ApplyAsync(TOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation);
}
