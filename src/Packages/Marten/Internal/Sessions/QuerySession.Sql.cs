using Marten.Linq.Translation;
using Marten.Schema;

namespace Marten.Internal.Sessions;

internal partial class QuerySession
{
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, CancellationToken token, params object[] parameters) => RunSqlAsync<T>('?', sql, parameters, token);

    public Task<IReadOnlyList<T>> QueryAsync<T>(char placeholder, string sql, CancellationToken token, params object[] parameters) => RunSqlAsync<T>(placeholder, sql, parameters, token);

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, params object[] parameters) => RunSqlAsync<T>('?', sql, parameters, default);

    public Task<IReadOnlyList<T>> QueryAsync<T>(char placeholder, string sql, params object[] parameters) => RunSqlAsync<T>(placeholder, sql, parameters, default);

    private Task<IReadOnlyList<T>> RunSqlAsync<T>(char placeholder, string sql, object[] parameters, CancellationToken token) =>
        SqlRequest<T>(placeholder, sql, parameters).RunAsync(token);

    public Task<int> StreamJson<T>(Stream destination, CancellationToken token, string sql, params object[] parameters) => StreamAsync<T>(destination, '?', sql, parameters, token);

    public Task<int> StreamJson<T>(Stream destination, CancellationToken token, char placeholder, string sql, params object[] parameters) => StreamAsync<T>(destination, placeholder, sql, parameters, token);

    public Task<int> StreamJson<T>(Stream destination, string sql, params object[] parameters) => StreamAsync<T>(destination, '?', sql, parameters, default);

    public Task<int> StreamJson<T>(Stream destination, char placeholder, string sql, params object[] parameters) => StreamAsync<T>(destination, placeholder, sql, parameters, default);

    public Task<IReadOnlyList<TDoc>> SearchAsync<TDoc>(string queryText, string regConfig = "english", CancellationToken token = default) where TDoc : notnull =>
        Query<TDoc>().Where(x => x.Search(queryText, regConfig)).ToListAsync(token);

    public Task<IReadOnlyList<TDoc>> PlainTextSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull =>
        Query<TDoc>().Where(x => x.PlainTextSearch(searchTerm, regConfig)).ToListAsync(token);

    public Task<IReadOnlyList<TDoc>> PhraseSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull =>
        Query<TDoc>().Where(x => x.PhraseSearch(searchTerm, regConfig)).ToListAsync(token);

    public Task<IReadOnlyList<TDoc>> WebStyleSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull =>
        Query<TDoc>().Where(x => x.WebStyleSearch(searchTerm, regConfig)).ToListAsync(token);

    public Task<IReadOnlyList<TDoc>> PrefixSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull =>
        Query<TDoc>().Where(x => x.PrefixSearch(searchTerm, regConfig)).ToListAsync(token);

    public async Task<int> NextSequenceValue(string sequenceName, CancellationToken token = default) => checked((int)await NextSequenceValueAsLong(sequenceName, token));

    public Task<int> NextSequenceValue(Weasel.Core.DbObjectName sequenceName, CancellationToken token = default) => NextSequenceValue(sequenceName.QualifiedName, token);

    public Task<long> NextSequenceValueAsLong(Weasel.Core.DbObjectName sequenceName, CancellationToken token = default) => NextSequenceValueAsLong(sequenceName.QualifiedName, token);

    public Task<long> NextSequenceValueAsLong(string sequenceName, CancellationToken token = default) =>
        new CommandRequest<long>(this, [], "select nextval($1::regclass)", [SqlBuilder.CreateParameter(sequenceName, NpgsqlTypes.NpgsqlDbType.Text)], static async (reader, stop) =>
        {
            await reader.ReadAsync(stop);
            return reader.GetInt64(0);
        }).RunAsync(token);

    /// <summary>Runs SQL of the caller.</summary>
    public QueryRequest<IReadOnlyList<T>> SqlRequest<T>(char placeholder, string sql, object[] parameters)
    {
        var isScalar = PostgresTypes.For(typeof(T), false).Name != "jsonb";
        var isWhole = IsWhole(sql);
        var storage = !isScalar && Options.MappingFor(typeof(T)).IdMember is not null ? StorageFor(typeof(T)) : null;
        var builder = Statement<T>(storage, storage?.SelectColumns, placeholder, sql, parameters);
        return new CommandRequest<IReadOnlyList<T>>(this, storage is null ? [] : [typeof(T)], builder.ToString(), builder.Parameters, async (reader, stop) =>
        {
            var results = new List<T>();
            while (await reader.ReadAsync(stop))
            {
                if (isScalar)
                    results.Add(await reader.GetFieldValueAsync<T>(0, stop));
                else if (storage is not null && !isWhole)
                    results.Add((T)storage.ReadObject(reader, 0, this));
                else
                    results.Add(Serializer.FromJson<T>(reader, 0)!);
            }

            return results;
        });
    }

    private Task<int> StreamAsync<T>(Stream destination, char placeholder, string sql, object[] parameters, CancellationToken token)
    {
        var storage = Options.MappingFor(typeof(T)).IdMember is not null ? StorageFor(typeof(T)) : null;
        var builder = Statement<T>(storage, "d.data", placeholder, sql, parameters);
        return JsonStreaming.ArrayAsync(new JsonRows(this, storage is null ? [] : [typeof(T)], builder.ToCommand), destination, token);
    }

    /// <summary>The statement that SQL of the caller is, or is the rest of.</summary>
    private static SqlBuilder Statement<T>(Storage.DocumentStorage? storage, string? columns, char placeholder, string sql, object[] parameters)
    {
        var builder = new SqlBuilder();
        if (!IsWhole(sql))
        {
            if (storage is null)
                throw new ArgumentException($"{typeof(T).Name} is not a document; write the whole select statement.", nameof(sql));
            builder.Append("select ").Append(columns!).Append(" from ").Append(storage.From).Append(' ');
        }

        return builder.AppendWithPlaceholders(sql, placeholder, parameters);
    }

    private static bool IsWhole(string sql)
    {
        var text = sql.TrimStart();
        return text.StartsWith("select", StringComparison.OrdinalIgnoreCase) || text.StartsWith("with", StringComparison.OrdinalIgnoreCase);
    }
}
