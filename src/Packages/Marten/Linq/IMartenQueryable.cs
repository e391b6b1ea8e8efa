namespace Marten.Linq;

/// <summary>A query that is translated to SQL.</summary>
/// <typeparam name="T">The result.</typeparam>
public interface IMartenQueryable<out T> : IQueryable<T>;

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
