using System.Linq.Expressions;
using Marten.Exceptions;
using Marten.Schema.Indexing.FullText;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

/// <summary>Search by parts of words.</summary>
internal sealed partial class SqlTranslator
{
    /// <summary>How well a text matches, for ordering.</summary>
    public string NgramRank(Expression text, Expression term)
    {
        var (vector, query) = Ngrams(text, term, text);
        return $"ts_rank({vector}, {query})";
    }

    private string NgramMatch(MethodCallExpression call)
    {
        var (vector, query) = Ngrams(call.Arguments[0], Independent(call, call.Arguments[1]), call);
        return $"{vector} @@ {query}";
    }

    private (string Vector, string Query) Ngrams(Expression text, Expression term, Expression whole)
    {
        if (Peek(term) is null)
            throw new ArgumentNullException(nameof(term), $"'{whole}' has an argument that is null.");
        if (!TryResolve(text, out var scope, out var path) || scope.Mapping is not { } mapping || path.Count == 0)
            throw new BadLinqExpressionException($"'{whole}' searches in a text: apply it to a member of the document.");
        if (!mapping.Indexes.Exists(i => i is NgramIndex))
            throw new BadLinqExpressionException($"'{whole}' needs an n-gram index. Declare it with Schema.For<{mapping.DocumentType.Name}>().NgramIndex(x => x.{string.Join(".", path.Select(m => m.Name))}).");
        var member = scope.Locate(path);
        if (member.PostgresType != "varchar" || member.MemberType.IsEnum)
            throw Unsupported(whole);
        return (NgramFunctions.Vector(options, member.Sql), NgramFunctions.Query(options, AddParameter(term, value => value, NpgsqlDbType.Text)));
    }
}
