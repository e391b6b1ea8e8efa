using System.Collections.Concurrent;
using System.Reflection;
using Marten.Exceptions;
using Marten.Internal.Sessions;

namespace Marten.Linq.Translation;

/// <summary>The statement of a compiled query, with what is different from one run to the next.</summary>
internal sealed class CompiledPlan
{
    private readonly Func<object, object?>? statistics;

    private CompiledPlan(Statement statement, QueryTerminal terminal, QueryArguments arguments, Func<object, object?>? statistics)
    {
        Statement = statement;
        Terminal = terminal;
        Commands = statement.Commands();
        IsReusable = !arguments.IsFixed && Commands.All(c => c.Own is not { IsFixed: true });
        this.statistics = statistics;
    }

    public Statement Statement { get; }

    public QueryTerminal Terminal { get; }

    public IReadOnlyList<PlannedCommand> Commands { get; }

    /// <summary>Whether the text holds for other values of the same shape.</summary>
    public bool IsReusable { get; }

    public static CompiledPlan Create<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, QuerySession session, bool asJson, Func<object, object?>? statistics) where TDoc : notnull
    {
        var expression = query.QueryIs() ?? throw new InvalidCompiledQueryException($"{query.GetType().FullName}.QueryIs() returned null; it must return the query.");
        var terminal = QueryTerminal.Of(expression.Body, query.GetType(), typeof(TOut));
        var arguments = new QueryArguments(query);
        var source = LinqProvider.SourceOf<TDoc>(session);
        var model = QueryModel.Translate(terminal.Source, session.Owner, source, arguments, expression.Parameters[0]);
        if (statistics?.Invoke(query) is QueryStatistics total && terminal.IsList && !asJson)
            model.Count(total);
        return new CompiledPlan(terminal.Complete(model, asJson), terminal, arguments, statistics);
    }

    /// <summary>The request that asks with the values of one query.</summary>
    public StatementRequest<TOut> Request<TOut>(object query, QuerySession session) =>
        new(session, Statement, Terminal.ReadAsync, new CompiledCall(this, query, statistics?.Invoke(query) as QueryStatistics));
}

/// <summary>One run of a compiled query.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Query">The query that holds the values.</param>
/// <param name="Statistics">Where the number of all results goes.</param>
internal sealed record CompiledCall(CompiledPlan Plan, object Query, QueryStatistics? Statistics);

/// <summary>The plans of the compiled queries of one store.</summary>
internal sealed class CompiledPlans
{
    private readonly ConcurrentDictionary<(Type Query, bool AsJson, string Shape), CompiledPlan> plans = new();
    private readonly ConcurrentDictionary<Type, Members> members = new();

    /// <summary>How many plans are remembered.</summary>
    public int Count => plans.Count;

    public CompiledPlan For<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, QuerySession session, bool asJson = false) where TDoc : notnull
    {
        var type = query.GetType();
        var known = members.GetOrAdd(type, Members.Of);
        var key = (type, asJson, known.ShapeOf(query));
        if (plans.TryGetValue(key, out var plan))
            return plan;
        plan = CompiledPlan.Create(query, session, asJson, known.Statistics);
        return plan.IsReusable ? plans.GetOrAdd(key, plan) : plan;
    }

    /// <summary>The members of a query's type that may be values.</summary>
    private sealed class Members(Func<object, object?>[] values, Func<object, object?>? statistics)
    {
        public Func<object, object?>? Statistics => statistics;

        public static Members Of(Type type)
        {
            const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            var fields = type.GetFields(All).Cast<MemberInfo>();
            var properties = type.GetProperties(All).Where(p => p.CanRead && p.GetIndexParameters().Length == 0);
            var members = fields.Concat(properties).Where(m => !m.Name.StartsWith('<')).ToList();
            var statistics = members.Find(m => Schema.JsonLocators.TypeOf(m) == typeof(QueryStatistics));
            var values = members.Where(m => m != statistics && !typeof(Delegate).IsAssignableFrom(Schema.JsonLocators.TypeOf(m)));
            return new Members([.. values.Select(QueryArguments.Reader)], statistics is null ? null : QueryArguments.Reader(statistics));
        }

        public string ShapeOf(object query) => string.Create(values.Length, (values, query), static (shape, state) =>
        {
            for (var i = 0; i < shape.Length; i++)
                shape[i] = QueryArguments.ShapeOf(state.values[i](state.query));
        });
    }
}
