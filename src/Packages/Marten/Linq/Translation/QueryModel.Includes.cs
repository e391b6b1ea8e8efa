using System.Linq.Expressions;
using Marten.Exceptions;
using Marten.Internal;

namespace Marten.Linq.Translation;

internal sealed partial class QueryModel
{
    /// <summary>An Include of a compiled query, whose arguments are expressions.</summary>
    private void Include(MethodCallExpression call)
    {
        if (call.Method.Name == nameof(QueryableExtensions.Include) && typeof(IQueryable).IsAssignableFrom(call.Type) == false)
            return;
        var arguments = call.Arguments.Where(a => !typeof(IQueryable).IsAssignableFrom(a.Type)).ToList();
        var destination = arguments.Find(a => a is not UnaryExpression { NodeType: ExpressionType.Quote }) ?? DestinationOf(call);
        var lambdas = arguments.Where(a => a != destination).Select(Unquoted).ToList();
        var mapping = call.Method.Name == "On" ? lambdas.Skip(1).FirstOrDefault(l => l.ReturnType != typeof(bool)) : null;
        var filter = lambdas.Skip(1).FirstOrDefault(l => l != mapping);
        var reader = Translator.Arguments?.ReaderOf(destination);
        if (reader is null)
            Translator.Arguments?.Fix(destination);
        Include(IncludePlan.Create(ConstantEvaluator.Evaluate(destination)!, destination.Type, lambdas[0], mapping, filter, reader));
    }

    private static Expression DestinationOf(MethodCallExpression on) =>
        on.Object is MethodCallExpression { Arguments: [.., var destination] } ? destination : throw SqlTranslator.Unsupported(on);

    private void Include(IncludePlan plan)
    {
        RequireUngrouped(plan.Source);
        var storage = store.StorageFor(plan.DocumentType);
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
    public PlannedCommand ToCommand(IncludedDocuments include, int? atMost)
    {
        var command = new SqlBuilder();
        var arguments = Translator.Arguments?.ForStatement();
        foreach (var parameter in Translator.Parameters)
            command.Parameters.Add(parameter.Clone());
        var source = new DocumentQuerySource(include.Storage, (Source as DocumentQuerySource)?.TenantId ?? Storage.TenantIds.Default);
        var translator = new SqlTranslator(store.Options, command.Parameters) { Arguments = arguments };
        var document = Expression.Parameter(source.Scope.Type, "included");
        translator.Bind(document, source.Scope);
        var target = include.Plan.Mapping is { } mapping ? translator.Value(Substitution.In(mapping, document)).Sql : source.Scope.Alias + ".id";
        var conditions = new List<string> { $"{target} in (select {include.KeySql}{KeyRows(include, atMost)})" };
        if (include.Plan.Filter is { } filter)
            conditions.Add(translator.Condition(Substitution.In(filter, document)));
        conditions.AddRange(source.Filters(translator));
        var sql = $"select {source.SelectColumns} from {source.From} where {string.Join(" and ", conditions)}";
        return new PlannedCommand(sql, command.Parameters, Translator.Arguments, arguments);
    }

    /// <summary>The rows of the query that includes are fetched for: those that it returns.</summary>
    private string KeyRows(IncludedDocuments include, int? atMost)
    {
        if (!IsLimited && atMost is null)
            return FromAndWhere(include.KeyFrom);
        if (IsDistinct || Source is not DocumentQuerySource)
            throw new BadLinqExpressionException("Include together with Distinct cannot be limited. Take the results first and load the documents by their ids.");
        var filtered = FromAndWhere(include.KeyFrom);

        // A row's place is unique within its partition only.
        var (place, places) = Source.Scope.Mapping is { Partitioning: not null } ? ("(d.tableoid, d.ctid)", "d.tableoid, d.ctid") : ("d.ctid", "d.ctid");
        return $"{filtered}{(filtered.Contains(" where ", StringComparison.Ordinal) ? " and" : " where")} {place} in (select {places}{FromAndWhere()}{OrderBy()}{Limits(atMost)})";
    }
}
