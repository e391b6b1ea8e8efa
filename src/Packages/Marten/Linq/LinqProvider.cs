using System.Linq.Expressions;
using Marten.Internal;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Linq.Translation;

namespace Marten.Linq;

/// <summary>Entry points of the query translation.</summary>
internal static class LinqProvider
{
    public static IMartenQueryable<T> Query<T>(QuerySession session) where T : notnull =>
        Query<T>(session, SourceOf<T>(session));

    /// <summary>The documents that a session sees.</summary>
    public static DocumentQuerySource SourceOf<T>(QuerySession session) where T : notnull => new(session.StorageFor<T>(), session.TenantId);

    /// <summary>A query over rows that are not documents: events, for example.</summary>
    public static IMartenQueryable<T> Query<T>(QuerySession session, QuerySource source) =>
        new MartenQueryable<T>(session, source, null);

    /// <summary>Appends the SQL of a condition over one document type with the alias d, its values as parameters. Does not add the filter of soft-deleted rows.</summary>
    public static void AppendWhere(SqlBuilder sql, DocumentStorage storage, LambdaExpression condition, QuerySession session)
    {
        var translator = new SqlTranslator(storage.Mapping.Options, sql.Parameters);
        var source = new DocumentQuerySource(storage, session.TenantId);
        translator.Bind(condition.Parameters[0], source.Scope);
        sql.Append(string.Join(" and ", source.OwnFilters(translator).Prepend(translator.Condition(condition.Body))));
    }

    /// <summary>Appends the SQL of a condition over other rows than documents, with everything that the rows of the source must be.</summary>
    public static void AppendWhere(SqlBuilder sql, QuerySource source, LambdaExpression condition, StoreOptions options)
    {
        var translator = new SqlTranslator(options, sql.Parameters);
        translator.Bind(condition.Parameters[0], source.Scope);
        var own = translator.Condition(condition.Body);
        sql.Append(string.Join(" and ", source.Filters(translator).Prepend(own)));
    }

    public static NotSupportedException OnlyInQueries() => new("This method describes a condition in a query of a document session; it cannot be called.");

    public static NotSupportedException OnlyAsynchronous() => new("As of Marten 9.0, only asynchronous data access is supported");
}
