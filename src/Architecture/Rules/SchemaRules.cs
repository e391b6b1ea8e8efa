using ModularMonolith.Architecture.Sql;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>A module's SQL.</summary>
public static class SchemaRules
{
    /// <summary>A module's SQL names objects of its own schema only.</summary>
    public static readonly Rule SqlStaysInItsSchema = new(
        "sql-stays-in-its-schema",
        "The database refuses a statement that names another module's schema, and its tables are that module's secret.",
        "Ask the other module with a request, or keep what you need from its events; write events with Publish. SQL needs no schema name: the search path is the module's own.",
        static context => new SchemaCheck(context).Check())
    {
        Plant = static canary => canary.Code("ReadsOtherTables", (_, code) =>
        {
            code.Emit(OpCodes.Ldstr, $"select count(*) from {canary.Other.Name}.mt_events where type = $1");
            code.Emit(OpCodes.Pop);
        }),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [SqlStaysInItsSchema];
}
