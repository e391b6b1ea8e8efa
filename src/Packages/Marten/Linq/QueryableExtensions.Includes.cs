using System.Linq.Expressions;
using Marten.Exceptions;
using Marten.Linq;

namespace Marten;

public static partial class QueryableExtensions
{
    /// <summary>Also fetches the documents whose ids a member of the results holds, and hands over each.</summary>
    public static IMartenQueryable<T> Include<T, TInclude>(this IQueryable<T> queryable, Expression<Func<T, object>> idSource, Action<TInclude> callback) where T : notnull where TInclude : notnull =>
        Own(queryable).Include(idSource, callback);

    /// <summary>Also fetches the documents whose ids a member of the results holds, into a list.</summary>
    public static IMartenQueryable<T> Include<T, TInclude>(this IQueryable<T> queryable, Expression<Func<T, object>> idSource, IList<TInclude> list) where T : notnull where TInclude : notnull =>
        Own(queryable).Include(idSource, list);

    /// <summary>Also fetches the documents whose ids a member of the results holds, into a dictionary by their ids.</summary>
    public static IMartenQueryable<T> Include<T, TKey, TInclude>(this IQueryable<T> queryable, Expression<Func<T, object>> idSource, IDictionary<TKey, TInclude> dictionary) where T : notnull where TKey : notnull where TInclude : notnull =>
        Own(queryable).Include(idSource, dictionary);

    /// <summary>Also fetches other documents and hands over each; what follows says which.</summary>
    public static IMartenQueryableIncludeBuilder<T, TInclude> Include<T, TInclude>(this IQueryable<T> queryable, Action<TInclude> callback) where T : notnull where TInclude : notnull =>
        Own(queryable).Include(callback);

    /// <summary>Also fetches other documents into a list; what follows says which.</summary>
    public static IMartenQueryableIncludeBuilder<T, TInclude> Include<T, TInclude>(this IQueryable<T> queryable, IList<TInclude> list) where T : notnull where TInclude : notnull =>
        Own(queryable).Include(list);

    /// <summary>Also fetches other documents into a dictionary; what follows says which and by which key.</summary>
    public static IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<T, TKey, TInclude>(this IQueryable<T> queryable, IDictionary<TKey, TInclude> dictionary) where T : notnull where TKey : notnull where TInclude : notnull =>
        Own(queryable).Include(dictionary);

    /// <summary>Also fetches other documents into lists by a key; what follows says which and by which key.</summary>
    public static IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<T, TKey, TInclude>(this IQueryable<T> queryable, IDictionary<TKey, IList<TInclude>> dictionary) where T : notnull where TKey : notnull where TInclude : notnull =>
        Own(queryable).Include(dictionary);

    /// <summary>Also fetches other documents into lists by a key; what follows says which and by which key.</summary>
    public static IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<T, TKey, TInclude>(this IQueryable<T> queryable, IDictionary<TKey, List<TInclude>> dictionary) where T : notnull where TKey : notnull where TInclude : notnull =>
        Own(queryable).Include(dictionary);

    private static IMartenQueryable<T> Own<T>(IQueryable<T> queryable) => queryable as IMartenQueryable<T>
        ?? throw new BadLinqExpressionException($"A query of type {queryable.GetType().Name} does not come from a document session; it cannot include documents.");
}
