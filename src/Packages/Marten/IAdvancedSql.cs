namespace Marten;

/// <summary>
/// Runs whole select statements of the caller. A result is a scalar (one column), a document (the columns id and data, then
/// mt_doc_type for hierarchies, mt_version for versioned types and, at the end, mt_deleted and mt_deleted_at for types that
/// show their deletion), or any other type (one column of JSON). With several results for each row, the columns of each are
/// in a <c>row(…)</c>. A document or other object whose data is null, as an outer join makes it, is null.
/// <c>?</c> stands for a parameter, by position; other overloads let the caller choose another character.
/// </summary>
public interface IAdvancedSql
{
    /// <summary>Runs a statement with one result for each row.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, CancellationToken token, params object[] parameters);

    /// <inheritdoc cref="QueryAsync{T}(string, CancellationToken, object[])" />
    Task<IReadOnlyList<T>> QueryAsync<T>(char placeholder, string sql, CancellationToken token, params object[] parameters);

    /// <summary>Runs a statement with two results for each row.</summary>
    Task<IReadOnlyList<(T1, T2)>> QueryAsync<T1, T2>(string sql, CancellationToken token, params object[] parameters);

    /// <inheritdoc cref="QueryAsync{T1, T2}(string, CancellationToken, object[])" />
    Task<IReadOnlyList<(T1, T2)>> QueryAsync<T1, T2>(char placeholder, string sql, CancellationToken token, params object[] parameters);

    /// <summary>Runs a statement with three results for each row.</summary>
    Task<IReadOnlyList<(T1, T2, T3)>> QueryAsync<T1, T2, T3>(string sql, CancellationToken token, params object[] parameters);

    /// <inheritdoc cref="QueryAsync{T1, T2, T3}(string, CancellationToken, object[])" />
    Task<IReadOnlyList<(T1, T2, T3)>> QueryAsync<T1, T2, T3>(char placeholder, string sql, CancellationToken token, params object[] parameters);

    /// <summary>Runs a statement with one result for each row, which are read while they are asked for. The connection is in use until then.</summary>
    IAsyncEnumerable<T> StreamAsync<T>(string sql, CancellationToken token, params object[] parameters);

    /// <inheritdoc cref="StreamAsync{T}(string, CancellationToken, object[])" />
    IAsyncEnumerable<T> StreamAsync<T>(char placeholder, string sql, CancellationToken token, params object[] parameters);

    /// <summary>As the other, with two results for each row.</summary>
    IAsyncEnumerable<(T1, T2)> StreamAsync<T1, T2>(string sql, CancellationToken token, params object[] parameters);

    /// <inheritdoc cref="StreamAsync{T1, T2}(string, CancellationToken, object[])" />
    IAsyncEnumerable<(T1, T2)> StreamAsync<T1, T2>(char placeholder, string sql, CancellationToken token, params object[] parameters);

    /// <summary>As the other, with three results for each row.</summary>
    IAsyncEnumerable<(T1, T2, T3)> StreamAsync<T1, T2, T3>(string sql, CancellationToken token, params object[] parameters);

    /// <inheritdoc cref="StreamAsync{T1, T2, T3}(string, CancellationToken, object[])" />
    IAsyncEnumerable<(T1, T2, T3)> StreamAsync<T1, T2, T3>(char placeholder, string sql, CancellationToken token, params object[] parameters);
}
