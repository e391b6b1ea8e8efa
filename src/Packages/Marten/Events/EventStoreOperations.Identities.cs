using JasperFx.Core.Reflection;
using JasperFx.Events;
using Marten.Internal;
using Npgsql;

namespace Marten.Events;

/// <summary>Streams by identities of other types: wrappers of the stream's identity, and natural keys.</summary>
internal sealed partial class EventStoreOperations
{
    public async Task<IEventStream<T>> FetchForWriting<T, TId>(TId id, CancellationToken token = default) where T : class where TId : notnull =>
        await FetchAsync<T>(await StreamOfAsync<T, TId>(id, token) ?? NewIdentity(), null, false, token);

    public async Task<IEventStream<T>> FetchForExclusiveWriting<T, TId>(TId id, CancellationToken token = default) where T : class where TId : notnull =>
        await FetchAsync<T>(await StreamOfAsync<T, TId>(id, token) ?? NewIdentity(), null, true, token);

    public async ValueTask<T?> FetchLatest<T, TId>(TId id, CancellationToken token = default) where T : class where TId : notnull =>
        await StreamOfAsync<T, TId>(id, token) is { } stream ? await LatestAsync<T>(stream, token) : null;

    private async ValueTask<object?> StreamOfAsync<T, TId>(TId id, CancellationToken token) where T : class where TId : notnull
    {
        if (Graph.NaturalKeyOf(typeof(T), typeof(TId)) is { } table)
            return await FindByNaturalKeyAsync(table, id, token);
        var bare = ValueTypeInfo.TryFind(typeof(TId), out var wrapper) ? wrapper.Unwrap(id) : id;
        return bare switch
        {
            Guid guid => Checked(guid),
            string key => Checked(key),
            _ => throw new InvalidOperationException(
                $"A {typeof(TId).Name} does not identify a stream of {typeof(T).Name}: it is neither a Guid or string, nor a wrapper around one, nor the natural key of a registered aggregate."),
        };
    }

    private async Task<object?> FindByNaturalKeyAsync(NaturalKeyTable table, object key, CancellationToken token)
    {
        var value = table.Definition.ValueOf(key) ?? throw new ArgumentException($"A natural key of {table.Definition.AggregateType.Name} needs a value.", nameof(key));

        var tenant = IsGlobalElsewhere(table.Definition.AggregateType) ? Storage.TenantIds.Default : session.TenantId;

        // The events that this session has not saved yet know better than the table.
        foreach (var action in session.StreamActions.Where(a => a.TenantId == tenant || !Sql.IsConjoined))
        {
            if (value.Equals(EventGraph.KeyOf(table.Definition, action.Events)))
                return Graph.IdentityOf(action);
        }

        return await new EventStoreRequest<object?>(
            session,
            () =>
            {
                var command = new NpgsqlCommand(table.Find);
                command.Parameters.Add(SqlBuilder.CreateParameter(value, table.KeyDbType));
                Sql.AddTenant(command.Parameters, tenant);
                return command;
            },
            static async (reader, stop) => await reader.ReadAsync(stop) ? reader.GetValue(0) : null).RunAsync(token);
    }

    /// <summary>The stream that begins when events are appended for a natural key that names none.</summary>
    private object NewIdentity()
    {
        var id = Guid.CreateVersion7(Graph.TimeProvider.GetUtcNow());
        return Sql.IsGuid ? id : id.ToString("N");
    }
}
