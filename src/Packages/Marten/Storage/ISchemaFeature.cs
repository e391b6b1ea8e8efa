using Marten.Internal;
using Weasel.Core;

namespace Marten.Storage;

/// <summary>A part of the schema that is created together: the table of one document type, or the event store.</summary>
internal interface ISchemaFeature
{
    /// <summary>A name for messages.</summary>
    string Identifier { get; }

    /// <summary>The tables, sequences and functions, in the order in which they are created.</summary>
    IReadOnlyList<SchemaObject> Objects { get; }
}

/// <summary>One object of the schema.</summary>
internal abstract class SchemaObject(string schema, string name) : ISchemaObject
{
    public DbObjectName Identifier => new(Schema, Name);

    public string Schema { get; } = schema;

    public string Name { get; } = name;

    public string QualifiedName => Identifiers.Qualify(Schema, Name);

    /// <summary>The statements that create the object where it is missing.</summary>
    public abstract string CreateScript();
}

/// <summary>A sequence.</summary>
internal sealed class SequenceObject(string schema, string name) : SchemaObject(schema, name)
{
    /// <summary>The table and column of the same schema that own the sequence; the table is created before it.</summary>
    public (string Table, string Column)? OwnedBy { get; init; }

    public override string CreateScript() => OwnedBy is { } owner
        ? $"CREATE SEQUENCE {QualifiedName} OWNED BY {Identifiers.Qualify(Schema, owner.Table)}.{Identifiers.Quote(owner.Column)};"
        : $"CREATE SEQUENCE {QualifiedName};";
}

/// <summary>A function; its script begins with CREATE OR REPLACE FUNCTION and holds the body between <c>$function$</c> marks.</summary>
internal sealed class FunctionObject(string schema, string name, string script) : SchemaObject(schema, name)
{
    /// <summary>The mark around the body.</summary>
    public const string Mark = "$function$";

    /// <summary>
    /// True: a function of this name is taken as it is, whatever its body. For functions that indexes depend on, and for those
    /// whose text may be another store's. False: one whose body differs is dropped and created again.
    /// </summary>
    public bool KeepExisting { get; init; }

    public string Body => script.Split(Mark) is [_, var body, ..] ? body : throw new InvalidOperationException($"The body of {Name} is not between {Mark} marks.");

    public override string CreateScript() => script;
}

/// <summary>A table with its indexes and foreign keys.</summary>
internal sealed class TableObject(string schema, string name) : SchemaObject(schema, name)
{
    public List<ColumnObject> Columns { get; } = [];

    /// <summary>The name of the primary key.</summary>
    public string PrimaryKeyName { get; init; } = string.Empty;

    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    /// <summary>Index name and complete CREATE INDEX statement.</summary>
    public List<(string Name, string Script)> Indexes { get; } = [];

    /// <summary>Constraint name and its definition as in ADD CONSTRAINT name definition.</summary>
    public List<(string Name, string Definition)> ForeignKeys { get; } = [];

    /// <summary>How the table is divided; null when it is not.</summary>
    public Weasel.Postgresql.Tables.Partitioning.Partitioning? Partitioning { get; set; }

    /// <summary>The partitions and the statements that create them.</summary>
    public IEnumerable<(string Name, string Script)> Partitions => Partitioning is null ? [] : Partitioning.Partitions.Select(p =>
        ($"{Name}_{p.Suffix}", $"CREATE TABLE {Identifiers.Qualify(Schema, $"{Name}_{p.Suffix}")} PARTITION OF {QualifiedName} {p.Bound};"));

    /// <summary>The name that the table's policy of row-level security has, if there is one.</summary>
    public string? PolicyName { get; set; }

    public RowPolicy? Policy { get; set; }

    public override string CreateScript()
    {
        var lines = Columns.Select(c => "    " + c.Declaration()).ToList();
        if (PrimaryKey.Count > 0)
            lines.Add($"    CONSTRAINT {Identifiers.Quote(PrimaryKeyName)} PRIMARY KEY ({string.Join(", ", PrimaryKey.Select(Identifiers.Quote))})");
        var script = $"CREATE TABLE {QualifiedName} (\n{string.Join(",\n", lines)}\n){(Partitioning is null ? "" : " PARTITION BY " + Partitioning.Key)};";
        script += string.Concat(Partitions.Select(p => "\n" + p.Script));
        script += string.Concat(ForeignKeys.Select(k => "\n" + ForeignKeyScript(k)));
        script += string.Concat(Indexes.Select(i => "\n" + i.Script));
        return Policy is null ? script : $"{script}\n{Policy.CreateScript(QualifiedName)}";
    }

    public string ForeignKeyScript((string Name, string Definition) key) =>
        $"ALTER TABLE {QualifiedName} ADD CONSTRAINT {Identifiers.Quote(key.Name)} {key.Definition};";

    /// <summary>The statements that add a missing column and fill it.</summary>
    public string AddColumnScript(ColumnObject column)
    {
        var name = Identifiers.Quote(column.Name);
        if (column.Backfill is null)
            return $"ALTER TABLE {QualifiedName} ADD COLUMN {column.Declaration()};";
        var script = $"ALTER TABLE {QualifiedName} ADD COLUMN {(column with { NotNull = false }).Declaration()};\nUPDATE {QualifiedName} SET {name} = {column.Backfill};";
        if (column.NotNull)
            script += $"\nALTER TABLE {QualifiedName} ALTER COLUMN {name} SET NOT NULL;";

        // Under its own policy even the owner would fill no row.
        return Policy is null ? script : $"ALTER TABLE {QualifiedName} NO FORCE ROW LEVEL SECURITY;\n{script}\nALTER TABLE {QualifiedName} FORCE ROW LEVEL SECURITY;";
    }
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as PostgreSQL's format_type spells it or an alias such as varchar, timestamptz, int.</param>
/// <param name="NotNull">Whether it refuses null.</param>
/// <param name="Default">The default expression.</param>
/// <param name="Backfill">The expression that fills the column in existing rows when it is added to an existing table.</param>
internal sealed record ColumnObject(string Name, string Type, bool NotNull = false, string? Default = null, string? Backfill = null)
{
    public string Declaration() =>
        $"{Identifiers.Quote(Name)} {Type}{(NotNull ? " NOT NULL" : "")}{(Default is null ? "" : " DEFAULT " + Default)}";
}
