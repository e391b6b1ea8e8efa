namespace Marten.Internal.Operations;

/// <summary>SQL of the caller.</summary>
internal sealed class SqlOperation(string sql, char placeholder, object[] values, string? tenantId = null) : IStorageOperation
{
    public Type? DocumentType => null;

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public string? TenantId => tenantId;

    public void Configure(BatchBuilder builder) =>
        builder.Add(new SqlBuilder().AppendWithPlaceholders(sql, placeholder, values).ToBatchCommand());
}
