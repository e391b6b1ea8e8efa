using System.Linq.Expressions;
using System.Reflection;
using Marten.Services.BatchQuerying;

namespace Marten;

public static partial class QueryableExtensions
{
    /// <summary>Orders by members that are named at run time: a name, or a path with dots, each with "desc" behind it at most.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IOrderedQueryable<T> OrderBy<T>(this IQueryable<T> queryable, params string[] properties)
    {
        ArgumentOutOfRangeException.ThrowIfZero(properties.Length);
        var ordered = queryable.OrderBy(properties[0]);
        foreach (var property in properties.Skip(1))
            ordered = ordered.ThenBy(property);
        return ordered;
    }

    /// <summary>Orders by a member that is named at run time: a name, or a path with dots, with "desc" behind it at most.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IOrderedQueryable<T> OrderBy<T>(this IQueryable<T> queryable, string property) => ByName(queryable, nameof(Queryable.OrderBy), property);

    /// <summary>As the other; a comparer that ignores case orders texts in lower case.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IOrderedQueryable<T> OrderBy<T>(this IQueryable<T> queryable, string property, StringComparer comparer) =>
        ByName(queryable, nameof(Queryable.OrderBy), property, IgnoresCase(comparer));

    /// <summary>Orders, greatest first, by a member that is named at run time.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IOrderedQueryable<T> OrderByDescending<T>(this IQueryable<T> queryable, string property) => ByName(queryable, nameof(Queryable.OrderByDescending), property);

    /// <summary>Orders further by a member that is named at run time: a name, or a path with dots, with "desc" behind it at most.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IOrderedQueryable<T> ThenBy<T>(this IOrderedQueryable<T> queryable, string property) => ByName(queryable, nameof(Queryable.ThenBy), property);

    /// <summary>Orders further, greatest first, by a member that is named at run time.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IOrderedQueryable<T> ThenByDescending<T>(this IOrderedQueryable<T> queryable, string property) => ByName(queryable, nameof(Queryable.ThenByDescending), property);

    /// <summary>Orders by how well the parts of words in a text match those of the searched words, best first. Needs an n-gram index.</summary>
    public static IQueryable<T> OrderByNgramRank<T>(this IQueryable<T> queryable, Expression<Func<T, string>> memberExpression, string searchTerm)
    {
        ArgumentNullException.ThrowIfNull(searchTerm);
        var call = Expression.Call(typeof(QueryableExtensions), nameof(OrderByNgramRank), [typeof(T)], queryable.Expression, Expression.Quote(memberExpression), Expression.Constant(searchTerm));
        return queryable.Provider.CreateQuery<T>(call);
    }

    /// <summary>Orders a query in a batch by members that are named at run time.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IBatchedOrderedQueryable<T> OrderBy<T>(this IBatchedQueryable<T> queryable, params string[] properties) where T : class =>
        InBatch(queryable, query => query.OrderBy(properties));

    /// <summary>Orders a query in a batch by a member that is named at run time.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IBatchedOrderedQueryable<T> OrderBy<T>(this IBatchedQueryable<T> queryable, string property) where T : class =>
        InBatch(queryable, query => query.OrderBy(property));

    /// <summary>Orders a query in a batch, greatest first, by a member that is named at run time.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IBatchedOrderedQueryable<T> OrderByDescending<T>(this IBatchedQueryable<T> queryable, string property) where T : class =>
        InBatch(queryable, query => query.OrderByDescending(property));

    /// <summary>Orders a query in a batch further by a member that is named at run time.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IBatchedOrderedQueryable<T> ThenBy<T>(this IBatchedOrderedQueryable<T> queryable, string property) where T : class =>
        InBatch(queryable, query => ((IOrderedQueryable<T>)query).ThenBy(property));

    /// <summary>Orders a query in a batch further, greatest first, by a member that is named at run time.</summary>
    /// <exception cref="ArgumentException">The type has no such member.</exception>
    public static IBatchedOrderedQueryable<T> ThenByDescending<T>(this IBatchedOrderedQueryable<T> queryable, string property) where T : class =>
        InBatch(queryable, query => ((IOrderedQueryable<T>)query).ThenByDescending(property));

    private static BatchedQueryable<T> InBatch<T>(IBatchedQueryable<T> queryable, Func<IQueryable<T>, IQueryable<T>> order) where T : class =>
        queryable is BatchedQueryable<T> known ? known.With(order(known.Query)) : throw new ArgumentException("The query does not come from a batch of a document session.", nameof(queryable));

    private static IOrderedQueryable<T> ByName<T>(IQueryable<T> queryable, string method, string property, bool ignoreCase = false)
    {
        var words = property.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not [_] and not [_, _] || (words is [_, var direction] && !IsDirection(direction)))
            throw new ArgumentException($"'{property}' is not the name of a member, with asc or desc behind it at most.", nameof(property));
        if (words.Length == 2 && words[1].Equals("desc", StringComparison.OrdinalIgnoreCase))
            method = method.StartsWith("Then", StringComparison.Ordinal) ? nameof(Queryable.ThenByDescending) : nameof(Queryable.OrderByDescending);
        var document = Expression.Parameter(typeof(T), "x");
        Expression body = document;
        foreach (var name in words[0].Split('.'))
            body = Expression.MakeMemberAccess(body, MemberOf(body.Type, name));
        if (ignoreCase && body.Type == typeof(string))
            body = Expression.Call(body, nameof(string.ToLower), null);
        var key = Expression.Lambda(body, document);
        var call = Expression.Call(typeof(Queryable), method, [typeof(T), body.Type], queryable.Expression, Expression.Quote(key));
        return (IOrderedQueryable<T>)queryable.Provider.CreateQuery<T>(call);
    }

    private static bool IsDirection(string word) =>
        word.Equals("asc", StringComparison.OrdinalIgnoreCase) || word.Equals("desc", StringComparison.OrdinalIgnoreCase);

    private static MemberInfo MemberOf(Type type, string name)
    {
        const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase;
        return (MemberInfo?)type.GetProperty(name, Public) ?? type.GetField(name, Public)
            ?? throw new ArgumentException($"{type.Name} has no public member '{name}'.", nameof(name));
    }

    private static bool IgnoresCase(StringComparer comparer) => comparer.Equals("a", "A");
}
