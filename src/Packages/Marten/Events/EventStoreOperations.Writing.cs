using JasperFx.Events;
using Marten.Exceptions;

namespace Marten.Events;

internal sealed partial class EventStoreOperations
{
    public Task AppendOptimistic(string streamKey, CancellationToken token, params object[] events) => AppendOptimisticAsync(Checked(streamKey), events, token);

    public Task AppendOptimistic(string streamKey, params object[] events) => AppendOptimisticAsync(Checked(streamKey), events, default);

    public Task AppendOptimistic(Guid streamId, CancellationToken token, params object[] events) => AppendOptimisticAsync(Checked(streamId), events, token);

    public Task AppendOptimistic(Guid streamId, params object[] events) => AppendOptimisticAsync(Checked(streamId), events, default);

    public Task AppendExclusive(string streamKey, CancellationToken token, params object[] events) => AppendExclusiveAsync(Checked(streamKey), events, token);

    public Task AppendExclusive(string streamKey, params object[] events) => AppendExclusiveAsync(Checked(streamKey), events, default);

    public Task AppendExclusive(Guid streamId, CancellationToken token, params object[] events) => AppendExclusiveAsync(Checked(streamId), events, token);

    public Task AppendExclusive(Guid streamId, params object[] events) => AppendExclusiveAsync(Checked(streamId), events, default);

    public Task WriteToAggregate<T>(Guid id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, false, Completing(writing), token);

    public Task WriteToAggregate<T>(Guid id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, false, writing, token);

    public Task WriteToAggregate<T>(string id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, false, Completing(writing), token);

    public Task WriteToAggregate<T>(string id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, false, writing, token);

    public Task WriteToAggregate<T>(Guid id, int expectedVersion, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), expectedVersion, false, Completing(writing), token);

    public Task WriteToAggregate<T>(Guid id, int expectedVersion, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), expectedVersion, false, writing, token);

    public Task WriteToAggregate<T>(string id, int expectedVersion, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), expectedVersion, false, Completing(writing), token);

    public Task WriteToAggregate<T>(string id, int expectedVersion, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), expectedVersion, false, writing, token);

    public Task WriteExclusivelyToAggregate<T>(Guid id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, true, Completing(writing), token);

    public Task WriteExclusivelyToAggregate<T>(string id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, true, Completing(writing), token);

    public Task WriteExclusivelyToAggregate<T>(Guid id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, true, writing, token);

    public Task WriteExclusivelyToAggregate<T>(string id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class =>
        WriteAsync(Checked(id), null, true, writing, token);

    private static Func<IEventStream<T>, Task> Completing<T>(Action<IEventStream<T>> writing) where T : class => stream =>
    {
        writing(stream);
        return Task.CompletedTask;
    };

    private async Task WriteAsync<T>(object id, long? expectedVersion, bool exclusively, Func<IEventStream<T>, Task> writing, CancellationToken token) where T : class
    {
        var stream = await FetchAsync<T>(id, expectedVersion, exclusively, token);
        await writing(stream);
        await session.SaveChangesAsync(token);
    }

    private async Task AppendOptimisticAsync(object id, object[] events, CancellationToken token)
    {
        var state = await StateRequest(id).RunAsync(token);
        AppendAt(id, state?.Version ?? throw new NonExistentStreamException(id), events);
    }

    private async Task AppendExclusiveAsync(object id, object[] events, CancellationToken token)
    {
        var (version, _) = await new LockedStreamRequest<object>(session, Sql, id, null, static (_, _) => Task.FromResult<object?>(null)).RunAsync(token);
        AppendAt(id, version == 0 ? throw new NonExistentStreamException(id) : version, events);
    }

    private void AppendAt(object id, long version, object[] events)
    {
        if (!TryFindAction(id, out var action))
            action = ActionFor(id, StreamActionType.Append);
        action.ExpectedVersionOnServer ??= version;
        AddTo(action, events);
    }
}
