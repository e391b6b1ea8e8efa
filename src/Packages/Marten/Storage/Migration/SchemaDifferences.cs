using System.Text.RegularExpressions;
using Marten.Internal;
using Weasel.Core;

namespace Marten.Storage.Migration;

/// <summary>One change that brings an object of the database in line with the store.</summary>
/// <param name="Subject">The table, sequence or function.</param>
/// <param name="Kind">What the change does.</param>
/// <param name="Sql">The statements.</param>
/// <param name="Reason">For a change that may not be made: what differs.</param>
/// <param name="Index">For an index whose text differs: what to compare exactly before it is built again.</param>
internal sealed record SchemaChange(string Subject, SchemaPatchDifference Kind, string Sql, string Reason = "", IndexComparison? Index = null);

/// <summary>An index whose definition may differ.</summary>
/// <param name="Table">The table.</param>
/// <param name="Script">The wanted CREATE INDEX statement.</param>
/// <param name="Existing">The definition in the database.</param>
internal sealed record IndexComparison(string Table, string Script, string Existing);

/// <summary>Compares what a store wants with what the database has.</summary>
internal static partial class SchemaDifferences
{
    private static readonly Dictionary<string, string> TypeAliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["varchar"] = "character varying",
        ["char"] = "character",
        ["int"] = "integer",
        ["int4"] = "integer",
        ["int8"] = "bigint",
        ["int2"] = "smallint",
        ["bool"] = "boolean",
        ["decimal"] = "numeric",
        ["float4"] = "real",
        ["float8"] = "double precision",
        ["timestamptz"] = "timestamp with time zone",
        ["timestamp"] = "timestamp without time zone",
        ["time"] = "time without time zone",
    };

    public static List<SchemaChange> Between(IEnumerable<SchemaObject> wanted, Catalog catalog)
    {
        var changes = new List<SchemaChange>();
        foreach (var item in wanted)
        {
            switch (item)
            {
                case TableObject table:
                    Compare(table, catalog, changes);
                    break;
                case SequenceObject when !catalog.Sequences.Contains((item.Schema, item.Name)):
                    changes.Add(new SchemaChange(item.QualifiedName, SchemaPatchDifference.Create, item.CreateScript()));
                    break;
                case ExtensionObject when !catalog.Extensions.Contains(item.Name):
                    changes.Add(new SchemaChange(item.Name, SchemaPatchDifference.Create, item.CreateScript()));
                    break;
                case FunctionObject function:
                    Compare(function, catalog, changes);
                    break;
            }
        }

        return changes;
    }

    /// <summary>An index definition without what PostgreSQL adds when it prints one: parentheses, spaces, casts to text.</summary>
    public static string Normalize(string indexDefinition)
    {
        var start = indexDefinition.IndexOf(" USING ", StringComparison.OrdinalIgnoreCase);
        var unique = indexDefinition.StartsWith("CREATE UNIQUE", StringComparison.OrdinalIgnoreCase) ? "unique" : "";
        var text = CastCall().Replace(indexDefinition[Math.Max(start, 0)..], "$1::$2");
        text = text.Replace("::text", "", StringComparison.Ordinal).Replace("character varying", "varchar", StringComparison.Ordinal);
        return unique + Noise().Replace(text, "");
    }

    private static void Compare(TableObject table, Catalog catalog, List<SchemaChange> changes)
    {
        if (!catalog.Tables.TryGetValue((table.Schema, table.Name), out var actual))
        {
            changes.Add(new SchemaChange(table.QualifiedName, SchemaPatchDifference.Create, table.CreateScript()));
            return;
        }

        if (!string.Equals(table.Partitioning?.Key, actual.PartitionKey, StringComparison.OrdinalIgnoreCase))
        {
            changes.Add(Rebuild(table, $"the table is {(actual.PartitionKey is null ? "not divided" : "divided by " + actual.PartitionKey)} instead of {(table.Partitioning is null ? "undivided" : table.Partitioning.Key)}"));
            return;
        }

        changes.AddRange(table.Partitions.Where(p => !actual.Partitions.Contains(p.Name)).Select(p => new SchemaChange(table.QualifiedName, SchemaPatchDifference.Update, p.Script)));

        // First, so that a policy that is not wanted any more does not hide the rows that a new column is filled in.
        ComparePolicy(table, actual, changes);
        foreach (var column in table.Columns)
        {
            if (!actual.Columns.TryGetValue(column.Name, out var existing))
                changes.Add(new SchemaChange(table.QualifiedName, SchemaPatchDifference.Update, table.AddColumnScript(column)));
            else if (!SameType(column.Type, existing.Type))
                changes.Add(Rebuild(table, $"column {column.Name} is {existing.Type} instead of {column.Type}"));
        }

        foreach (var (name, column) in actual.Columns)
        {
            if (column is { NotNull: true, HasDefault: false } && table.Columns.TrueForAll(c => c.Name != name))
                changes.Add(Rebuild(table, $"column {name}, which the store does not know, refuses null and has no default"));
        }

        if (table.PrimaryKey.Count > 0 && !table.PrimaryKey.SequenceEqual(actual.PrimaryKey))
            changes.Add(Rebuild(table, $"the primary key is ({string.Join(", ", actual.PrimaryKey)}) instead of ({string.Join(", ", table.PrimaryKey)})"));
        foreach (var key in table.ForeignKeys.Where(k => !actual.ForeignKeys.Contains(k.Name)))
            changes.Add(new SchemaChange(table.QualifiedName, SchemaPatchDifference.Update, table.ForeignKeyScript(key)));
        foreach (var (name, script) in table.Indexes)
        {
            if (!actual.Indexes.TryGetValue(name, out var definition))
                changes.Add(new SchemaChange(table.QualifiedName, SchemaPatchDifference.Update, script));
            else if (Normalize(definition) != Normalize(script.TrimEnd(';')))
                changes.Add(new SchemaChange(table.QualifiedName, SchemaPatchDifference.Update, $"DROP INDEX {Identifiers.Qualify(table.Schema, name)};\n{script}", "", new IndexComparison(table.QualifiedName, script, definition)));
        }
    }

    private static void ComparePolicy(TableObject table, CatalogTable actual, List<SchemaChange> changes)
    {
        if (table.PolicyName is null)
            return;
        var exists = actual.Policies.TryGetValue(table.PolicyName, out var condition);
        if (exists ? table.Policy is not null && table.Policy.IsSame(condition!) : table.Policy is null)
            return;
        var drop = exists ? new RowPolicy(table.PolicyName, string.Empty).DropScript(table.QualifiedName) + "\n" : "";
        changes.Add(new SchemaChange(table.QualifiedName, SchemaPatchDifference.Update, drop + table.Policy?.CreateScript(table.QualifiedName)));
    }

    private static void Compare(FunctionObject function, Catalog catalog, List<SchemaChange> changes)
    {
        var existing = catalog.Routines.Where(r => r.Schema == function.Schema && r.Name == function.Name).ToList();
        if (existing.Count == 0)
        {
            changes.Add(new SchemaChange(function.QualifiedName, SchemaPatchDifference.Create, function.CreateScript()));
            return;
        }

        if (function.KeepExisting || (existing.Count == 1 && existing[0].Body.Trim() == function.Body.Trim()))
            return;
        var drops = string.Concat(existing.Select(r => $"DROP FUNCTION {function.QualifiedName}({r.Arguments});\n"));
        changes.Add(new SchemaChange(function.QualifiedName, SchemaPatchDifference.Update, drops + function.CreateScript()));
    }

    private static SchemaChange Rebuild(TableObject table, string reason) =>
        new(table.QualifiedName, SchemaPatchDifference.Invalid, $"DROP TABLE {table.QualifiedName} CASCADE;\n{table.CreateScript()}", reason);

    private static bool SameType(string wanted, string actual) => Canonical(wanted) == Canonical(actual);

    private static string Canonical(string type)
    {
        type = type.Trim().ToLowerInvariant();
        var bracket = type.IndexOfAny(['(', '[']);
        var (name, rest) = bracket < 0 ? (type, "") : (type[..bracket].Trim(), type[bracket..]);
        return (TypeAliases.TryGetValue(name, out var canonical) ? canonical : name) + rest;
    }

    [GeneratedRegex(@"cast\((.*?) as ([\w ]+)\)", RegexOptions.IgnoreCase)]
    private static partial Regex CastCall();

    [GeneratedRegex("[\\s()\"]")]
    private static partial Regex Noise();
}
