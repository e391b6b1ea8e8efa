using System.Collections;
using System.Linq.Expressions;
using Marten.Internal.Sessions;
using Marten.Linq.Translation;

namespace Marten.Linq;

/// <summary>What the operators that run a query need of it, whatever its results are.</summary>
internal interface ITranslatedQuery
{
    QuerySession Session { get; }

    QuerySource Source { get; }

    Expression Expression { get; }
}

/// <summary>A query: where it runs, what it begins with, and the operators so far. It is its own provider, because both are the same for all that is derived from it.</summary>
internal sealed class MartenQueryable<T> : IMartenQueryable<T>, IOrderedQueryable<T>, IQueryProvider, ITranslatedQuery
{
    public MartenQueryable(QuerySession session, QuerySource source, Expression? expression)
    {
        Session = session;
        Source = source;
        Expression = expression ?? Expression.Constant(this);
    }

    public QuerySession Session { get; }

    public QuerySource Source { get; }

    public Expression Expression { get; }

    public Type ElementType => typeof(T);

    public IQueryProvider Provider => this;

    public IQueryable<TElement> CreateQuery<TElement>(Expression expression) => new MartenQueryable<TElement>(Session, Source, expression);

    public IQueryable CreateQuery(Expression expression)
    {
        var elementType = SqlTranslator.ElementType(expression.Type) ?? throw SqlTranslator.Unsupported(expression);
        return (IQueryable)Activator.CreateInstance(typeof(MartenQueryable<>).MakeGenericType(elementType), Session, Source, expression)!;
    }

    public IEnumerator<T> GetEnumerator() => throw LinqProvider.OnlyAsynchronous();

    IEnumerator IEnumerable.GetEnumerator() => throw LinqProvider.OnlyAsynchronous();

    public TResult Execute<TResult>(Expression expression) => throw LinqProvider.OnlyAsynchronous();

    public object? Execute(Expression expression) => throw LinqProvider.OnlyAsynchronous();

    public IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, Action<TInclude> callback) where TInclude : notnull =>
        With(new IncludePlan<TInclude>(callback, idSource));

    public IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, Action<TInclude> callback, Expression<Func<TInclude, bool>> filter) where TInclude : notnull =>
        With(new IncludePlan<TInclude>(callback, idSource, null, filter));

    public IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, IList<TInclude> list) where TInclude : notnull =>
        With(new IncludePlan<TInclude>(list, idSource));

    public IMartenQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, IList<TInclude> list, Expression<Func<TInclude, bool>> filter) where TInclude : notnull =>
        With(new IncludePlan<TInclude>(list, idSource, null, filter));

    public IMartenQueryable<T> Include<TInclude, TKey>(Expression<Func<T, object>> idSource, IDictionary<TKey, TInclude> dictionary) where TInclude : notnull where TKey : notnull =>
        With(new IncludePlan<TKey, TInclude>(dictionary, idSource));

    public IMartenQueryable<T> Include<TInclude, TKey>(Expression<Func<T, object>> idSource, IDictionary<TKey, TInclude> dictionary, Expression<Func<TInclude, bool>> filter) where TInclude : notnull where TKey : notnull =>
        With(new IncludePlan<TKey, TInclude>(dictionary, idSource, null, filter));

    public IMartenQueryableIncludeBuilder<T, TInclude> Include<TInclude>(Action<TInclude> callback) where TInclude : notnull =>
        new IncludeBuilder<T, TInclude>(this, callback);

    public IMartenQueryableIncludeBuilder<T, TInclude> Include<TInclude>(IList<TInclude> list) where TInclude : notnull =>
        new IncludeBuilder<T, TInclude>(this, list);

    public IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<TKey, TInclude>(IDictionary<TKey, TInclude> dictionary) where TKey : notnull where TInclude : notnull =>
        new IncludeBuilder<T, TKey, TInclude>(this, dictionary);

    public IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<TKey, TInclude>(IDictionary<TKey, IList<TInclude>> dictionary) where TKey : notnull where TInclude : notnull =>
        new IncludeBuilder<T, TKey, TInclude>(this, dictionary);

    public IMartenQueryableIncludeBuilder<T, TKey, TInclude> Include<TKey, TInclude>(IDictionary<TKey, List<TInclude>> dictionary) where TKey : notnull where TInclude : notnull =>
        new IncludeBuilder<T, TKey, TInclude>(this, dictionary);

    public IMartenQueryable<T> WhereSub<TSub>(Expression<Func<TSub, bool>> predicate) where TSub : T =>
        (IMartenQueryable<T>)CreateQuery<T>(Expression.Call(Expression, typeof(IMartenQueryable<T>).GetMethod(nameof(WhereSub))!.MakeGenericMethod(typeof(TSub)), Expression.Quote(predicate)));

    /// <summary>The operators, for messages and debuggers.</summary>
    public override string ToString() => Expression is ConstantExpression ? $"Query<{Source.Scope.Type.Name}>()" : Expression.ToString();

    private IMartenQueryable<T> With(IncludePlan plan) => (IMartenQueryable<T>)QueryableExtensions.WithInclude(this, plan);
}
