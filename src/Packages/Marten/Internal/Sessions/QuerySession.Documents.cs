using Marten.Internal.Storage;
using Marten.Linq.Translation;
using Marten.Storage.Metadata;

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
        KnownVersion(StorageFor<TDoc>().RootType, StorageFor<TDoc>().IdentityOf(entity)) as Guid?;

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
        return await new CommandRequest<DocumentMetadata?>(this, [], MetadataSql.Select(storage.Mapping), storage.Key(id, this), async (reader, stop) =>
            await reader.ReadAsync(stop) ? MetadataSql.Read(reader, storage.Mapping, id, Serializer) : null).RunAsync(token);
    }

    /// <summary>Asks whether a document exists.</summary>
    public QueryRequest<bool> ExistsRequest<T>(object id) where T : notnull
    {
        var storage = StorageFor<T>();
        return new CommandRequest<bool>(this, [typeof(T)], storage.Sql.Exists, storage.Key(id, this), static async (reader, stop) => await reader.ReadAsync(stop) && reader.GetBoolean(0));
    }

    /// <summary>Asks for the document with an id.</summary>
    public QueryRequest<T?> LoadRequest<T>(object id) where T : notnull
    {
        var storage = StorageFor<T>();
        return new CommandRequest<T?>(this, [typeof(T)], storage.Sql.LoadOne, storage.Key(id, this), async (reader, stop) => await reader.ReadAsync(stop) ? storage.Read(reader, 0, this) : default);
    }

    /// <summary>Asks for those of some documents that the session does not know; null when it knows all.</summary>
    public (QueryRequest<IReadOnlyList<T>>? Request, List<T> Known) LoadManyRequest<T>(IEnumerable<object> ids) where T : notnull
    {
        var storage = StorageFor<T>();
        var wanted = ids.Select(storage.CheckedId).ToHashSet();
        var found = new List<T>(wanted.Count);
        foreach (var id in IdentityMapFor(storage.RootType) is null ? [] : wanted.ToList())
        {
            if (!TryGetKnown<T>(id, out var known))
                continue;
            found.Add(known);
            wanted.Remove(id);
        }

        if (wanted.Count == 0)
            return (null, found);
        // For a list PostgreSQL plans anew each time, as it cannot know how long it is. One id, the most frequent number, goes by the plan that loading one document keeps.
        var (sql, keys) = wanted.Count == 1 ? (storage.Sql.LoadOne, storage.Key(wanted.First(), this)) : (storage.Sql.LoadMany, storage.Keys(ToArray(wanted, storage), this));
        return (new CommandRequest<IReadOnlyList<T>>(this, [typeof(T)], sql, keys, async (reader, stop) =>
        {
            var rows = new List<T>(wanted.Count);
            while (await reader.ReadAsync(stop))
                rows.Add(storage.Read(reader, 0, this));
            return rows;
        }), found);
    }

    /// <summary>The instance that the session remembers for an id.</summary>
    public bool TryGetKnown<T>(object id, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T document) where T : notnull
    {
        document = default;
        var storage = StorageFor<T>();
        if (IdentityMapFor(storage.RootType) is not { } map || !map.TryGetValue((storage.RootType, storage.CheckedId(id)), out var known) || known is not T typed)
            return false;
        document = typed;
        return true;
    }

    private Task<bool> ExistsAsync<T>(object id, CancellationToken token) where T : notnull => ExistsRequest<T>(id).RunAsync(token);

    private Task<T?> LoadOneAsync<T>(object id, CancellationToken token) where T : notnull =>
        TryGetKnown<T>(id, out var known) ? Task.FromResult<T?>(known) : LoadRequest<T>(id).RunAsync(token);

    private async Task<IReadOnlyList<T>> LoadAllAsync<T, TId>(IEnumerable<TId> ids, CancellationToken token) where T : notnull where TId : notnull
    {
        var (request, known) = LoadManyRequest<T>(ids.Cast<object>());
        if (request is not null)
            known.AddRange(await request.RunAsync(token));
        return known;
    }

    private static Array ToArray(HashSet<object> ids, DocumentStorage storage)
    {
        var array = Array.CreateInstance(storage.Mapping.InnerIdType, ids.Count);
        var index = 0;
        foreach (var id in ids)
            array.SetValue(id, index++);
        return array;
    }
}
