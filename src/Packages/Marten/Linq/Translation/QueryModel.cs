using System.Linq.Expressions;
using Marten.Exceptions;

namespace Marten.Linq.Translation;

/// <summary>
/// A chain of LINQ operators, translated clause by clause from its source outwards. This part: the clauses and the statement
/// that they make; the others: operators, joins and groups.
/// </summary>
internal sealed partial class QueryModel
{
    private readonly List<string> from = [];
    private readonly List<string> conditions = [];
    private readonly List<string> groupConditions = [];
    private readonly List<(string Sql, bool Descending, bool IsComplete)> orderings = [];
    private readonly HashSet<Type> storageTypes = [];
    private readonly Expression? start;
    private readonly DocumentStore store;
    private List<string>? groupKeys;
    private string? offset;
    private string? limit;
    private int skipped;
    private int? taken;
    private Expression? takenFrom;

    private QueryModel(DocumentStore store, QuerySource source, QueryArguments? arguments, Expression? start)
    {
        this.store = store;
        this.start = start;
        Source = source;
        Translator = new SqlTranslator(store.Options, []) { Arguments = arguments };
        source.Scope.Source = source;
        storageTypes.Add(source.StorageType);
        var root = Expression.Parameter(source.Scope.Type, "document");
        Translator.Bind(root, source.Scope);
        Current = root;
        from.Add(source.From);
    }

    public QuerySource Source { get; }

    public SqlTranslator Translator { get; }

    /// <summary>The result of the chain so far, in terms of the parameters that the translator knows.</summary>
    public Expression Current { get; private set; }

    public bool IsDistinct { get; private set; }

    public bool IsGrouped => groupKeys is not null;

    public QueryStatistics? Statistics { get; private set; }

    /// <summary>The documents that are fetched together with the results.</summary>
    public List<IncludedDocuments> Includes { get; } = [];

    /// <summary>The types whose tables the statement needs.</summary>
    public IReadOnlyCollection<Type> StorageTypes => storageTypes;

    public bool HasOffset => offset is not null;

    /// <summary>Whether the rows are limited, so that what is counted or added up must be a subquery.</summary>
    public bool IsLimited => limit is not null || offset is not null;

    /// <summary>Translates a chain of operators on a source; in a compiled query the chain begins with a parameter.</summary>
    public static QueryModel Translate(Expression expression, DocumentStore store, QuerySource source, QueryArguments? arguments = null, Expression? start = null)
    {
        var model = new QueryModel(store, source, arguments, start);
        model.Visit(expression);
        return model;
    }

    /// <summary>Also counts the results without regard to limits.</summary>
    public void Count(QueryStatistics statistics) => Statistics = statistics;

    public void Where(LambdaExpression predicate)
    {
        RequireUnlimited(predicate);
        AddConditions(Substituted(predicate), IsGrouped ? groupConditions : conditions);
    }

    public Expression Substituted(LambdaExpression lambda) => Substitution.In(lambda, Current);

    /// <summary>Everything behind the select list, without groups, order and limits.</summary>
    public string FromAndWhere(string more = "")
    {
        var all = conditions.Concat(Source.Filters(Translator)).ToList();
        var text = " from " + string.Concat(from) + more;
        return all.Count == 0 ? text : $"{text} where {string.Join(" and ", all)}";
    }

    public string OrderBy() => orderings.Count == 0
        ? ""
        : " order by " + string.Join(", ", orderings.Select(o => o.Descending ? o.Sql + " desc" : o.Sql));

    /// <summary>
    /// A select list with everything behind it but the limits. Distinct results that are ordered or counted are groups, because
    /// "distinct" allows only orderings that are results, and window functions are evaluated before it.
    /// </summary>
    public string Select(IReadOnlyList<string> columns, string extraColumn = "")
    {
        var list = columns.Count == 0 ? "1" : string.Join(", ", columns);
        if (groupKeys is not null)
            return $"select {list}{extraColumn}{FromAndWhere()}{Groups()}{OrderBy()}";
        if (!IsDistinct)
            return $"select {list}{extraColumn}{FromAndWhere()}{OrderBy()}";
        if (orderings.Count == 0 && extraColumn.Length == 0)
            return $"select distinct {list}{FromAndWhere()}";
        var keys = orderings.Select(o => o.IsComplete ? o.Sql : $"(array_agg({o.Sql} order by {o.Sql}{(o.Descending ? " desc" : "")}))[1]{(o.Descending ? " desc" : "")}");
        var order = orderings.Count == 0 ? "" : " order by " + string.Join(", ", keys);
        return $"select {list}{extraColumn}{FromAndWhere()} group by {list}{order}";
    }

    /// <summary>The limits, at most <paramref name="atMost"/> rows.</summary>
    public string Limits(int? atMost = null)
    {
        var text = offset is null ? "" : " offset " + offset;
        if (atMost is not null && takenFrom is not null)
            Translator.Arguments?.Fix(takenFrom);
        if (atMost is { } most && !(taken <= most))
            return $"{text} limit {most}";
        return limit is null ? text : $"{text} limit {limit}";
    }

    /// <summary>Turns the order round, for the last results.</summary>
    public void Reverse(Expression expression)
    {
        if (IsLimited || orderings.Count == 0 || orderings.Exists(o => o.IsComplete))
            throw new BadLinqExpressionException($"'{expression}' asks for the last result, which needs OrderBy or ThenBy, and no Skip, Take or SQL of the caller behind it.");
        for (var i = 0; i < orderings.Count; i++)
            orderings[i] = (orderings[i].Sql, !orderings[i].Descending, false);
    }

    private string Groups()
    {
        // A key that is constant makes one group of all rows, and none of no rows; "group by ()" would make one of no rows.
        var keys = " group by " + (groupKeys!.Count == 0 ? "(select 1)" : string.Join(", ", groupKeys));
        return groupConditions.Count == 0 ? keys : $"{keys} having {string.Join(" and ", groupConditions)}";
    }

    private void RequireUnlimited(Expression expression)
    {
        if (IsLimited)
            throw new BadLinqExpressionException($"'{expression}' follows Skip or Take. Put Where, OrderBy, Distinct, GroupBy, Join and SelectMany before them.");
    }

    private void RequireUngrouped(Expression expression)
    {
        if (IsGrouped || IsDistinct)
            throw new BadLinqExpressionException($"'{expression}' follows GroupBy or Distinct, which this operator cannot.");
    }
}
