using System.Linq.Expressions;

namespace Marten.Linq;

/// <summary>A query that is translated to SQL.</summary>
/// <typeparam name="T">The result.</typeparam>
public interface IMartenQueryable<T> : IQueryable<T>
{
    /// <summary>Also fetches the documents whose ids a member of the results holds, and hands over each.</summary>
    IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, Action<TInclude> callback) where TInclude : notnull;

    /// <summary>Also fetches those of the documents whose ids a member of the results holds that match a condition, and hands over each.</summary>
    IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, Action<TInclude> callback, Expression<Func<TInclude, bool>> filter) where TInclude : notnull;

    /// <summary>Also fetches the documents whose ids a member of the results holds, into a list.</summary>
    IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, IList<TInclude> list) where TInclude : notnull;

    /// <summary>Also fetches those of the documents whose ids a member of the results holds that match a condition, into a list.</summary>
    IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, IList<TInclude> list, Expression<Func<TInclude, bool>> filter) where TInclude : notnull;

    /// <summary>Also fetches the documents whose ids a member of the results holds, into a dictionary by their ids.</summary>
    IMartenQueryable<T> Include<TInclude, TKey>(Expression<Func<T, object>> idSource, IDictionary<TKey, TInclude> dictionary) where TInclude : notnull where TKey : notnull;

    /// <summary>Also fetches those of the documents whose ids a member of the results holds that match a condition, into a dictionary by their ids.</summary>
    IMartenQueryable<T> Include<TInclude, TKey>(Expression<Func<T, object>> idSource, IDictionary<TKey, TInclude> dictionary, Expression<Func<TInclude, bool>> filter) where TInclude : notnull where TKey : notnull;

    /// <summary>Also fetches other documents and hands over each; what follows says which.</summary>
    IMartenQueryableIncludeBuilder<T, TInclude> Include<TInclude>(Action<TInclude> callback) where TInclude : notnull;

    /// <summary>Also fetches other documents into a list; what follows says which.</summary>
    IMartenQueryableIncludeBuilder<T, TInclude> Include<TInclude>(IList<TInclude> list) where TInclude : notnull;

    /// <summary>Also fetches other documents into a dictionary; what follows says which and by which key.</summary>
    IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<TKey, TInclude>(IDictionary<TKey, TInclude> dictionary) where TKey : notnull where TInclude : notnull;

    /// <summary>Also fetches other documents into lists by a key; what follows says which and by which key.</summary>
    IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<TKey, TInclude>(IDictionary<TKey, IList<TInclude>> dictionary) where TKey : notnull where TInclude : notnull;

    /// <summary>Also fetches other documents into lists by a key; what follows says which and by which key.</summary>
    IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<TKey, TInclude>(IDictionary<TKey, List<TInclude>> dictionary) where TKey : notnull where TInclude : notnull;

    /// <summary>Only documents of a derived type that match.</summary>
    IMartenQueryable<T> WhereSub<TSub>(Expression<Func<TSub, bool>> predicate) where TSub : T;
}

/// <summary>Says which documents are fetched together with the results of a query.</summary>
/// <typeparam name="T">The result.</typeparam>
/// <typeparam name="TInclude">The other document.</typeparam>
public interface IMartenQueryableIncludeBuilder<T, TInclude> where TInclude : notnull
{
    /// <summary>Those whose ids a member of the results holds.</summary>
    IMartenQueryable<T> On(Expression<Func<T, object>> idSource);

    /// <summary>Those whose ids a member of the results holds, if they match a condition.</summary>
    IMartenQueryable<T> On(Expression<Func<T, object>> idSource, Expression<Func<TInclude, bool>> filter);

    /// <summary>Those of which a member equals a member of the results.</summary>
    IMartenQueryable<T> On<TId>(Expression<Func<T, TId>> idSource, Expression<Func<TInclude, TId>> idMapping);

    /// <summary>Those of which a member equals a member of the results, if they match a condition.</summary>
    IMartenQueryable<T> On<TId>(Expression<Func<T, TId>> idSource, Expression<Func<TInclude, TId>> idMapping, Expression<Func<TInclude, bool>> filter);

    /// <summary>Those of which a member equals an element of a collection of the results.</summary>
    IMartenQueryable<T> On<TId>(Expression<Func<T, IEnumerable<TId>>> idSource, Expression<Func<TInclude, TId>> idMapping);
}

/// <summary>Says which documents are fetched together with the results of a query, and by which key.</summary>
/// <typeparam name="T">The result.</typeparam>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TInclude">The other document.</typeparam>
public interface IMartenQueryableIncludeBuilder<T, TKey, TInclude> where TKey : notnull where TInclude : notnull
{
    /// <summary>Those whose ids a member of the results holds, by their ids.</summary>
    IMartenQueryable<T> On(Expression<Func<T, object>> idSource);

    /// <summary>Those whose ids a member of the results holds, by their ids, if they match a condition.</summary>
    IMartenQueryable<T> On(Expression<Func<T, object>> idSource, Expression<Func<TInclude, bool>> filter);

    /// <summary>Those of which a member equals a member of the results, by that member.</summary>
    IMartenQueryable<T> On(Expression<Func<T, TKey>> idSource, Expression<Func<TInclude, TKey>> idMapping);

    /// <summary>Those of which a member equals a member of the results, by that member, if they match a condition.</summary>
    IMartenQueryable<T> On(Expression<Func<T, TKey>> idSource, Expression<Func<TInclude, TKey>> idMapping, Expression<Func<TInclude, bool>> filter);
}

/// <summary>Receives the number of results that a query has without regard to Skip and Take.</summary>
public class QueryStatistics
{
    /// <summary>The number of results; set when the query has run.</summary>
    public long TotalResults { get; set; }
}

/// <summary>What a query is asked for.</summary>
public enum FetchType
{
    /// <summary>All results.</summary>
    FetchMany,

    /// <summary>Whether there is a result.</summary>
    Any,

    /// <summary>The number of results.</summary>
    Count,

    /// <summary>The first result.</summary>
    FetchOne,
}
