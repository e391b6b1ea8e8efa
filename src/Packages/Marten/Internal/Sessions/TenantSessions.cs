namespace Marten.Internal.Sessions;

/// <summary>The part of a session that belongs to another tenant.</summary>
internal sealed class TenantSession(DocumentSession parent, string tenantId) : DocumentSession(parent, tenantId), ITenantOperations
{
    public IDocumentSession Parent { get; } = parent;
}

/// <summary>The part of a reading session that belongs to another tenant.</summary>
internal sealed class TenantQuerySession(QuerySession parent, string tenantId) : QuerySession(parent, tenantId), ITenantQueryOperations
{
    public IQuerySession Parent { get; } = parent;
}
