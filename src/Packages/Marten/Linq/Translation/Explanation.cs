using System.Text.Json;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>Asks PostgreSQL for the plan of a query.</summary>
internal sealed class Explanation : IConfigureExplainExpressions
{
    private readonly List<string> options = ["format json"];

    public IConfigureExplainExpressions Analyze() => With("analyze");

    public IConfigureExplainExpressions Verbose() => With("verbose");

    public IConfigureExplainExpressions Costs() => With("costs");

    public IConfigureExplainExpressions Buffers() => With("buffers");

    public IConfigureExplainExpressions Timing() => With("timing");

    public static async Task<QueryPlan> ExplainAsync(IQueryable queryable, Action<IConfigureExplainExpressions>? configure, CancellationToken token)
    {
        var explanation = new Explanation();
        configure?.Invoke(explanation);
        var query = QueryRunner.Translated(queryable);
        var statement = Statement.Rows(Statement.Parse(query));
        await QueryRunner.EnsureAsync(query, statement, token);
        await using var command = statement.ToCommand();
        var explained = command.Clone();
        command.CommandText = $"explain ({string.Join(", ", explanation.options)}) {command.CommandText}";
        var json = await query.Session.ReadAsync(command, static async (reader, stop) =>
        {
            await reader.ReadAsync(stop);
            return reader.GetString(0);
        }, token);
        return Parse(json, explained);
    }

    private static QueryPlan Parse(string json, NpgsqlCommand command)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement[0];
        var plan = root.GetProperty("Plan").Deserialize<QueryPlan>()!;
        plan.Command = command;
        plan.PlanningTime = root.TryGetProperty("Planning Time", out var planning) ? planning.GetDecimal() : 0;
        plan.ExecutionTime = root.TryGetProperty("Execution Time", out var execution) ? execution.GetDecimal() : 0;
        return plan;
    }

    private Explanation With(string option)
    {
        if (!options.Contains(option))
            options.Add(option);
        return this;
    }
}
