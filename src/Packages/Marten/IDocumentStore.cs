using System.Data;
using Marten.Services;
using Marten.Storage;

namespace Marten;

/// <summary>The documents and events of one database schema. Thread-safe; one for each application and schema.</summary>
public interface IDocumentStore : IDisposable, IAsyncDisposable
{
    /// <summary>The options.</summary>
    IReadOnlyStoreOptions Options { get; }

    /// <summary>The database schema.</summary>
    IMartenStorage Storage { get; }

    /// <summary>Opens a session.</summary>
    IDocumentSession OpenSession(SessionOptions options);

    /// <summary>Opens a session that remembers nothing about loaded documents.</summary>
    IDocumentSession LightweightSession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session that remembers nothing about loaded documents.</summary>
    IDocumentSession LightweightSession(SessionOptions options);

    /// <summary>Opens a session that returns the same instance for the same identity.</summary>
    IDocumentSession IdentitySession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session that returns the same instance for the same identity.</summary>
    IDocumentSession IdentitySession(SessionOptions options);

    /// <summary>Opens a session that only reads.</summary>
    IQuerySession QuerySession();

    /// <summary>Opens a session that only reads.</summary>
    IQuerySession QuerySession(SessionOptions options);
}
