namespace Marten.Storage;

/// <summary>A part of the schema that is created together: the table of one document type, or the event store.</summary>
internal interface ISchemaFeature
{
    /// <summary>A name for messages and for the order of scripts.</summary>
    string Identifier { get; }

    /// <summary>The tables, sequences and functions, in the order in which they are created.</summary>
    IReadOnlyList<SchemaObject> Objects { get; }
}

/// <summary>One object of the schema.</summary>
internal abstract class SchemaObject(string schema, string name)
{
    public string Schema { get; } = schema;

    public string Name { get; } = name;

    public string QualifiedName => Internal.Identifiers.Qualify(Schema, Name);

    /// <summary>The statements that create the object where it is missing.</summary>
    public abstract string CreateScript();
}

/// <summary>A sequence.</summary>
internal sealed class SequenceObject(string schema, string name) : SchemaObject(schema, name)
{
    /// <summary>The table and column that own the sequence, as <c>table.column</c>; created after the table.</summary>
    public string? OwnedBy { get; init; }

    public override string CreateScript() => $"CREATE SEQUENCE {QualifiedName};";
}

/// <summary>A function; its script begins with CREATE OR REPLACE FUNCTION. Replaced when the body in the database differs.</summary>
internal sealed class FunctionObject(string schema, string name, string body) : SchemaObject(schema, name)
{
    public override string CreateScript() => body;
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

    public override string CreateScript()
    {
        var lines = Columns.Select(c => "    " + c.Declaration()).ToList();
        if (PrimaryKey.Count > 0)
            lines.Add($"    CONSTRAINT {Internal.Identifiers.Quote(PrimaryKeyName)} PRIMARY KEY ({string.Join(", ", PrimaryKey)})");
        var script = $"CREATE TABLE {QualifiedName} (\n{string.Join(",\n", lines)}\n);";
        script += string.Concat(ForeignKeys.Select(k => "\n" + ForeignKeyScript(k)));
        return script + string.Concat(Indexes.Select(i => "\n" + i.Script));
    }

    public string ForeignKeyScript((string Name, string Definition) key) =>
        $"ALTER TABLE {QualifiedName} ADD CONSTRAINT {Internal.Identifiers.Quote(key.Name)} {key.Definition};";
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as PostgreSQL's format_type spells it or an alias such as varchar, timestamptz, int.</param>
/// <param name="NotNull">Whether it refuses null.</param>
/// <param name="Default">The default expression.</param>
internal sealed record ColumnObject(string Name, string Type, bool NotNull = false, string? Default = null)
{
    public string Declaration() =>
        $"{Internal.Identifiers.Quote(Name)} {Type}{(NotNull ? " NOT NULL" : "")}{(Default is null ? "" : " DEFAULT " + Default)}";
}
