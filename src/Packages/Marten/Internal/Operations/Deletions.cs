using System.Linq.Expressions;
using JasperFx;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Linq;

namespace Marten.Internal.Operations;

/// <summary>Deletes one document by its id.</summary>
internal sealed class DeleteById(DocumentStorage storage, object id, object? document, bool hard, QuerySession session) : IDeletionOperation
{
    public Type DocumentType => storage.DocumentType;

    public OperationRole Role => OperationRole.Delete;

    public object? Document => document;

    public object Id => id;

    public string? TenantId => session.TenantId;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(hard ? storage.Sql.HardDelete : storage.Sql.Delete);
        foreach (var parameter in storage.Key(id, session))
            command.Parameters.Add(parameter);
    }

    public void Saved()
    {
        if (document is not null && !hard && storage.Sql.IsSoftDeleted)
            storage.SetSoftDeletion(document, true, storage.Mapping.Options.Events.TimeProvider.GetUtcNow());
    }
}

internal enum DeleteMode
{
    ByStyle,
    Hard,
    Undo,
}

/// <summary>Deletes, or takes back the deletion of, all documents that match.</summary>
internal sealed class DeleteWhere(DocumentStorage storage, LambdaExpression condition, DeleteMode mode, QuerySession session) : IDeletionOperation
{
    public Type DocumentType => storage.DocumentType;

    public OperationRole Role => mode == DeleteMode.Undo ? OperationRole.Other : OperationRole.Delete;

    public object? Document => null;

    public object Id => condition;

    public string? TenantId => session.TenantId;

    public void Configure(BatchBuilder builder)
    {
        var sql = new SqlBuilder();
        var table = storage.Mapping.QualifiedTableName;
        var soft = storage.Mapping.DeleteStyle == DeleteStyle.SoftDelete;
        sql.Append(mode switch
        {
            DeleteMode.Undo => $"update {table} as d set mt_deleted = FALSE, mt_deleted_at = NULL where ",
            DeleteMode.ByStyle when soft => $"update {table} as d set mt_deleted = TRUE, mt_deleted_at = transaction_timestamp() where d.mt_deleted = FALSE and ",
            _ => $"delete from {table} as d where ",
        });
        LinqProvider.AppendWhere(sql, storage, condition, session);
        builder.Add(sql.ToBatchCommand());
    }
}
