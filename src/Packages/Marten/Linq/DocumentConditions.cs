namespace Marten.Linq.SoftDeletes
{
    /// <summary>Conditions on soft-deleted documents. They exist only in queries and replace the filter that hides deleted documents.</summary>
    public static class SoftDeletedExtensions
    {
        /// <summary>Includes deleted documents.</summary>
        public static bool MaybeDeleted(this object doc) => throw LinqProvider.OnlyInQueries();

        /// <summary>Only deleted documents.</summary>
        public static bool IsDeleted(this object doc) => throw LinqProvider.OnlyInQueries();

        /// <summary>Documents deleted after a time.</summary>
        public static bool DeletedSince(this object doc, DateTimeOffset time) => throw LinqProvider.OnlyInQueries();

        /// <summary>Documents deleted before a time.</summary>
        public static bool DeletedBefore(this object doc, DateTimeOffset time) => throw LinqProvider.OnlyInQueries();
    }
}

namespace Marten.Linq.MatchesSql
{
    /// <summary>Conditions that the caller writes in SQL.</summary>
    public static class MatchesSqlExtensions
    {
        /// <summary>A condition in SQL over the alias d, with a question mark for each value. Only in queries.</summary>
        public static bool MatchesSql(this object doc, string sql, params object[] parameters) => throw LinqProvider.OnlyInQueries();

        /// <summary>A condition in SQL over the alias d, with a character of the caller for each value. Only in queries.</summary>
        public static bool MatchesSql(this object doc, char placeholder, string sql, params object[] parameters) => throw LinqProvider.OnlyInQueries();

        /// <summary>A condition with operators of JSON paths, whose question marks stay as they are: each value is a caret. Only in queries.</summary>
        public static bool MatchesJsonPath(this object doc, string sql, params object[] parameters) => throw LinqProvider.OnlyInQueries();
    }
}

namespace Marten.Linq.CreatedAt
{
    /// <summary>Conditions on the time of the first write, for document types that record it.</summary>
    public static class CreatedAtExtensions
    {
        /// <summary>Documents first written after a time. Only in queries.</summary>
        public static bool CreatedSince(this object doc, DateTimeOffset time) => throw LinqProvider.OnlyInQueries();

        /// <summary>Documents first written before a time. Only in queries.</summary>
        public static bool CreatedBefore(this object doc, DateTimeOffset time) => throw LinqProvider.OnlyInQueries();
    }
}

namespace Marten.Linq.LastModified
{
    /// <summary>Conditions on the time of the last change.</summary>
    public static class LastModifiedExtensions
    {
        /// <summary>Documents changed after a time. Only in queries.</summary>
        public static bool ModifiedSince(this object doc, DateTimeOffset time) => throw LinqProvider.OnlyInQueries();

        /// <summary>Documents changed before a time. Only in queries.</summary>
        public static bool ModifiedBefore(this object doc, DateTimeOffset time) => throw LinqProvider.OnlyInQueries();
    }
}
