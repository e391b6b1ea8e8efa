using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Schema;

namespace Marten.Storage;

/// <summary>
/// Statements about the rows of all tenants. Under row-level security not even the owner of a table sees those; for the length
/// of the transaction the owner, and nobody else, is exempted. That locks the table.
/// </summary>
internal static class AllTenants
{
    public static void Queue(DocumentSession session, DocumentMapping mapping, IStorageOperation operation)
    {
        if (mapping.RowSecuritySetting is null)
        {
            session.QueueOperation(operation);
            return;
        }

        session.QueueOperation(new SqlOperation($"ALTER TABLE {mapping.QualifiedTableName} NO FORCE ROW LEVEL SECURITY", '\0', []));
        session.QueueOperation(operation);
        session.QueueOperation(new SqlOperation($"ALTER TABLE {mapping.QualifiedTableName} FORCE ROW LEVEL SECURITY", '\0', []));
    }
}
