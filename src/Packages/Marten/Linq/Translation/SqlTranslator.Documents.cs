using System.Linq.Expressions;
using JasperFx;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Schema;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

/// <summary>The operators that exist only in queries.</summary>
internal sealed partial class SqlTranslator
{
    private string OwnOperator(MethodCallExpression call, bool negated)
    {
        var arguments = call.Arguments;
        switch (call.Method.Name)
        {
            case nameof(LinqExtensions.IsOneOf) or nameof(LinqExtensions.In):
                return IsAmong(arguments[0], arguments[1], negated);
            case nameof(JasperFx.Core.StringExtensions.EqualsIgnoreCase):
                return TextEquality(arguments[0], arguments[1], true, negated);
            case nameof(LinqExtensions.IsSupersetOf):
                return Negate(HasAll(arguments[0], arguments[1]), negated);
            case nameof(LinqExtensions.IsSubsetOf):
                return Negate(HasOnly(arguments[0], arguments[1]), negated);
            case nameof(LinqExtensions.IsEmpty):
                return Negate(NotEmpty(arguments[0]), !negated);
            case nameof(LinqExtensions.Search):
                return Negate(FullText(call, "to_tsquery", null), negated);
            case nameof(LinqExtensions.PlainTextSearch):
                return Negate(FullText(call, "plainto_tsquery", null), negated);
            case nameof(LinqExtensions.PhraseSearch):
                return Negate(FullText(call, "phraseto_tsquery", null), negated);
            case nameof(LinqExtensions.WebStyleSearch):
                return Negate(FullText(call, "websearch_to_tsquery", null), negated);
            case nameof(LinqExtensions.PrefixSearch):
                return Negate(FullText(call, "to_tsquery", Prefixes), negated);
            case nameof(QueryableExtensions.ExplicitSql):
                return Negate($"({Required(call, call.Arguments[1])})", negated);
            case nameof(LinqExtensions.NgramSearch):
                return Negate(NgramMatch(call), negated);
            case nameof(MatchesSql.MatchesSqlExtensions.MatchesSql):
                return Negate(CallerSql(call, '?'), negated);
            case nameof(MatchesSql.MatchesSqlExtensions.MatchesJsonPath):
                return Negate(CallerSql(call, '^'), negated);
            default:
                return MetadataCondition(call, negated);
        }
    }

    private string MetadataCondition(MethodCallExpression call, bool negated)
    {
        DocumentOf(call);
        switch (call.Method.Name)
        {
            case nameof(LastModified.LastModifiedExtensions.ModifiedSince):
                return Negate($"{LastModifiedOf(call)} > {Time(call)}", negated);
            case nameof(LastModified.LastModifiedExtensions.ModifiedBefore):
                return Negate($"{LastModifiedOf(call)} < {Time(call)}", negated);
        }

        if (call.Method.DeclaringType == typeof(CreatedAt.CreatedAtExtensions))
            return Negate($"{CreatedAtOf(call)} {(call.Method.Name == nameof(CreatedAt.CreatedAtExtensions.CreatedSince) ? ">" : "<")} {Time(call)}", negated);
        if (DocumentOf(call).Mapping!.DeleteStyle != DeleteStyle.SoftDelete)
            throw new BadLinqExpressionException($"'{call}' needs a document type that is soft-deleted; {DocumentOf(call).Type.Name} is not. Declare it with Schema.For<{DocumentOf(call).Type.Name}>().SoftDeleted().");
        NamesDeletedRows = true;
        var alias = DocumentOf(call).Alias;
        return call.Method.Name switch
        {
            nameof(SoftDeletes.SoftDeletedExtensions.MaybeDeleted) => Truth(!negated),
            nameof(SoftDeletes.SoftDeletedExtensions.IsDeleted) => $"{alias}.mt_deleted = {Truth(!negated)}",
            nameof(SoftDeletes.SoftDeletedExtensions.DeletedSince) => Negate($"({alias}.mt_deleted = TRUE and {alias}.mt_deleted_at > {Time(call)})", negated),
            nameof(SoftDeletes.SoftDeletedExtensions.DeletedBefore) => Negate($"({alias}.mt_deleted = TRUE and {alias}.mt_deleted_at < {Time(call)})", negated),
            _ => throw Unsupported(call),
        };
    }

    private string LastModifiedOf(MethodCallExpression call) => DocumentOf(call).Mapping!.Metadata.LastModified.Enabled
        ? $"{DocumentOf(call).Alias}.mt_last_modified"
        : throw new BadLinqExpressionException($"'{call}' needs the time of the last write, which {DocumentOf(call).Type.Name} does not record, because its informational columns are disabled.");

    private string CreatedAtOf(MethodCallExpression call)
    {
        var column = DocumentOf(call).Mapping!.Metadata.CreatedAt;
        return column.Enabled
            ? $"{DocumentOf(call).Alias}.{column.Name}"
            : throw new BadLinqExpressionException($"'{call}' needs the time of the first write, which {DocumentOf(call).Type.Name} does not record. Declare it with Schema.For<{DocumentOf(call).Type.Name}>().Metadata(m => m.CreatedAt.Enabled = true).");
    }

    /// <summary>Whether a collection has all values of a list: containment, which a GIN index supports.</summary>
    private string HasAll(Expression collection, Expression list)
    {
        if (Depends(list) || !TryResolve(collection, out var scope, out var path))
            throw Unsupported(collection);
        return $"{JsonOf(scope.Locate(path))} @> {AddParameter(list, values => options.Serializer().ToJson(values), NpgsqlDbType.Jsonb)}";
    }

    /// <summary>Whether a collection has only values of a list. A collection that is absent has none.</summary>
    private string HasOnly(Expression collection, Expression list)
    {
        if (Depends(list) || !TryResolve(collection, out var scope, out var path))
            throw Unsupported(collection);
        var json = JsonOf(scope.Locate(path));
        return $"(case when jsonb_typeof({json}) = 'array' then {json} else '[]'::jsonb end) <@ {AddParameter(list, values => options.Serializer().ToJson(values), NpgsqlDbType.Jsonb)}";
    }

    private QueryScope DocumentOf(MethodCallExpression call) =>
        Strip(call.Arguments[0]) is ParameterExpression parameter && scopes.TryGetValue(parameter, out var scope) && scope.Mapping is not null
            ? scope
            : throw new BadLinqExpressionException($"'{call}' is about a whole document: apply it to the parameter of the condition.");

    private string Time(MethodCallExpression call) =>
        AddParameter(Independent(call, call.Arguments[1]), time => ((DateTimeOffset)time!).ToUniversalTime(), NpgsqlDbType.TimestampTz);

    private static Expression Independent(MethodCallExpression call, Expression argument) => Depends(argument) ? throw Unsupported(call) : argument;

    private object Required(MethodCallExpression call, Expression argument) => Evaluate(Independent(call, argument)) ?? throw new ArgumentNullException(nameof(call), $"'{call}' has an argument that is null.");

    /// <summary>Full-text search in the declared index of the configuration; without one, in all texts of the document.</summary>
    private string FullText(MethodCallExpression call, string function, Func<string, string>? rewrite)
    {
        var mapping = DocumentOf(call).Mapping!;
        var term = Independent(call, call.Arguments[1]);
        if (Peek(term) is null)
            throw new ArgumentNullException(nameof(call), $"'{call}' has an argument that is null.");
        var configuration = call.Arguments.Count == 3 ? (string)Required(call, call.Arguments[2]) : null;
        var declared = mapping.Indexes.OfType<FullTextIndexDefinition>().ToList();
        var index = declared.Find(i => i.RegConfig == (configuration ?? "english"))
            ?? (configuration is null && declared.Count > 0 ? declared[0] : new FullTextIndexDefinition(mapping, configuration ?? "english", []));
        var language = Identifiers.Literal(index.RegConfig);
        return $"{index.VectorSql(DocumentOf(call).Alias)} @@ {function}({language}::regconfig, {AddParameter(term, text => rewrite is null ? text : rewrite((string)text!), NpgsqlDbType.Text)})";
    }

    /// <summary>Each word becomes a quoted prefix, so operators in the text have no meaning.</summary>
    private static string Prefixes(string text) =>
        string.Join(" & ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => $"'{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}':*"));

    private string CallerSql(MethodCallExpression call, char usual)
    {
        DocumentOf(call);
        var hasPlaceholder = call.Arguments[1].Type == typeof(char);
        var placeholder = hasPlaceholder ? (char)Required(call, call.Arguments[1]) : usual;
        var sql = (string)Required(call, call.Arguments[hasPlaceholder ? 2 : 1]);
        var values = (object?[])Required(call, call.Arguments[^1]);
        var builder = new SqlBuilder();
        builder.Parameters.AddRange(parameters);
        builder.AppendWithPlaceholders(sql, placeholder, values);
        parameters.AddRange(builder.Parameters.Skip(parameters.Count));
        return $"({builder})";
    }
}
