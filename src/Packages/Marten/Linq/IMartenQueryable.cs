using System.Linq.Expressions;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Sessions;
using Marten.Schema;

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

/// <summary>Entry points of the query translation, used by sessions.</summary>
internal static class LinqProvider
{
    public static IMartenQueryable<T> Query<T>(QuerySession session) where T : notnull => throw NotYet();

    /// <summary>Appends the SQL of a condition over one document type with the alias d, its values as parameters. Does not add the filter of soft-deleted rows.</summary>
    public static void AppendWhere(SqlBuilder sql, DocumentMapping mapping, LambdaExpression condition) => throw NotYet();

    public static MartenException NotYet() => new("Queries are not available in this build.");
}
