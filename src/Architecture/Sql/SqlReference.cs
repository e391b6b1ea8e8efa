namespace ModularMonolith.Architecture.Sql;

/// <summary>What SQL names.</summary>
internal enum SqlObject
{
    /// <summary>A table, view, index or sequence.</summary>
    Table,

    /// <summary>A function or procedure.</summary>
    Function,

    /// <summary>A type, domain or collation.</summary>
    Type,

    /// <summary>A schema as such: on a search path, in a grant.</summary>
    Schema,
}

/// <summary>An object of the database that a text of SQL names.</summary>
/// <param name="Schema">The schema, or null where none is named.</param>
/// <param name="Name">The object; the schema again where only it is named.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where the name begins in the text.</param>
internal sealed record SqlReference(string? Schema, string Name, SqlObject Kind, int Position)
{
    /// <summary>Whether the statement creates it.</summary>
    public bool Defines { get; init; }

    /// <summary>The name as SQL has it.</summary>
    public override string ToString() => Schema is null || Kind == SqlObject.Schema ? Name : $"{Schema}.{Name}";
}
