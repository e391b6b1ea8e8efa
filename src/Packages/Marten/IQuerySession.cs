using System.Data.Common;
using Marten.Events;
using Marten.Linq;
using Marten.Storage.Metadata;
using Npgsql;

namespace Marten;

/// <summary>Reads documents and events. Not thread-safe; dispose it when the work is done.</summary>
public interface IQuerySession : IDisposable, IAsyncDisposable
{
    /// <summary>
    /// The session's connection, which stays open until the session is disposed. Opened, without asynchrony, on first use;
    /// prefer <see cref="ExecuteAsync"/>.
    /// </summary>
    NpgsqlConnection Connection { get; }

    /// <summary>Observes the commands of this session.</summary>
    IMartenSessionLogger Logger { get; set; }

    /// <summary>How many requests this session has sent.</summary>
    int RequestCount { get; }

    /// <summary>The store that opened the session.</summary>
    IDocumentStore DocumentStore { get; }

    /// <summary>The tenant whose documents and events the session sees, where the store separates tenants.</summary>
    string TenantId { get; }

    /// <summary>The events of the store.</summary>
    IQueryEventStore Events { get; }

    /// <summary>The database.</summary>
    Storage.IMartenDatabase Database { get; }

    /// <summary>Runs whole select statements of the caller, with results of several types.</summary>
    IAdvancedSql AdvancedSql { get; }

    /// <summary>Documents as JSON, without deserializing them.</summary>
    IJsonLoader Json { get; }

    /// <summary>What caused the writes of this session; written to documents and events that store it.</summary>
    string? CausationId { get; set; }

    /// <summary>The conversation that the writes of this session belong to; written to documents and events that store it.</summary>
    string? CorrelationId { get; set; }

    /// <summary>Whether a document exists.</summary>
    Task<bool> CheckExistsAsync<T>(string id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="CheckExistsAsync{T}(string, CancellationToken)" />
    Task<bool> CheckExistsAsync<T>(int id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="CheckExistsAsync{T}(string, CancellationToken)" />
    Task<bool> CheckExistsAsync<T>(long id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="CheckExistsAsync{T}(string, CancellationToken)" />
    Task<bool> CheckExistsAsync<T>(Guid id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="CheckExistsAsync{T}(string, CancellationToken)" />
    Task<bool> CheckExistsAsync<T>(object id, CancellationToken token = default) where T : notnull;

    /// <summary>The document with an id, or null.</summary>
    /// <exception cref="Exceptions.DocumentIdTypeMismatchException">The document is identified by another type.</exception>
    Task<T?> LoadAsync<T>(string id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="LoadAsync{T}(string, CancellationToken)" />
    Task<T?> LoadAsync<T>(object id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="LoadAsync{T}(string, CancellationToken)" />
    Task<T?> LoadAsync<T>(int id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="LoadAsync{T}(string, CancellationToken)" />
    Task<T?> LoadAsync<T>(long id, CancellationToken token = default) where T : notnull;

    /// <inheritdoc cref="LoadAsync{T}(string, CancellationToken)" />
    Task<T?> LoadAsync<T>(Guid id, CancellationToken token = default) where T : notnull;

    /// <summary>The documents with these ids that exist, in no particular order.</summary>
    Task<IReadOnlyList<T>> LoadManyAsync<T>(params string[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<string> ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(params Guid[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<Guid> ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(params int[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<int> ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(params long[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(IEnumerable<long> ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params string[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<string> ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params Guid[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<Guid> ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params int[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<int> ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, params long[] ids) where T : notnull;

    /// <inheritdoc cref="LoadManyAsync{T}(string[])" />
    Task<IReadOnlyList<T>> LoadManyAsync<T>(CancellationToken token, IEnumerable<long> ids) where T : notnull;

    /// <summary>A query over the documents of a type, translated to SQL and run by the asynchronous operators only.</summary>
    IMartenQueryable<T> Query<T>() where T : notnull;

    /// <summary>
    /// As <see cref="Query{T}"/>, over documents that asynchronous projections write: before it runs, it waits until they have
    /// processed the events that exist then. So do all later reads of the type in this session.
    /// </summary>
    /// <param name="timeout">How long it may wait; the query fails with a <see cref="TimeoutException"/> then.</param>
    IMartenQueryable<T> QueryForNonStaleData<T>(TimeSpan timeout) where T : notnull;

    /// <inheritdoc cref="QueryForNonStaleData{T}(TimeSpan)" />
    /// <param name="timeout">How long it may wait.</param>
    /// <param name="timeoutMode">Whether the query fails then with a <see cref="TimeoutException"/>, or runs over what there is.</param>
    IMartenQueryable<T> QueryForNonStaleData<T>(TimeSpan timeout, NonStaleDataTimeoutMode timeoutMode) where T : notnull;

    /// <summary>
    /// Runs SQL of the caller: <c>where …</c> or the rest of a select over the documents of T, or a whole <c>select</c> whose
    /// first column is T's JSON or a scalar. <c>?</c> stands for a parameter, by position.
    /// </summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, CancellationToken token, params object[] parameters);

    /// <summary>As <see cref="QueryAsync{T}(string, CancellationToken, object[])"/>, with a placeholder of the caller's choice.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(char placeholder, string sql, CancellationToken token, params object[] parameters);

    /// <inheritdoc cref="QueryAsync{T}(string, CancellationToken, object[])" />
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, params object[] parameters);

    /// <inheritdoc cref="QueryAsync{T}(char, string, CancellationToken, object[])" />
    Task<IReadOnlyList<T>> QueryAsync<T>(char placeholder, string sql, params object[] parameters);

    /// <summary>Writes the JSON that SQL of the caller selects as an array and returns the number of its elements. The SQL is as for QueryAsync.</summary>
    Task<int> StreamJson<T>(Stream destination, CancellationToken token, string sql, params object[] parameters);

    /// <inheritdoc cref="StreamJson{T}(Stream, CancellationToken, string, object[])" />
    Task<int> StreamJson<T>(Stream destination, CancellationToken token, char placeholder, string sql, params object[] parameters);

    /// <inheritdoc cref="StreamJson{T}(Stream, CancellationToken, string, object[])" />
    Task<int> StreamJson<T>(Stream destination, string sql, params object[] parameters);

    /// <inheritdoc cref="StreamJson{T}(Stream, CancellationToken, string, object[])" />
    Task<int> StreamJson<T>(Stream destination, char placeholder, string sql, params object[] parameters);

    /// <summary>Full-text search with the operators of to_tsquery.</summary>
    Task<IReadOnlyList<TDoc>> SearchAsync<TDoc>(string queryText, string regConfig = "english", CancellationToken token = default) where TDoc : notnull;

    /// <summary>Full-text search for all words.</summary>
    Task<IReadOnlyList<TDoc>> PlainTextSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull;

    /// <summary>Full-text search for the words in this order.</summary>
    Task<IReadOnlyList<TDoc>> PhraseSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull;

    /// <summary>Full-text search with the syntax of web search engines.</summary>
    Task<IReadOnlyList<TDoc>> WebStyleSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull;

    /// <summary>Full-text search for words that begin with these.</summary>
    Task<IReadOnlyList<TDoc>> PrefixSearchAsync<TDoc>(string searchTerm, string regConfig = "english", CancellationToken token = default) where TDoc : notnull;

    /// <summary>The next value of a sequence of the database, with its schema.</summary>
    Task<int> NextSequenceValue(string sequenceName, CancellationToken token = default);

    /// <inheritdoc cref="NextSequenceValue(string, CancellationToken)" />
    Task<int> NextSequenceValue(Weasel.Core.DbObjectName sequenceName, CancellationToken token = default);

    /// <inheritdoc cref="NextSequenceValue(string, CancellationToken)" />
    Task<long> NextSequenceValueAsLong(Weasel.Core.DbObjectName sequenceName, CancellationToken token = default);

    /// <inheritdoc cref="NextSequenceValue(string, CancellationToken)" />
    Task<long> NextSequenceValueAsLong(string sequenceName, CancellationToken token = default);

    /// <summary>Runs a compiled query.</summary>
    Task<TOut> QueryAsync<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, CancellationToken token = default) where TDoc : notnull;

    /// <summary>Writes the result of a compiled query for one document as JSON and returns whether there was one.</summary>
    Task<bool> StreamJsonOne<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, Stream destination, CancellationToken token = default) where TDoc : notnull;

    /// <summary>Writes the results of a compiled query as a JSON array and returns their number.</summary>
    Task<int> StreamJsonMany<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, Stream destination, CancellationToken token = default) where TDoc : notnull;

    /// <summary>The result of a compiled query for one document as JSON, or null.</summary>
    Task<string?> ToJsonOne<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, CancellationToken token = default) where TDoc : notnull;

    /// <summary>The results of a compiled query as a JSON array.</summary>
    Task<string> ToJsonMany<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, CancellationToken token = default) where TDoc : notnull;

    /// <summary>Asks the question that a plan describes.</summary>
    Task<T> QueryByPlanAsync<T>(IQueryPlan<T> plan, CancellationToken token = default);

    /// <summary>Begins a batch of questions that are asked in one round trip.</summary>
    Services.BatchQuerying.IBatchedQuery CreateBatchQuery();

    /// <summary>The version identifier under which this session loaded or stored the document, when its type has one.</summary>
    Guid? VersionFor<TDoc>(TDoc entity) where TDoc : notnull;

    /// <summary>What the database knows about a stored document besides its content; null when it is not stored.</summary>
    Task<DocumentMetadata?> MetadataForAsync<T>(T entity, CancellationToken token = default) where T : notnull;

    /// <summary>Reads the documents and events of another tenant on the connection of this session.</summary>
    ITenantQueryOperations ForTenant(string tenantId);

    /// <summary>Runs a command in the session's transaction, or on a connection of its own, and returns the affected rows.</summary>
    Task<int> ExecuteAsync(NpgsqlCommand command, CancellationToken token = default);

    /// <summary>Runs a command and returns its reader; disposing the reader gives back a connection that was opened for it.</summary>
    Task<DbDataReader> ExecuteReaderAsync(NpgsqlCommand command, CancellationToken token = default);
}
