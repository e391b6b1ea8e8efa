using System.Linq.Expressions;
using Marten.Exceptions;
using Marten.Internal;
using Npgsql;

namespace Marten.Linq.Translation;

internal sealed partial class QueryModel
{
    private void Include(IncludePlan plan)
    {
        RequireUngrouped(plan.Source);
        var storage = session.StorageFor(plan.DocumentType);
        storageTypes.Add(plan.DocumentType);
        var key = SqlTranslator.Strip(Substituted(plan.Source));
        if (SqlTranslator.ElementType(key.Type) is null)
        {
            Includes.Add(new IncludedDocuments(plan, storage, Translator.Value(key).Sql, ""));
            return;
        }

        // Ids of elements: x => x.Lines.Select(l => l.ProductId).
        LambdaExpression? selector = null;
        if (key is MethodCallExpression { Method.Name: nameof(Enumerable.Select), Arguments: [var inner, LambdaExpression { Parameters.Count: 1 } lambda] } call && call.Method.DeclaringType == typeof(Enumerable))
            (key, selector) = (inner, lambda);
        var rows = Translator.Elements(key);
        var element = Expression.Parameter(rows.Element.Type, "element");
        Translator.Bind(element, rows.Element);
        var value = Translator.Value(selector is null ? element : Substitution.In(selector, element));
        Includes.Add(new IncludedDocuments(plan, storage, value.Sql, " cross join lateral " + rows.From));
    }

    /// <summary>The statement that fetches included documents, with parameters of its own.</summary>
    public NpgsqlBatchCommand ToCommand(IncludedDocuments include, int? atMost)
    {
        var command = new SqlBuilder();
        foreach (var parameter in Translator.Parameters)
            command.Parameters.Add(parameter.Clone());
        var source = new DocumentQuerySource(include.Storage);
        var translator = new SqlTranslator(session.Options, command.Parameters);
        var document = Expression.Parameter(source.Scope.Type, "included");
        translator.Bind(document, source.Scope);
        var target = include.Plan.Mapping is { } mapping ? translator.Value(Substitution.In(mapping, document)).Sql : source.Scope.Alias + ".id";
        var conditions = new List<string> { $"{target} in (select {include.KeySql}{KeyRows(include, atMost)})" };
        if (include.Plan.Filter is { } filter)
            conditions.Add(translator.Condition(Substitution.In(filter, document)));
        conditions.AddRange(source.Filters(translator));
        command.Append($"select {source.SelectColumns} from {source.From} where {string.Join(" and ", conditions)}");
        return command.ToBatchCommand();
    }

    /// <summary>The rows of the query that includes are fetched for: those that it returns.</summary>
    private string KeyRows(IncludedDocuments include, int? atMost)
    {
        if (!IsLimited && atMost is null)
            return FromAndWhere(include.KeyFrom);
        if (IsDistinct || Source is not DocumentQuerySource)
            throw new BadLinqExpressionException("Include together with Distinct cannot be limited. Take the results first and load the documents by their ids.");
        var filtered = FromAndWhere(include.KeyFrom);
        return $"{filtered}{(filtered.Contains(" where ", StringComparison.Ordinal) ? " and" : " where")} d.ctid in (select d.ctid{FromAndWhere()}{OrderBy()}{Limits(atMost)})";
    }
}
