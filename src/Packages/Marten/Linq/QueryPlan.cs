using System.Text.Json.Serialization;
using Npgsql;

namespace Marten.Linq;

/// <summary>How PostgreSQL would run a query: one step of the plan, with the steps that it takes its rows from.</summary>
public class QueryPlan
{
    /// <summary>The kind of step, for example Seq Scan or Index Scan.</summary>
    [JsonPropertyName("Node Type")]
    public string NodeType { get; set; } = string.Empty;

    /// <summary>The table, where the step reads one.</summary>
    [JsonPropertyName("Relation Name")]
    public string RelationName { get; set; } = string.Empty;

    /// <summary>The index, where the step reads one.</summary>
    [JsonPropertyName("Index Name")]
    public string IndexName { get; set; } = string.Empty;

    /// <summary>The alias of the table.</summary>
    public string Alias { get; set; } = string.Empty;

    /// <summary>Whether several processes can share the step.</summary>
    [JsonPropertyName("Parallel Aware")]
    public bool ParallelAware { get; set; }

    /// <summary>The estimated cost up to the first row, in the planner's units.</summary>
    [JsonPropertyName("Startup Cost")]
    public decimal StartupCost { get; set; }

    /// <summary>The estimated cost up to the last row, in the planner's units.</summary>
    [JsonPropertyName("Total Cost")]
    public decimal TotalCost { get; set; }

    /// <summary>The estimated number of rows.</summary>
    [JsonPropertyName("Plan Rows")]
    public decimal PlanRows { get; set; }

    /// <summary>The estimated size of a row in bytes.</summary>
    [JsonPropertyName("Plan Width")]
    public decimal PlanWidth { get; set; }

    /// <summary>The milliseconds up to the first row; with Analyze only.</summary>
    [JsonPropertyName("Actual Startup Time")]
    public decimal ActualStartupTime { get; set; }

    /// <summary>The milliseconds up to the last row; with Analyze only.</summary>
    [JsonPropertyName("Actual Total Time")]
    public decimal ActualTotalTime { get; set; }

    /// <summary>The number of rows; with Analyze only.</summary>
    [JsonPropertyName("Actual Rows")]
    public decimal ActualRows { get; set; }

    /// <summary>How often the step ran; with Analyze only.</summary>
    [JsonPropertyName("Actual Loops")]
    public decimal ActualLoops { get; set; }

    /// <summary>The columns of the step; with Verbose only.</summary>
    public string[] Output { get; set; } = [];

    /// <summary>What the step sorts by.</summary>
    [JsonPropertyName("Sort Key")]
    public string[] SortKey { get; set; } = [];

    /// <summary>How it was sorted; with Analyze only.</summary>
    [JsonPropertyName("Sort Method")]
    public string SortMethod { get; set; } = string.Empty;

    /// <summary>The kibibytes that sorting took; with Analyze only.</summary>
    [JsonPropertyName("Sort Space Used")]
    public decimal SortSpaceUsed { get; set; }

    /// <summary>Whether it was sorted in memory or on disk; with Analyze only.</summary>
    [JsonPropertyName("Sort Space Type")]
    public string SortSpaceType { get; set; } = string.Empty;

    /// <summary>The steps that this one takes its rows from.</summary>
    public QueryPlan[] Plans { get; set; } = [];

    /// <summary>The milliseconds of planning; on the first step, with Analyze only.</summary>
    [JsonIgnore]
    public decimal PlanningTime { get; internal set; }

    /// <summary>The milliseconds of running; on the first step, with Analyze only.</summary>
    [JsonIgnore]
    public decimal ExecutionTime { get; internal set; }

    /// <summary>The explained command; on the first step only.</summary>
    [JsonIgnore]
    public NpgsqlCommand? Command { get; internal set; }
}

/// <summary>Asks for more than the planner's estimates.</summary>
public interface IConfigureExplainExpressions
{
    /// <summary>Runs the query and reports what it took.</summary>
    IConfigureExplainExpressions Analyze();

    /// <summary>Reports the columns of each step.</summary>
    IConfigureExplainExpressions Verbose();

    /// <summary>Reports the estimated costs, as is the default.</summary>
    IConfigureExplainExpressions Costs();

    /// <summary>Reports the use of buffers; needs Analyze.</summary>
    IConfigureExplainExpressions Buffers();

    /// <summary>Reports the time of each step; needs Analyze.</summary>
    IConfigureExplainExpressions Timing();
}
