using System.Linq.Expressions;

namespace Marten.Linq
{
    /// <summary>Marks compiled queries.</summary>
    public interface ICompiledQueryMarker;

    /// <summary>
    /// A query whose SQL is planned once for its type; its public members are the parameters. Members that hold
    /// <see cref="QueryStatistics"/>, or that Include names, receive what the query finds besides its result.
    /// </summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TOut">The result.</typeparam>
    public interface ICompiledQuery<TDoc, TOut> : ICompiledQueryMarker where TDoc : notnull
    {
        /// <summary>The query, with the synchronous operators of LINQ; it is run asynchronously.</summary>
        Expression<Func<IMartenQueryable<TDoc>, TOut>> QueryIs();
    }

    /// <summary>A compiled query for one document.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    public interface ICompiledQuery<TDoc> : ICompiledQuery<TDoc, TDoc> where TDoc : notnull;

    /// <summary>A compiled query for several results.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TOut">One result.</typeparam>
    public interface ICompiledListQuery<TDoc, TOut> : ICompiledQuery<TDoc, IEnumerable<TOut>> where TDoc : notnull;

    /// <summary>A compiled query for several documents.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    public interface ICompiledListQuery<TDoc> : ICompiledListQuery<TDoc, TDoc> where TDoc : notnull;
}

namespace Marten
{
    /// <summary>A question that is asked of a session.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    public interface IQueryPlan<T>
    {
        /// <summary>Asks the question.</summary>
        Task<T> Fetch(IQuerySession session, CancellationToken token);
    }

    /// <summary>A question that is asked together with others.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    public interface IBatchQueryPlan<T>
    {
        /// <summary>Adds the question to a batch; the answer is there when the batch has run.</summary>
        Task<T> Fetch(Services.BatchQuerying.IBatchedQuery query);
    }
}
