using JasperFx.Events;

namespace Marten.Events;

internal sealed partial class EventStoreOperations
{
    public StreamAction Append(Guid stream, IEnumerable<object> events) => AppendTo(Checked(stream), null, events);

    public StreamAction Append(Guid stream, params object[] events) => AppendTo(Checked(stream), null, events);

    public StreamAction Append(string stream, IEnumerable<object> events) => AppendTo(Checked(stream), null, events);

    public StreamAction Append(string stream, params object[] events) => AppendTo(Checked(stream), null, events);

    public StreamAction Append(Guid stream, long expectedVersion, params object[] events) => AppendTo(Checked(stream), expectedVersion, events);

    public StreamAction Append(Guid stream, long expectedVersion, IEnumerable<object> events) => AppendTo(Checked(stream), expectedVersion, events);

    public StreamAction Append(string stream, long expectedVersion, IEnumerable<object> events) => AppendTo(Checked(stream), expectedVersion, events);

    public StreamAction Append(string stream, long expectedVersion, params object[] events) => AppendTo(Checked(stream), expectedVersion, events);

    public StreamAction StartStream<TAggregate>(Guid id, params object[] events) where TAggregate : class => Start(Checked(id), typeof(TAggregate), events);

    public StreamAction StartStream<TAggregate>(Guid id, IEnumerable<object> events) where TAggregate : class => Start(Checked(id), typeof(TAggregate), events);

    public StreamAction StartStream(Type aggregateType, Guid id, IEnumerable<object> events) => Start(Checked(id), aggregateType, events);

    public StreamAction StartStream(Type aggregateType, Guid id, params object[] events) => Start(Checked(id), aggregateType, events);

    public StreamAction StartStream<TAggregate>(string streamKey, IEnumerable<object> events) where TAggregate : class => Start(Checked(streamKey), typeof(TAggregate), events);

    public StreamAction StartStream<TAggregate>(string streamKey, params object[] events) where TAggregate : class => Start(Checked(streamKey), typeof(TAggregate), events);

    public StreamAction StartStream(Type aggregateType, string streamKey, IEnumerable<object> events) => Start(Checked(streamKey), aggregateType, events);

    public StreamAction StartStream(Type aggregateType, string streamKey, params object[] events) => Start(Checked(streamKey), aggregateType, events);

    public StreamAction StartStream(Guid id, IEnumerable<object> events) => Start(Checked(id), null, events);

    public StreamAction StartStream(Guid id, params object[] events) => Start(Checked(id), null, events);

    public StreamAction StartStream(string streamKey, IEnumerable<object> events) => Start(Checked(streamKey), null, events);

    public StreamAction StartStream(string streamKey, params object[] events) => Start(Checked(streamKey), null, events);

    public StreamAction StartStream<TAggregate>(IEnumerable<object> events) where TAggregate : class => Start(NewId(), typeof(TAggregate), events);

    public StreamAction StartStream<TAggregate>(params object[] events) where TAggregate : class => Start(NewId(), typeof(TAggregate), events);

    public StreamAction StartStream(Type aggregateType, IEnumerable<object> events) => Start(NewId(), aggregateType, events);

    public StreamAction StartStream(Type aggregateType, params object[] events) => Start(NewId(), aggregateType, events);

    public StreamAction StartStream(IEnumerable<object> events) => Start(NewId(), null, events);

    public StreamAction StartStream(params object[] events) => Start(NewId(), null, events);

    public void ArchiveStream(Guid streamId) => session.QueueOperation(new ArchiveStreamOperation(Graph, Checked(streamId), session.TenantId));

    public void ArchiveStream(string streamKey) => session.QueueOperation(new ArchiveStreamOperation(Graph, Checked(streamKey), session.TenantId));

    public void OverwriteEvent(IEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        session.QueueOperation(new OverwriteEventOperation(Graph, e));
    }

    public Guid CompletelyReplaceEvent<T>(long sequence, T eventBody) where T : class
    {
        var replacement = BuildEvent(eventBody);
        session.QueueOperation(new ReplaceEventOperation(Graph, sequence, replacement));
        return replacement.Id;
    }

    private object NewId()
    {
        var id = Guid.CreateVersion7(Graph.TimeProvider.GetUtcNow());
        return Graph.StreamIdentity == StreamIdentity.AsGuid ? id : id.ToString();
    }
}
