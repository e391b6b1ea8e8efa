using System.Globalization;
using System.Linq.Expressions;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten.Events.Projections.Flattened;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Schema;
using Marten.Storage;
using NpgsqlTypes;
using Weasel.Core;

namespace Marten.Projections;

/// <summary>One column that an event writes.</summary>
/// <param name="Name">The column.</param>
/// <param name="Type">The CLR type of the value.</param>
/// <param name="Read">The value of a body.</param>
/// <param name="Inserted">The SQL of the value in a new row; {0} stands for the parameter.</param>
/// <param name="Updated">The SQL of the value in an existing row t; {1} stands for the column.</param>
internal sealed record ColumnChange(string Name, Type Type, Func<object, object?> Read, string Inserted, string Updated);

/// <summary>What events of one type do to a row.</summary>
/// <param name="EventType">The type.</param>
/// <param name="Key">The key of the row; null for that of the stream.</param>
/// <param name="Columns">What is written; null when the row is deleted.</param>
internal sealed record RowChange(Type EventType, Func<object, object>? Key, IReadOnlyList<ColumnChange>? Columns)
{
    public static Func<object, object>? Reader<T>(Expression<Func<T, object>>? source)
    {
        if (source is null)
            return null;
        var read = source.Compile();
        return body => read((T)body);
    }

    /// <summary>The name of the last member of a path.</summary>
    public static string NameOf(Expression body) => body switch
    {
        MemberExpression member => member.Member.Name,
        UnaryExpression { NodeType: ExpressionType.Convert } convert => NameOf(convert.Operand),
        _ => throw new ArgumentException($"'{body}' is not a member of the event. Name the column.", nameof(body)),
    };
}

/// <summary>A registered <see cref="FlatTableProjection"/>.</summary>
internal sealed class FlatTableRegistration : ProjectionRegistration<FlatTableProjection>, IProjectionTables
{
    private readonly StoreOptions options;
    private readonly Lazy<Dictionary<RowChange, string>> statements;

    public FlatTableRegistration(FlatTableProjection projection, StoreOptions options)
        : base(projection)
    {
        this.options = options;
        statements = new Lazy<Dictionary<RowChange, string>>(() => projection.Changes.ToDictionary(c => c, Statement));
    }

    public override IReadOnlyCollection<Type> EventTypes => [.. Projection.Changes.Select(c => c.EventType)];

    public override IEnumerable<string> WrittenTables => [Projection.Table.Identifier.QualifiedName];

    public IReadOnlyList<SchemaObject> Tables => [Projection.Table.ToSchemaObject()];

    public override void Complete()
    {
        var table = Projection.Table;
        if (table.Identifier.Schema.Length == 0)
            table.Identifier = new DbObjectName(Projection.SchemaNameSource == SchemaNameSource.EventSchema ? options.Events.DatabaseSchemaName : options.DatabaseSchemaName, table.Identifier.Name);
    }

    public override IEnumerable<string> Faults()
    {
        if (Projection.Table.PrimaryKeyColumns.Count != 1)
            yield return $"The table {Projection.Table.Identifier} of {ProjectionType.FullName} needs a primary key of one column: Table.AddColumn<Guid>(\"id\").AsPrimaryKey().";
        if (Projection.Changes.Count == 0)
            yield return $"{ProjectionType.FullName} projects no event. Call Project or Delete in its constructor.";
    }

    public override async Task ApplyAsync(PageContext page, IReadOnlyList<IEvent> events, CancellationToken token)
    {
        await page.Session.EnsureStorageAsync(ProjectionType, token);
        foreach (var item in events)
        {
            try
            {
                Queue(page.Session, item);
            }
            catch (Exception exception) when (Failures.IsOfEvent(exception))
            {
                throw new ApplyEventException(item, exception);
            }
        }
    }

    public override async Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool raises, CancellationToken token)
    {
        await session.EnsureStorageAsync(ProjectionType, token);
        foreach (var item in events)
            Queue(session, item);
    }

    private void Queue(DocumentSession session, IEvent item)
    {
        foreach (var change in Projection.Changes)
        {
            if (!change.EventType.IsAssignableFrom(item.EventType))
                continue;
            var values = new List<(object?, NpgsqlDbType?)> { (Key(change, item), null) };
            foreach (var column in change.Columns ?? [])
                values.Add(Value(column, item.Data));
            session.QueueOperation(new RowOperation(statements.Value[change], values));
        }
    }

    private static object Key(RowChange change, IEvent item) => change.Key?.Invoke(item.Data) ?? (item.StreamKey is { } key ? key : item.StreamId);

    private static (object? Value, NpgsqlDbType? Type) Value(ColumnChange column, object body)
    {
        var value = column.Read(body);
        if (column.Type.IsEnum)
            return (value?.ToString(), NpgsqlDbType.Varchar);
        return (value is DateTimeOffset time ? time.ToUniversalTime() : value, PostgresTypes.For(column.Type, false).DbType);
    }

    private string Statement(RowChange change)
    {
        var table = Projection.Table.Identifier.QualifiedName;
        var key = Identifiers.Quote(Projection.Table.PrimaryKeyColumns[0]);
        if (change.Columns is null)
            return $"delete from {table} as t where t.{key} = $1";
        var names = string.Concat(change.Columns.Select(c => ", " + Identifiers.Quote(c.Name)));
        var values = string.Concat(change.Columns.Select((c, i) => ", " + string.Format(CultureInfo.InvariantCulture, c.Inserted, $"${i + 2}")));
        var updates = string.Join(", ", change.Columns.Select(c => $"{Identifiers.Quote(c.Name)} = {string.Format(CultureInfo.InvariantCulture, c.Updated, "", Identifiers.Quote(c.Name))}"));
        return $"insert into {table} as t ({key}{names}) values ($1{values}) on conflict ({key}) do " + (updates.Length == 0 ? "nothing" : "update set " + updates);
    }
}

/// <summary>Writes or deletes one row.</summary>
internal sealed class RowOperation(string sql, List<(object? Value, NpgsqlDbType? Type)> values) : IStorageOperation
{
    public Type? DocumentType => null;

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(sql);
        foreach (var (value, type) in values)
            command.Parameters.Add(SqlBuilder.CreateParameter(value, type));
    }
}
