using System.Collections.Concurrent;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Internal.Storage;

/// <summary>One statement that writes a document.</summary>
/// <param name="Text">The SQL.</param>
/// <param name="ReturnsVersion">Whether it returns the new revision (or the row of a guard) as a row.</param>
/// <param name="Guard">What the last parameter is compared with.</param>
internal sealed record WriteStatement(string Text, bool ReturnsVersion, WriteGuard Guard);

internal enum WriteGuard
{
    None,
    VersionIdentifier,
    Revision,
}

/// <summary>The writing statements of one document type, each built once.</summary>
internal sealed class DocumentWriteSql
{
    private readonly ConcurrentDictionary<(WriteKind, WriteGuard, bool NextRevision, bool IgnoreStale, bool IsNew), WriteStatement> statements = new();
    private readonly List<Column> columns = [];
    private readonly DocumentMapping mapping;
    private readonly string dotnetType;
    private const string Tenant = "tenant_id";

    public DocumentWriteSql(DocumentMapping mapping, NpgsqlDbType idType)
    {
        this.mapping = mapping;
        dotnetType = $"{mapping.DocumentType.FullName}, {mapping.DocumentType.Assembly.GetName().Name}";
        columns.Add(new Column("id", (c, _, w, _) => c.Parameters.Add(SqlBuilder.CreateParameter(w.Id, idType))));
        columns.Add(new Column("data", (c, b, w, _) => b.AddJson(c, w.Document)));
        if (mapping.HasVersionColumn)
            columns.Add(new Column("mt_version", (_, _, _, _) => { }));
        if (mapping.Metadata.DotNetType.Enabled)
            columns.Add(new Column("mt_dotnet_type", (c, _, _, _) => c.Parameters.Add(new NpgsqlParameter<string> { TypedValue = dotnetType, NpgsqlDbType = NpgsqlDbType.Varchar })));
        if (mapping.IsHierarchy)
            columns.Add(new Column("mt_doc_type", (c, _, _, _) => c.Parameters.Add(new NpgsqlParameter<string> { TypedValue = mapping.TypeAlias, NpgsqlDbType = NpgsqlDbType.Varchar })));
        if (mapping.IsConjoined)
            columns.Add(new Column(Tenant, (c, _, _, s) => c.Parameters.Add(new NpgsqlParameter<string> { TypedValue = s.TenantId, NpgsqlDbType = NpgsqlDbType.Varchar })));
        foreach (var field in mapping.DuplicatedFields)
        {
            var type = field.DbType;
            columns.Add(new Column(field.ColumnName, (c, b, w, _) => AddDuplicate(c, b, field, type, w.Document)));
        }

        AddMetadata(mapping.Metadata.CorrelationId, s => s.CorrelationId);
        AddMetadata(mapping.Metadata.CausationId, s => s.CausationId);
        AddMetadata(mapping.Metadata.LastModifiedBy, s => s.LastModifiedBy);
        if (mapping.Metadata.Headers.Enabled)
        {
            columns.Add(new Column(mapping.Metadata.Headers.Name, (c, b, _, s) =>
            {
                if (s.Headers is { Count: > 0 } headers)
                    b.AddJson(c, headers);
                else
                    c.Parameters.Add(SqlBuilder.CreateParameter(null, NpgsqlDbType.Jsonb));
            }));
        }
    }

    /// <summary>The value of mt_dotnet_type.</summary>
    public string DotNetType => dotnetType;

    public bool IsGuarded(DocumentWrite write) => GuardOf(write) != WriteGuard.None;

    public WriteStatement Statement(DocumentWrite write) =>
        statements.GetOrAdd((write.Kind, GuardOf(write), write.Revision == 0, write.IgnoreStale, write.ExpectedVersion is null), Build);

    /// <summary>Adds the parameters and returns the version that the document has afterwards, when it is known now.</summary>
    public object? AddParameters(BatchBuilder builder, NpgsqlBatchCommand command, WriteStatement statement, DocumentWrite write, DocumentSession session)
    {
        object? newVersion = null;
        foreach (var column in columns)
        {
            if (column.Name != "mt_version")
            {
                column.Add(command, builder, write, session);
                continue;
            }

            if (mapping.HasRevisionColumn)
            {
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = write.Revision, NpgsqlDbType = NpgsqlDbType.Bigint });
                newVersion = write.Revision == 0 ? null : write.Revision;
            }
            else
            {
                var version = Guid.NewGuid();
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = version, NpgsqlDbType = NpgsqlDbType.Uuid });
                newVersion = version;
            }
        }

        if (statement.Guard == WriteGuard.VersionIdentifier)
            command.Parameters.Add(SqlBuilder.CreateParameter(write.ExpectedVersion ?? Guid.Empty, NpgsqlDbType.Uuid));
        return newVersion;
    }

    private WriteGuard GuardOf(DocumentWrite write)
    {
        if (write.Kind is WriteKind.Insert or WriteKind.Overwrite or WriteKind.Snapshot)
            return WriteGuard.None;
        if (mapping.UseNumericRevisions && !mapping.IsStreamSnapshot)
            return write.Revision == 0 ? WriteGuard.None : WriteGuard.Revision;
        return mapping.UseOptimisticConcurrency ? WriteGuard.VersionIdentifier : WriteGuard.None;
    }

    private WriteStatement Build((WriteKind Kind, WriteGuard Guard, bool NextRevision, bool IgnoreStale, bool IsNew) key)
    {
        var table = mapping.QualifiedTableName;
        var modified = mapping.Metadata.LastModified.Enabled;
        var version = VersionValue(key.Kind, key.NextRevision);
        var names = string.Join(", ", columns.Select(c => Identifiers.Quote(c.Name))) + (modified ? ", mt_last_modified" : "");
        var values = string.Join(", ", columns.Select((c, i) => c.Name == "mt_version" ? version : "$" + (i + 1))) + (modified ? ", transaction_timestamp()" : "");
        var revive = mapping.DeleteStyle == JasperFx.DeleteStyle.SoftDelete ? ", mt_deleted = FALSE, mt_deleted_at = NULL" : "";
        var guard = key.Guard switch
        {
            WriteGuard.VersionIdentifier => $"d.mt_version = ${columns.Count + 1}",
            WriteGuard.Revision => "d.mt_version < $3",
            _ => null,
        };
        string text;
        if (key.Kind == WriteKind.Update)
        {
            var next = mapping.HasRevisionColumn && key.NextRevision ? "d.mt_version + 1" : "$3";
            var set = string.Join(", ", columns.Select((c, i) => (c, i)).Where(x => x.c.Name is not ("id" or Tenant))
                .Select(x => $"{Identifiers.Quote(x.c.Name)} = {(x.c.Name == "mt_version" ? next : "$" + (x.i + 1))}"));
            text = $"update {table} as d set {set}{(modified ? ", mt_last_modified = transaction_timestamp()" : "")}{revive} where d.id = $1{(mapping.IsConjoined ? $" and d.{Tenant} = ${columns.FindIndex(c => c.Name == Tenant) + 1}" : "")}" + (guard is null ? "" : " and " + guard);
        }
        else
        {
            var tenant = mapping.IsConjoined ? "$" + (columns.FindIndex(c => c.Name == Tenant) + 1) : null;
            var condition = mapping.MovingColumn is null ? null
                : key.Kind == WriteKind.Insert ? PartitionMoves.NoneExists(mapping, "$1", tenant)
                : key is { IgnoreStale: true, Guard: WriteGuard.Revision } ? PartitionMoves.NoneExists(mapping, "$1", tenant, "o.mt_version >= $3") : null;
            text = condition is null ? $"insert into {table} as d ({names}) values ({values})" : $"insert into {table} as d ({names}) select {values} where {condition}";
            if (key.Kind != WriteKind.Insert)
            {
                var next = mapping.HasRevisionColumn && key.NextRevision && key.Kind != WriteKind.Snapshot ? "d.mt_version + 1" : "excluded.mt_version";
                var set = string.Join(", ", columns.Where(c => c.Name is not ("id" or Tenant))
                    .Select(c => $"{Identifiers.Quote(c.Name)} = {(c.Name == "mt_version" ? next : "excluded." + Identifiers.Quote(c.Name))}"));
                text += $" on conflict ({string.Join(", ", mapping.KeyColumns)}) do update set {set}{(modified ? ", mt_last_modified = excluded.mt_last_modified" : "")}{revive}" + (guard is null ? "" : " where " + guard);
            }
        }

        var required = !key.IgnoreStale && (guard is not null || key.Kind == WriteKind.Update || (key.Kind == WriteKind.Insert && mapping.MovingColumn is not null));
        var returned = mapping.HasRevisionColumn ? "mt_version" : "1";
        if (required)
            return new WriteStatement(SqlGuard.RequireRow(text, returned), true, key.Guard);
        return mapping.HasRevisionColumn
            ? new WriteStatement(text + " returning mt_version", true, key.Guard)
            : new WriteStatement(text, false, key.Guard);
    }

    // Every placeholder must occur in the text, or PostgreSQL cannot tell the parameter's type: hence the sums with 0.
    private string VersionValue(WriteKind kind, bool nextRevision)
    {
        if (!mapping.HasRevisionColumn || !nextRevision)
            return "$3";
        return kind == WriteKind.Snapshot
            ? $"coalesce((select s.version from {Identifiers.Qualify(mapping.Options.Events.DatabaseSchemaName, "mt_streams")} as s where s.id = $1{OwnStream()}), 1) + $3"
            : "1 + $3";
    }

    private string OwnStream() => mapping.IsConjoined ? $" and s.tenant_id = ${columns.FindIndex(c => c.Name == Tenant) + 1}" : "";

    private void AddMetadata(MetadataColumn column, Func<DocumentSession, string?> value)
    {
        if (column.Enabled)
            columns.Add(new Column(column.Name, (c, _, _, s) => c.Parameters.Add(SqlBuilder.CreateParameter(value(s), NpgsqlDbType.Varchar))));
    }

    private static void AddDuplicate(NpgsqlBatchCommand command, BatchBuilder builder, DuplicatedField field, NpgsqlDbType type, object document)
    {
        var value = field.ValueOf(document);
        if (value is not null && type == NpgsqlDbType.Jsonb)
            builder.AddJson(command, value);
        else
            command.Parameters.Add(SqlBuilder.CreateParameter(value, type));
    }

    private sealed record Column(string Name, Action<NpgsqlBatchCommand, BatchBuilder, DocumentWrite, DocumentSession> Add);
}
