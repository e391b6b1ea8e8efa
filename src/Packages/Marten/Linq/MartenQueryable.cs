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

    /// <summary>The operators, for messages and debuggers.</summary>
    public override string ToString() => Expression is ConstantExpression ? $"Query<{Source.Scope.Type.Name}>()" : Expression.ToString();
}
