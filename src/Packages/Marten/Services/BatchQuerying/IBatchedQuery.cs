using System.Linq.Expressions;
using Marten.Linq;

namespace Marten.Services.BatchQuerying;

/// <summary>
/// Questions that are asked in one round trip. Each returns a task that ends when <see cref="Execute"/> has run; await
/// Execute first.
/// </summary>
public interface IBatchedQuery
{
    /// <summary>Questions to the event store.</summary>
    IBatchEvents Events { get; }

    /// <summary>Whether a document exists.</summary>
    Task<bool> CheckExists<T>(string id) where T : class;

    /// <inheritdoc cref="CheckExists{T}(string)" />
    Task<bool> CheckExists<T>(int id) where T : class;

    /// <inheritdoc cref="CheckExists{T}(string)" />
    Task<bool> CheckExists<T>(long id) where T : class;

    /// <inheritdoc cref="CheckExists{T}(string)" />
    Task<bool> CheckExists<T>(Guid id) where T : class;

    /// <inheritdoc cref="CheckExists{T}(string)" />
    Task<bool> CheckExists<T>(object id) where T : class;

    /// <summary>The document with an id, or null.</summary>
    Task<T?> Load<T>(string id) where T : class;

    /// <inheritdoc cref="Load{T}(string)" />
    Task<T?> Load<T>(int id) where T : class;

    /// <inheritdoc cref="Load{T}(string)" />
    Task<T?> Load<T>(long id) where T : class;

    /// <inheritdoc cref="Load{T}(string)" />
    Task<T?> Load<T>(Guid id) where T : class;

    /// <inheritdoc cref="Load{T}(string)" />
    Task<T?> Load<T>(object id) where T : class;

    /// <summary>The documents with some ids that exist.</summary>
    IBatchLoadByKeys<T> LoadMany<T>() where T : class;

    /// <summary>Documents by SQL of the caller, as <see cref="IQuerySession.QueryAsync{T}(string, object[])"/> takes it.</summary>
    Task<IReadOnlyList<T>> Query<T>(string sql, params object[] parameters) where T : class;

    /// <summary>As the other, with a placeholder of the caller's choice.</summary>
    Task<IReadOnlyList<T>> Query<T>(char placeholder, string sql, params object[] parameters) where T : class;

    /// <summary>A query over the documents of a type.</summary>
    IBatchedQueryable<T> Query<T>() where T : class;

    /// <summary>A compiled query.</summary>
    Task<TResult> Query<TDoc, TResult>(ICompiledQuery<TDoc, TResult> query) where TDoc : class;

    /// <summary>The question that a plan describes.</summary>
    Task<T> QueryByPlan<T>(IBatchQueryPlan<T> plan);

    /// <summary>Asks all questions in one round trip and completes their tasks.</summary>
    Task Execute(CancellationToken token = default);
}

/// <summary>Loads documents by their ids in a batch.</summary>
/// <typeparam name="TDoc">The document.</typeparam>
public interface IBatchLoadByKeys<TDoc> where TDoc : class
{
    /// <summary>The documents with these ids that exist.</summary>
    Task<IReadOnlyList<TDoc>> ById<TKey>(params TKey[] keys);

    /// <summary>The documents with these ids that exist.</summary>
    Task<IReadOnlyList<TDoc>> ByIdList<TKey>(IEnumerable<TKey> keys);
}

/// <summary>The results of a query in a batch.</summary>
/// <typeparam name="T">The result.</typeparam>
public interface ITransformedBatchQueryable<T>
{
    /// <summary>All results.</summary>
    Task<IReadOnlyList<T>> ToList();

    /// <summary>The first result; fails when there is none.</summary>
    Task<T> First();

    /// <summary>The first result, or the default.</summary>
    Task<T?> FirstOrDefault();

    /// <summary>The only result; fails when there is not exactly one.</summary>
    Task<T> Single();

    /// <summary>The only result, or the default; fails when there are more.</summary>
    Task<T?> SingleOrDefault();
}

/// <summary>What a query in a batch can be asked for.</summary>
/// <typeparam name="T">The document.</typeparam>
public interface IBatchedFetcher<T> : ITransformedBatchQueryable<T>
{
    /// <summary>The number of results.</summary>
    Task<long> Count();

    /// <summary>The number of results that match.</summary>
    Task<long> Count(Expression<Func<T, bool>> filter);

    /// <summary>Whether there is a result.</summary>
    Task<bool> Any();

    /// <summary>Whether there is a result that matches.</summary>
    Task<bool> Any(Expression<Func<T, bool>> filter);

    /// <summary>The first result that matches; fails when there is none.</summary>
    Task<T> First(Expression<Func<T, bool>> filter);

    /// <summary>The first result that matches, or the default.</summary>
    Task<T?> FirstOrDefault(Expression<Func<T, bool>> filter);

    /// <summary>The only result that matches; fails when there is not exactly one.</summary>
    Task<T> Single(Expression<Func<T, bool>> filter);

    /// <summary>The only result that matches, or the default; fails when there are more.</summary>
    Task<T?> SingleOrDefault(Expression<Func<T, bool>> filter);
}

/// <summary>A query in a batch.</summary>
/// <typeparam name="T">The document.</typeparam>
public interface IBatchedQueryable<T> : IBatchedFetcher<T> where T : class
{
    /// <summary>Only documents that match.</summary>
    IBatchedQueryable<T> Where(Expression<Func<T, bool>> predicate);

    /// <summary>Leaves the first results out.</summary>
    IBatchedQueryable<T> Skip(int count);

    /// <summary>At most so many results.</summary>
    IBatchedQueryable<T> Take(int count);

    /// <summary>Orders, least first.</summary>
    IBatchedOrderedQueryable<T> OrderBy<TKey>(Expression<Func<T, TKey>> expression);

    /// <summary>Orders, greatest first.</summary>
    IBatchedOrderedQueryable<T> OrderByDescending<TKey>(Expression<Func<T, TKey>> expression);

    /// <summary>Makes something else of each document.</summary>
    ITransformedBatchQueryable<TValue> Select<TValue>(Expression<Func<T, TValue>> selection);

    /// <summary>Also fetches the documents whose ids a member of the results holds, and hands over each.</summary>
    IBatchedQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, Action<TInclude> callback) where TInclude : class;

    /// <summary>Also fetches the documents whose ids a member of the results holds, into a list.</summary>
    IBatchedQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, IList<TInclude> list) where TInclude : class;

    /// <summary>Also fetches the documents whose ids a member of the results holds, into a dictionary by their ids.</summary>
    IBatchedQueryable<T> Include<TInclude, TKey>(Expression<Func<T, object>> idSource, IDictionary<TKey, TInclude> dictionary) where TInclude : class where TKey : notnull;

    /// <summary>The smallest value of a member.</summary>
    Task<TResult> Min<TResult>(Expression<Func<T, TResult>> expression);

    /// <summary>The greatest value of a member.</summary>
    Task<TResult> Max<TResult>(Expression<Func<T, TResult>> expression);

    /// <summary>The sum of a member.</summary>
    Task<TResult> Sum<TResult>(Expression<Func<T, TResult>> expression);

    /// <summary>The mean of a member.</summary>
    Task<double> Average(Expression<Func<T, object>> expression);
}

/// <summary>An ordered query in a batch.</summary>
/// <typeparam name="T">The document.</typeparam>
public interface IBatchedOrderedQueryable<T> : IBatchedQueryable<T> where T : class
{
    /// <summary>Orders further, least first.</summary>
    IBatchedOrderedQueryable<T> ThenBy<TKey>(Expression<Func<T, TKey>> expression);

    /// <summary>Orders further, greatest first.</summary>
    IBatchedOrderedQueryable<T> ThenByDescending<TKey>(Expression<Func<T, TKey>> expression);
}
