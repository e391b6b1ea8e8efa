using System.Linq.Expressions;
using JasperFx.Events.Projections;
using Marten.Projections;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace Marten.Events.Projections.Flattened;

/// <summary>In which schema the table of a projection is.</summary>
public enum SchemaNameSource
{
    /// <summary>In the one that the caller names.</summary>
    Explicit = 0,

    /// <summary>In that of the documents.</summary>
    DocumentSchema = 1,

    /// <summary>In that of the events.</summary>
    EventSchema = 2,
}

/// <summary>
/// Writes events into the rows of one table. The constructor of a derived class declares the columns and says what each type
/// of event does to the row of its stream, or of another key.
/// </summary>
public class FlatTableProjection : ProjectionBase, IProjectionSource<IDocumentOperations, IQuerySession>
{
    private readonly List<RowChange> changes = [];

    /// <summary>Creates the projection of a table.</summary>
    public FlatTableProjection(string tableName, SchemaNameSource schemaNameSource)
        : this(new Table(tableName), schemaNameSource)
    {
    }

    /// <summary>Creates the projection of a table in a named schema.</summary>
    public FlatTableProjection(DbObjectName tableName)
        : this(new Table(tableName), SchemaNameSource.Explicit)
    {
    }

    private FlatTableProjection(Table table, SchemaNameSource schemaNameSource)
    {
        Table = table;
        SchemaNameSource = schemaNameSource;
        Name = GetType().FullName ?? GetType().Name;
    }

    /// <summary>In which schema the table is.</summary>
    public SchemaNameSource SchemaNameSource { get; }

    /// <summary>The table. Its primary key is one column.</summary>
    public Table Table { get; }

    internal IReadOnlyList<RowChange> Changes => changes;

    /// <summary>Says what events of a type write.</summary>
    /// <param name="configure">Declares the values.</param>
    /// <param name="tablePrimaryKeySource">The key of the row; default: the identity of the event's stream.</param>
    public void Project<T>(Action<StatementMap<T>> configure, Expression<Func<T, object>>? tablePrimaryKeySource = null)
    {
        var map = new StatementMap<T>(Table);
        configure(map);
        changes.Add(new RowChange(typeof(T), RowChange.Reader(tablePrimaryKeySource), map.Columns));
    }

    /// <summary>Deletes the row when an event of a type occurs.</summary>
    /// <param name="tablePrimaryKeySource">The key of the row; default: the identity of the event's stream.</param>
    public void Delete<T>(Expression<Func<T, object>>? tablePrimaryKeySource = null) =>
        changes.Add(new RowChange(typeof(T), RowChange.Reader(tablePrimaryKeySource), null));

    internal override ProjectionRegistration Register(StoreOptions options) => new FlatTableRegistration(this, options);
}

/// <summary>What events of one type write into a row. Columns that the table does not have yet are added to it.</summary>
/// <typeparam name="T">The type of the events.</typeparam>
public class StatementMap<T>
{
    private readonly Table table;

    internal StatementMap(Table table) => this.table = table;

    internal List<ColumnChange> Columns { get; } = [];

    /// <summary>Writes a value of the event; the column is called like the member, in snake case.</summary>
    public Table.ColumnExpression Map<TValue>(Expression<Func<T, TValue>> members, string? columnName = null) => Add(members, columnName, "{0}", "excluded.{1}");

    /// <summary>Adds a value of the event to the column.</summary>
    public Table.ColumnExpression Increment<TValue>(Expression<Func<T, TValue>> members, string? columnName = null) => Add(members, columnName, "{0}", "coalesce(t.{1}, 0) + excluded.{1}");

    /// <summary>Adds one to the column.</summary>
    public Table.ColumnExpression Increment(string columnName) => Add(columnName, typeof(int), static _ => 1, "{0}", "coalesce(t.{1}, 0) + excluded.{1}");

    /// <summary>Subtracts a value of the event from the column.</summary>
    public Table.ColumnExpression Decrement<TValue>(Expression<Func<T, TValue>> members, string? columnName = null) => Add(members, columnName, "-{0}", "coalesce(t.{1}, 0) + excluded.{1}");

    /// <summary>Subtracts one from the column.</summary>
    public Table.ColumnExpression Decrement(string columnName) => Add(columnName, typeof(int), static _ => 1, "-{0}", "coalesce(t.{1}, 0) + excluded.{1}");

    /// <summary>Writes a fixed text.</summary>
    public Table.ColumnExpression SetValue(string columnName, string value) => Add(columnName, typeof(string), _ => value, "{0}", "excluded.{1}");

    /// <summary>Writes a fixed number.</summary>
    public Table.ColumnExpression SetValue(string columnName, int value) => Add(columnName, typeof(int), _ => value, "{0}", "excluded.{1}");

    private Table.ColumnExpression Add<TValue>(Expression<Func<T, TValue>> members, string? columnName, string inserted, string updated)
    {
        var read = members.Compile();
        return Add(columnName ?? Marten.Internal.Identifiers.SnakeCase(RowChange.NameOf(members.Body)), typeof(TValue), e => read((T)e), inserted, updated);
    }

    private Table.ColumnExpression Add(string columnName, Type type, Func<object, object?> read, string inserted, string updated)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        Columns.Add(new ColumnChange(columnName, plain, read, inserted, updated));
        return table.AddColumn(columnName, plain.IsEnum ? "varchar" : Marten.Schema.PostgresTypes.For(plain, false).Name);
    }
}
