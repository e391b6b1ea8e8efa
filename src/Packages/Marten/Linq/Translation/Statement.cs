using System.Linq.Expressions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>A query ready to run.</summary>
internal sealed class Statement
{
    private readonly QueryModel model;

    private Statement(QueryModel model, string sql, Projection? projection = null, int statisticsColumn = -1)
    {
        this.model = model;
        Sql = sql;
        Projection = projection;
        StatisticsColumn = statisticsColumn;
    }

    public string Sql { get; }

    /// <summary>How a row becomes a result; null for counts and JSON.</summary>
    public Projection? Projection { get; }

    /// <summary>The column with the number of all results; -1 when it is not asked for.</summary>
    public int StatisticsColumn { get; }

    /// <summary>The most rows that are read; null for all.</summary>
    public int? AtMost { get; private init; }

    public QueryModel Model => model;

    public QueryStatistics? Statistics => model.Statistics;

    /// <summary>Whether the number of all results is asked for by a statement of its own when it must be known in one round trip.</summary>
    public bool CountsApart => StatisticsColumn >= 0 && MayHavePassedEnd;

    /// <summary>Whether an empty page says nothing about the number of all results.</summary>
    public bool MayHavePassedEnd => model.HasOffset;

    public static QueryModel Parse(ITranslatedQuery query) => QueryModel.Translate(query.Expression, query.Session.Owner, query.Source);

    /// <summary>The results, at most <paramref name="atMost"/>.</summary>
    public static Statement Rows(QueryModel model, int? atMost = null)
    {
        var builder = new ProjectionBuilder(model.Translator);
        var projection = builder.Build(model.Current);
        if (model.Statistics is null)
            return new Statement(model, model.Select(builder.Columns) + model.Limits(atMost), projection) { AtMost = atMost };
        return new Statement(model, model.Select(builder.Columns, ", count(*) over()") + model.Limits(atMost), projection, Math.Max(1, builder.Width)) { AtMost = atMost };
    }

    /// <summary>The results as one jsonb column.</summary>
    public static Statement Json(QueryModel model, int? atMost = null)
    {
        var column = new ProjectionBuilder(model.Translator).BuildJson(model.Current);
        return new Statement(model, model.Select([column]) + model.Limits(atMost));
    }

    /// <summary>The results as one jsonb column, with the number of all results behind it.</summary>
    public static Statement JsonPage(QueryModel model)
    {
        var column = new ProjectionBuilder(model.Translator).BuildJson(model.Current);
        return new Statement(model, model.Select([column], ", count(*) over()") + model.Limits(), null, 1);
    }

    public static Statement Count(QueryModel model) =>
        new(model, model.IsLimited || model.IsDistinct || model.IsGrouped ? $"select count(*) from ({Inner(model)}) as r" : $"select count(*){model.FromAndWhere()}");

    /// <summary>The number of results without regard to limits.</summary>
    public static Statement CountAll(QueryModel model) =>
        new(model, model.IsDistinct || model.IsGrouped ? $"select count(*) from ({Inner(model, false)}) as r" : $"select count(*){model.FromAndWhere()}");

    public static Statement Any(QueryModel model) => new(model, $"select exists({Inner(model)})");

    /// <summary>Sum, minimum, maximum or average of a member.</summary>
    public static Statement Aggregate(QueryModel model, LambdaExpression selector, string function) => Aggregate(model, model.Substituted(selector), function);

    /// <summary>Sum, minimum, maximum or average of a value.</summary>
    public static Statement Aggregate(QueryModel model, Expression body, string function)
    {
        var value = model.Translator.Value(body);
        if (value.Member is { PostgresType: "jsonb" } or { EnumAsText: true })
            throw SqlTranslator.Unsupported(body);
        var call = function == "avg" ? "CAST(avg({0}) as double precision)" : function + "({0})";
        var sql = model.IsLimited || model.IsDistinct || model.IsGrouped
            ? $"select {string.Format(System.Globalization.CultureInfo.InvariantCulture, call, "r.value")} from ({Inner(model, true, value.Sql)}) as r(value)"
            : $"select {string.Format(System.Globalization.CultureInfo.InvariantCulture, call, value.Sql)}{model.FromAndWhere()}";
        return new Statement(model, sql, new ColumnProjection(0, body.Type));
    }

    public NpgsqlCommand ToCommand()
    {
        var command = new NpgsqlCommand(Sql);
        foreach (var parameter in model.Translator.Parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>
    /// The statement and those that fetch included documents. When a page may be empty although there are results, the last
    /// one counts all of them.
    /// </summary>
    public List<PlannedCommand> Commands(bool countsAll = true)
    {
        var arguments = model.Translator.Arguments;
        var count = countsAll && CountsApart ? CountAll(model) : null;
        var commands = new List<PlannedCommand> { new(Sql, model.Translator.Parameters, arguments) };
        commands.AddRange(model.Includes.Select(include => model.ToCommand(include, AtMost)));
        if (count is not null)
            commands.Add(new PlannedCommand(count.Sql, model.Translator.Parameters, arguments));
        return commands;
    }

    private static string Inner(QueryModel model, bool limited = true, string? value = null)
    {
        var columns = new List<string>();
        if (model.IsDistinct)
        {
            var builder = new ProjectionBuilder(model.Translator);
            builder.Build(model.Current);
            columns = builder.Columns;
        }

        if (value is not null)
            columns.Insert(0, value);
        return limited && model.IsLimited ? model.Select(columns) + model.Limits() : model.Select(columns);
    }
}
