using System.Linq.Expressions;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Linq.Translation;
using NpgsqlTypes;

namespace Marten.Patching;

/// <summary>
/// Changes stored documents in one update. The new document is an expression over the old one in the same row, so that a
/// writer who had to wait for another changes what that one wrote.
/// </summary>
internal sealed class PatchOperation(DocumentSession session, DocumentStorage storage, object? id, LambdaExpression? filter) : IStorageOperation
{
    public List<PatchChange> Changes { get; } = [];

    public Type DocumentType => storage.DocumentType;

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public string? TenantId => session.TenantId;

    public void Configure(BatchBuilder builder)
    {
        if (Changes.Count == 0)
            return;
        var mapping = storage.Mapping;
        var sql = new SqlBuilder();
        var translator = new SqlTranslator(mapping.Options, sql.Parameters);
        var content = "d.data";
        // "offset 0" keeps each step apart: PostgreSQL would put it in the place of every mention of it, which grows with the power of the steps.
        for (var i = 0; i < Changes.Count; i++)
            content = $"(select {Changes[i].Apply($"s{i}.j", translator)} from (select {content} as j offset 0) as s{i})";
        var columns = new List<string> { "data" };
        var values = new List<string> { "p.j" };
        foreach (var field in mapping.DuplicatedFields)
        {
            columns.Add(Identifiers.Quote(field.ColumnName));
            values.Add(field.Sql("p.j"));
        }

        var version = !mapping.HasVersionColumn ? "" : mapping.HasRevisionColumn ? "d.mt_version + 1" : translator.AddParameter(Guid.NewGuid(), NpgsqlDbType.Uuid);
        var target = columns.Count == 1 ? "data = " : $"({string.Join(", ", columns)}) = ";
        sql.Append($"update {mapping.QualifiedTableName} as d set {target}(select {string.Join(", ", values)} from (select {content} as j offset 0) as p)");
        sql.Append($"{(mapping.HasVersionColumn ? $", mt_version = {version}" : "")}{(mapping.Metadata.LastModified.Enabled ? ", mt_last_modified = transaction_timestamp()" : "")}{Metadata(translator)}");
        sql.Append($" where {string.Join(" and ", Conditions(translator))}");
        builder.Add(sql.ToBatchCommand());
    }

    private IEnumerable<string> Conditions(SqlTranslator translator)
    {
        var source = new DocumentQuerySource(storage, session.TenantId);
        if (id is not null)
            yield return $"d.id = {translator.AddParameter(id, storage.IdDbType)}";
        if (filter is not null)
        {
            translator.Bind(filter.Parameters[0], source.Scope);
            yield return translator.Condition(filter.Body);
        }

        foreach (var condition in source.Filters(translator))
            yield return condition;
    }

    private string Metadata(SqlTranslator translator)
    {
        var metadata = storage.Mapping.Metadata;
        var text = "";
        foreach (var (column, value) in new[] { (metadata.CorrelationId, session.CorrelationId), (metadata.CausationId, session.CausationId), (metadata.LastModifiedBy, session.LastModifiedBy) })
        {
            if (column.Enabled)
                text += $", {column.Name} = {translator.AddParameter(value, NpgsqlDbType.Varchar)}";
        }

        return text;
    }
}
