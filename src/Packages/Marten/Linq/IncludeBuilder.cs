using System.Linq.Expressions;
using Marten.Linq.Translation;

namespace Marten.Linq;

/// <summary>Completes an Include that began with its destination.</summary>
internal sealed class IncludeBuilder<T, TInclude>(IQueryable<T> query, object destination) : IMartenQueryableIncludeBuilder<T, TInclude> where TInclude : notnull
{
    public IMartenQueryable<T> On(Expression<Func<T, object>> idSource) => With(idSource, null, null);

    public IMartenQueryable<T> On(Expression<Func<T, object>> idSource, Expression<Func<TInclude, bool>> filter) => With(idSource, null, filter);

    public IMartenQueryable<T> On<TId>(Expression<Func<T, TId>> idSource, Expression<Func<TInclude, TId>> idMapping) => With(idSource, idMapping, null);

    public IMartenQueryable<T> On<TId>(Expression<Func<T, TId>> idSource, Expression<Func<TInclude, TId>> idMapping, Expression<Func<TInclude, bool>> filter) =>
        With(idSource, idMapping, filter);

    public IMartenQueryable<T> On<TId>(Expression<Func<T, IEnumerable<TId>>> idSource, Expression<Func<TInclude, TId>> idMapping) => With(idSource, idMapping, null);

    private IMartenQueryable<T> With(LambdaExpression source, LambdaExpression? mapping, LambdaExpression? filter) =>
        (IMartenQueryable<T>)QueryableExtensions.WithInclude(query, new IncludePlan<TInclude>(destination, source, mapping, filter));
}

/// <summary>Completes an Include that began with a dictionary.</summary>
internal sealed class IncludeBuilder<T, TKey, TInclude>(IQueryable<T> query, object destination) : IMartenQueryableIncludeBuilder<T, TKey, TInclude>
    where TKey : notnull where TInclude : notnull
{
    public IMartenQueryable<T> On(Expression<Func<T, object>> idSource) => With(idSource, null, null);

    public IMartenQueryable<T> On(Expression<Func<T, object>> idSource, Expression<Func<TInclude, bool>> filter) => With(idSource, null, filter);

    public IMartenQueryable<T> On(Expression<Func<T, TKey>> idSource, Expression<Func<TInclude, TKey>> idMapping) => With(idSource, idMapping, null);

    public IMartenQueryable<T> On(Expression<Func<T, TKey>> idSource, Expression<Func<TInclude, TKey>> idMapping, Expression<Func<TInclude, bool>> filter) =>
        With(idSource, idMapping, filter);

    private IMartenQueryable<T> With(LambdaExpression source, LambdaExpression? mapping, LambdaExpression? filter) =>
        (IMartenQueryable<T>)QueryableExtensions.WithInclude(query, new IncludePlan<TKey, TInclude>(destination, source, mapping, filter));
}
