using System.Linq.Expressions;
using Marten.Exceptions;

namespace Marten.Linq.Translation;

internal sealed partial class QueryModel
{
    private void Flatten(MethodCallExpression call)
    {
        RequireUnlimited(call);
        RequireUngrouped(call);
        var collection = SqlTranslator.Strip(Substituted(Lambda(call)));
        var keepsAll = collection is MethodCallExpression { Method.Name: nameof(Enumerable.DefaultIfEmpty), Arguments.Count: 1 };
        if (keepsAll)
            collection = SqlTranslator.Strip(((MethodCallExpression)collection).Arguments[0]);
        var rows = Translator.Elements(collection);
        rows.Element.MayBeMissing = keepsAll;
        if (keepsAll)
            from.Add(rows.Condition is null ? $" left join lateral {rows.From} on TRUE" : $" left join {rows.From} on {rows.Condition}");
        else if (rows.Condition is null)
            from.Add(" cross join lateral " + rows.From);
        else
            from.Add($" join {rows.From} on {rows.Condition}");
        var parameter = Expression.Parameter(rows.Element.Type, "element");
        Translator.Bind(parameter, rows.Element);
        Current = call.Arguments.Count == 2 ? parameter : Substitution.In(Unquoted(call.Arguments[2]), Current, parameter);
    }

    private void Join(MethodCallExpression call)
    {
        RequireUnlimited(call);
        RequireUngrouped(call);
        if (call.Arguments.Count != 5)
            throw SqlTranslator.Unsupported(call);
        var rows = JoinedRows(call);
        from.Add($" join {rows.From} on {rows.Condition}");
        var parameter = Expression.Parameter(rows.Element.Type, "joined");
        Translator.Bind(parameter, rows.Element);
        Current = Substitution.In(Unquoted(call.Arguments[4]), Current, parameter);
    }

    private void GroupJoin(MethodCallExpression call)
    {
        RequireUnlimited(call);
        RequireUngrouped(call);
        if (call.Arguments.Count != 5)
            throw SqlTranslator.Unsupported(call);
        var result = Unquoted(call.Arguments[4]);
        var outer = Current;
        var joined = new JoinedExpression(result.Parameters[1].Type, () => JoinedRows(call, outer));
        Current = Substitution.In(result, Current, joined);
    }

    private ElementRows JoinedRows(MethodCallExpression call) => JoinedRows(call, Current);

    /// <summary>The rows of the inner query of a join that belong to a row of the outer one.</summary>
    private ElementRows JoinedRows(MethodCallExpression call, Expression outer)
    {
        var (inner, predicates) = InnerOf(call.Arguments[1]);
        var source = inner.As(Translator.NextAlias());
        source.Scope.Source = source;
        storageTypes.Add(source.StorageType);
        var document = Expression.Parameter(source.Scope.Type, "joined");
        Translator.Bind(document, source.Scope);
        var (left, right) = (Substitution.In(Lambda(call, 2), outer), Substitution.In(Lambda(call, 3), document));
        var parts = Keys(left).Zip(Keys(right), (one, other) => $"{Translator.Value(one).Sql} = {Translator.Value(other).Sql}").ToList();
        var conditions = Translator.WithOwnFilters(source, () =>
        {
            foreach (var predicate in predicates)
                AddConditions(Substitution.In(predicate, document), parts);
        });
        parts.AddRange(conditions);
        return new ElementRows(source.From, source.Scope, string.Join(" and ", parts));
    }

    private static Expression[] Keys(Expression key) => key is NewExpression created ? [.. created.Arguments] : [key];

    private static (DocumentQuerySource Source, List<LambdaExpression> Predicates) InnerOf(Expression expression)
    {
        var predicates = new List<LambdaExpression>();
        while (expression is MethodCallExpression { Method.Name: nameof(Queryable.Where), Arguments: [var next, _] } filter && filter.Method.DeclaringType == typeof(Queryable))
        {
            predicates.Insert(0, Lambda(filter));
            expression = next;
        }

        var isOperator = expression is MethodCallExpression call && call.Method.DeclaringType == typeof(Queryable);
        if (!isOperator && !SqlTranslator.Depends(expression) && ConstantEvaluator.Evaluate(expression) is ITranslatedQuery query)
        {
            if (query is { Expression: ConstantExpression, Source: DocumentQuerySource source })
                return (source, predicates);
            if (query.Expression is MethodCallExpression)
            {
                var (inner, more) = InnerOf(query.Expression);
                return (inner, [.. more, .. predicates]);
            }
        }

        throw new BadLinqExpressionException($"'{expression}' cannot be joined: the inner side of a join is Query<T>(), with Where at most.");
    }
}
