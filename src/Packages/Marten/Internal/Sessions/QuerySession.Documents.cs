using Marten.Internal.Storage;
using Marten.Storage.Metadata;
using NpgsqlTypes;

namespace Marten.Internal.Sessions;

internal partial class QuerySession
{
    private Dictionary<(Type Type, object Id), object>? versions;

    /// <summary>Remembers the version under which a document was read or written.</summary>
    public void RememberVersion(Type documentType, object id, object version) => (versions ??= [])[(documentType, id)] = version;

    public object? KnownVersion(Type documentType, object id) =>
        versions is not null && versions.TryGetValue((documentType, id), out var version) ? version : null;

    public void ForgetVersion(Type documentType, object id) => versions?.Remove((documentType, id));

    /// <summary>Called with each document that was read.</summary>
    public virtual void DocumentLoaded(object id, object document)
    {
    }

    public Guid? VersionFor<TDoc>(TDoc entity) where TDoc : notnull =>
        KnownVersion(typeof(TDoc), StorageFor<TDoc>().IdentityOf(entity)) as Guid?;

    public Task<bool> CheckExistsAsync<T>(string id, CancellationToken token = default) where T : notnull => ExistsAsync<T>(id, token);

    public Task<bool> CheckExistsAsync<T>(int id, CancellationToken token = default) where T : notnull => ExistsAsync<T>(id, token);

    public Task<bool> CheckExistsAsync<T>(long id, CancellationToken token = default) where T : notnull => ExistsAsync<T>(id, token);

    public Task<bool> CheckExistsAsync<T>(Guid id, CancellationToken token = default) where T : notnull => ExistsAsync<T>(id, token);

    public Task<bool> CheckExistsAsync<T>(object id, CancellationToken token = default) where T : notnull => ExistsAsync<T>(id, token);

    public Task<T?> LoadAsync<T>(string id, CancellationToken token = default) where T : notnull => LoadOneAsync<T>(id, token);

    public Task<T?> LoadAsync<T>(object id, CancellationToken token = default) where T : notnull => LoadOneAsync<T>(id, token);

    public Task<T?> LoadAsync<T>(int id, CancellationToken token = default) where T : notnull => LoadOneAsync<T>(id, token);

    public Task<T?> LoadAsync<T>(long id, CancellationToken token = default) where T : notnull => LoadOneAsync<T>(id, token);

    public Task<T?> LoadAsync<T>(Guid id, CancellationToken token = default) where T : notnull => LoadOneAsync<T>(id, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(params string[] ids) where T : notnull => LoadAllAsync<T, string>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<string> ids) where T : notnull => LoadAllAsync<T, string>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(params Guid[] ids) where T : notnull => LoadAllAsync<T, Guid>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<Guid> ids) where T : notnull => LoadAllAsync<T, Guid>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(params int[] ids) where T : notnull => LoadAllAsync<T, int>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<int> ids) where T : notnull => LoadAllAsync<T, int>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(params long[] ids) where T : notnull => LoadAllAsync<T, long>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<long> ids) where T : notnull => LoadAllAsync<T, long>(ids, default);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params string[] ids) where T : notnull => LoadAllAsync<T, string>(ids, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<string> ids) where T : notnull => LoadAllAsync<T, string>(ids, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params Guid[] ids) where T : notnull => LoadAllAsync<T, Guid>(ids, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<Guid> ids) where T : notnull => LoadAllAsync<T, Guid>(ids, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params int[] ids) where T : notnull => LoadAllAsync<T, int>(ids, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<int> ids) where T : notnull => LoadAllAsync<T, int>(ids, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params long[] ids) where T : notnull => LoadAllAsync<T, long>(ids, token);

    public Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<long> ids) where T : notnull => LoadAllAsync<T, long>(ids, token);

    public async Task<DocumentMetadata?> MetadataForAsync<T>(T entity, CancellationToken token = default) where T : notnull
    {
        var storage = StorageFor(entity.GetType());
        await EnsureStorageAsync(storage.DocumentType, token);
        var id = storage.IdentityOf(entity);
        var command = new SqlBuilder().Append(MetadataSql.Select(storage.Mapping)).AppendParameter(id, storage.IdDbType).ToCommand();
        await using (command)
        {
            return await ReadAsync(command, async (reader, stop) =>
                await reader.ReadAsync(stop) ? MetadataSql.Read(reader, storage.Mapping, id, Serializer) : null, token);
        }
    }

    private async Task<bool> ExistsAsync<T>(object id, CancellationToken token) where T : notnull
    {
        var storage = StorageFor<T>();
        id = storage.CheckedId(id);
        await EnsureStorageAsync(typeof(T), token);
        await using var command = new Npgsql.NpgsqlCommand(storage.Sql.Exists);
        command.Parameters.Add(SqlBuilder.CreateParameter(id, storage.IdDbType));
        return await ReadAsync(command, static async (reader, stop) => await reader.ReadAsync(stop) && reader.GetBoolean(0), token);
    }

    private async Task<T?> LoadOneAsync<T>(object id, CancellationToken token) where T : notnull
    {
        var storage = StorageFor<T>();
        id = storage.CheckedId(id);
        if (IdentityMap is { } map && map.TryGetValue((typeof(T), id), out var known))
            return (T)known;
        await EnsureStorageAsync(typeof(T), token);
        await using var command = new Npgsql.NpgsqlCommand(storage.Sql.LoadOne);
        command.Parameters.Add(SqlBuilder.CreateParameter(id, storage.IdDbType));
        return await ReadAsync(command, async (reader, stop) => await reader.ReadAsync(stop) ? storage.Read(reader, 0, this) : default, token);
    }

    private async Task<IReadOnlyList<T>> LoadAllAsync<T, TId>(IEnumerable<TId> ids, CancellationToken token) where T : notnull where TId : notnull
    {
        var storage = StorageFor<T>();
        var wanted = ids.Select(id => storage.CheckedId(id)).ToHashSet();
        var found = new List<T>(wanted.Count);
        if (IdentityMap is { } map)
        {
            foreach (var id in wanted.ToList())
            {
                if (!map.TryGetValue((typeof(T), id), out var known))
                    continue;
                found.Add((T)known);
                wanted.Remove(id);
            }
        }

        if (wanted.Count == 0)
            return found;
        await EnsureStorageAsync(typeof(T), token);
        await using var command = new Npgsql.NpgsqlCommand(storage.Sql.LoadMany);
        command.Parameters.Add(SqlBuilder.CreateParameter(ToArray(wanted, storage), NpgsqlDbType.Array | storage.IdDbType));
        var loaded = await ReadAsync(command, async (reader, stop) =>
        {
            var rows = new List<T>(wanted.Count);
            while (await reader.ReadAsync(stop))
                rows.Add(storage.Read(reader, 0, this));
            return rows;
        }, token);
        found.AddRange(loaded);
        return found;
    }

    private static Array ToArray(HashSet<object> ids, DocumentStorage storage)
    {
        var array = Array.CreateInstance(storage.Mapping.IdType, ids.Count);
        var index = 0;
        foreach (var id in ids)
            array.SetValue(id, index++);
        return array;
    }
}
