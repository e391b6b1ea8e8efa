using System.Linq.Expressions;
using Marten.Linq.Translation;

namespace Marten.Services.BatchQuerying;

/// <summary>The results of a query in a batch.</summary>
internal class TransformedBatchQueryable<T>(BatchedQuery batch, IQueryable<T> query) : ITransformedBatchQueryable<T>
{
    protected BatchedQuery Batch => batch;

    protected IQueryable<T> Inner => query;

    public Task<IReadOnlyList<T>> ToList() => batch.Add(QueryRunner.ListRequest(query, null));

    public async Task<T> First() => (await One(null, 1, true))!;

    public Task<T?> FirstOrDefault() => One(null, 1, false);

    public async Task<T> Single() => (await One(null, 2, true))!;

    public Task<T?> SingleOrDefault() => One(null, 2, false);

    protected Task<T?> One(LambdaExpression? filter, int atMost, bool required) =>
        batch.Add(QueryRunner.ListRequest(QueryRunner.Filtered(query, filter), atMost), found => QueryRunner.One(found, required));
}

/// <summary>A query in a batch.</summary>
internal sealed class BatchedQueryable<T>(BatchedQuery batch, IQueryable<T> query) : TransformedBatchQueryable<T>(batch, query), IBatchedOrderedQueryable<T> where T : class
{
    public IQueryable<T> Query => Inner;

    public IBatchedQueryable<T> Where(Expression<Func<T, bool>> predicate) => With(Inner.Where(predicate));

    public IBatchedQueryable<T> Skip(int count) => With(Inner.Skip(count));

    public IBatchedQueryable<T> Take(int count) => With(Inner.Take(count));

    public IBatchedOrderedQueryable<T> OrderBy<TKey>(Expression<Func<T, TKey>> expression) => With(Inner.OrderBy(expression));

    public IBatchedOrderedQueryable<T> OrderByDescending<TKey>(Expression<Func<T, TKey>> expression) => With(Inner.OrderByDescending(expression));

    public IBatchedOrderedQueryable<T> ThenBy<TKey>(Expression<Func<T, TKey>> expression) => With(((IOrderedQueryable<T>)Inner).ThenBy(expression));

    public IBatchedOrderedQueryable<T> ThenByDescending<TKey>(Expression<Func<T, TKey>> expression) => With(((IOrderedQueryable<T>)Inner).ThenByDescending(expression));

    public ITransformedBatchQueryable<TValue> Select<TValue>(Expression<Func<T, TValue>> selection) => new TransformedBatchQueryable<TValue>(Batch, Inner.Select(selection));

    public IBatchedQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, Action<TInclude> callback) where TInclude : class => With(Inner.Include(idSource, callback));

    public IBatchedQueryable<T> Include<TInclude>(Expression<Func<T, object>> idSource, IList<TInclude> list) where TInclude : class => With(Inner.Include(idSource, list));

    public IBatchedQueryable<T> Include<TInclude, TKey>(Expression<Func<T, object>> idSource, IDictionary<TKey, TInclude> dictionary) where TInclude : class where TKey : notnull =>
        With(Inner.Include(idSource, dictionary));

    public Task<long> Count() => Batch.Add(QueryRunner.CountRequest(Inner, null));

    public Task<long> Count(Expression<Func<T, bool>> filter) => Batch.Add(QueryRunner.CountRequest(Inner, filter));

    public Task<bool> Any() => Batch.Add(QueryRunner.AnyRequest(Inner, null));

    public Task<bool> Any(Expression<Func<T, bool>> filter) => Batch.Add(QueryRunner.AnyRequest(Inner, filter));

    public async Task<T> First(Expression<Func<T, bool>> filter) => (await One(filter, 1, true))!;

    public Task<T?> FirstOrDefault(Expression<Func<T, bool>> filter) => One(filter, 1, false);

    public async Task<T> Single(Expression<Func<T, bool>> filter) => (await One(filter, 2, true))!;

    public Task<T?> SingleOrDefault(Expression<Func<T, bool>> filter) => One(filter, 2, false);

    public Task<TResult> Min<TResult>(Expression<Func<T, TResult>> expression) => Batch.Add(QueryRunner.AggregateRequest<TResult>(Inner, expression, "min"));

    public Task<TResult> Max<TResult>(Expression<Func<T, TResult>> expression) => Batch.Add(QueryRunner.AggregateRequest<TResult>(Inner, expression, "max"));

    public Task<TResult> Sum<TResult>(Expression<Func<T, TResult>> expression) => Batch.Add(QueryRunner.AggregateRequest<TResult>(Inner, expression, "sum"));

    public Task<double> Average(Expression<Func<T, object>> expression) => Batch.Add(QueryRunner.AggregateRequest<double>(Inner, Unboxed(expression), "avg"));

    public BatchedQueryable<T> With(IQueryable<T> other) => new(Batch, other);

    private static LambdaExpression Unboxed(LambdaExpression expression) =>
        expression.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? Expression.Lambda(convert.Operand, expression.Parameters) : expression;
}
