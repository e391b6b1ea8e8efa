namespace Marten;

/// <summary>Reads the documents and events of one tenant.</summary>
public interface ITenantQueryOperations : IQuerySession
{
    /// <summary>The tenant.</summary>
    new string TenantId { get; }

    /// <summary>The session that this is a part of.</summary>
    IQuerySession Parent { get; }
}

/// <summary>Queues writes of the documents and events of one tenant in the unit of work of a session.</summary>
public interface ITenantOperations : IDocumentOperations
{
    /// <summary>The tenant.</summary>
    new string TenantId { get; }

    /// <summary>The session that this is a part of, which saves what is queued here.</summary>
    IDocumentSession Parent { get; }
}
