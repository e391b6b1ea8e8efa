using Npgsql;

namespace Marten.Internal.Operations;

/// <summary>Names the tenant whose rows the statements behind it may see and write.</summary>
internal sealed class TenantSetting(Marten.Storage.RowSecurity security, string tenantId) : IStorageOperation
{
    public Type? DocumentType => null;

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public int ResultSets => 1;

    /// <summary>The operations of a page with a setting in front of each change of tenant.</summary>
    public static IStorageOperation[] Before(IReadOnlyList<IStorageOperation> page, Marten.Storage.RowSecurity security, string ownTenant)
    {
        var result = new List<IStorageOperation>(page.Count + 1);
        string? current = null;
        foreach (var operation in page)
        {
            var tenant = operation.TenantId ?? ownTenant;
            if (tenant != current)
                result.Add(new TenantSetting(security, current = tenant));
            result.Add(operation);
        }

        return [.. result];
    }

    public void Configure(BatchBuilder builder) => builder.Add(security.CreateCommand(tenantId));

    public async Task ReadResultsAsync(NpgsqlDataReader reader, CancellationToken token) => await reader.ReadAsync(token);
}
