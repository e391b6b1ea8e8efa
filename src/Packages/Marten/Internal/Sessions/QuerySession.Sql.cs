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

    /// <summary>Runs SQL of the caller.</summary>
    public QueryRequest<IReadOnlyList<T>> SqlRequest<T>(char placeholder, string sql, object[] parameters)
    {
        var builder = new SqlBuilder();
        var isScalar = PostgresTypes.For(typeof(T), false).Name != "jsonb";
        var isWhole = sql.TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase) || sql.TrimStart().StartsWith("with", StringComparison.OrdinalIgnoreCase);
        var storage = !isScalar && Options.MappingFor(typeof(T)).IdMember is not null ? StorageFor(typeof(T)) : null;
        if (!isWhole)
        {
            if (storage is null)
                throw new ArgumentException($"{typeof(T).Name} is not a document; write the whole select statement.", nameof(sql));
            builder.Append("select ").Append(storage.SelectColumns).Append(" from ").Append(storage.From).Append(' ');
        }

        builder.AppendWithPlaceholders(sql, placeholder, parameters);
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
}
