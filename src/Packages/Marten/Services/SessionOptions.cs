using System.Transactions;
using Npgsql;
using IsolationLevel = System.Data.IsolationLevel;

namespace Marten.Services;

/// <summary>How a session is opened.</summary>
public sealed class SessionOptions
{
    /// <summary>Listeners of this session only, called after those of the store.</summary>
    public readonly IList<IDocumentSessionListener> Listeners = [];

    /// <summary>What the session remembers about loaded documents; default: nothing.</summary>
    public DocumentTracking Tracking { get; set; } = DocumentTracking.None;

    /// <summary>The command timeout in seconds; default: that of the store.</summary>
    public int? Timeout { get; set; }

    /// <summary>The isolation level of the session's transactions; default: read committed.</summary>
    public IsolationLevel IsolationLevel { get; set; } = IsolationLevel.ReadCommitted;

    /// <summary>The tenant of the session; default: the default tenant.</summary>
    public string TenantId { get; set; } = Storage.TenantIds.Default;

    /// <summary>Whether guarded documents are checked on writing.</summary>
    public ConcurrencyChecks ConcurrencyChecks { get; set; } = ConcurrencyChecks.Enabled;

    /// <summary>The connection that the caller owns and the session uses, if any.</summary>
    public NpgsqlConnection? Connection { get; private init; }

    /// <summary>The transaction that the caller began and the session takes part in, if any.</summary>
    public NpgsqlTransaction? Transaction { get; private init; }

    /// <summary>Whether SaveChangesAsync commits: false when the caller commits the transaction.</summary>
    public bool OwnsTransactionLifecycle { get; private set; } = true;

    /// <summary>The transaction of System.Transactions that the session takes part in, if any. Who began it commits it.</summary>
    public Transaction? DotNetTransaction { get; private set; }

    /// <summary>Whether the session may be one of the default tenant although the store does not allow those; default: no.</summary>
    public bool AllowAnyTenant { get; set; }

    internal string? ConnectionString { get; private init; }

    /// <summary>A session on connections of its own to a database with the store's schema.</summary>
    public static SessionOptions ForConnectionString(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return new SessionOptions { ConnectionString = connectionString };
    }

    /// <summary>A session in the ambient transaction of the caller, which commits it.</summary>
    /// <exception cref="InvalidOperationException">There is no ambient transaction.</exception>
    public static SessionOptions ForCurrentTransaction() => new SessionOptions().EnlistInAmbientTransactionScope();

    /// <summary>
    /// Takes part in the ambient transaction of the caller, which commits it. SaveChangesAsync sends the changes. All sessions
    /// of one transaction must use the same connection string, and one at a time.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no ambient transaction.</exception>
    public SessionOptions EnlistInAmbientTransactionScope()
    {
        DotNetTransaction = System.Transactions.Transaction.Current
            ?? throw new InvalidOperationException("There is no ambient transaction. Open a TransactionScope with TransactionScopeAsyncFlowOption.Enabled first.");
        OwnsTransactionLifecycle = false;
        return this;
    }

    /// <summary>Sets what the session remembers.</summary>
    public SessionOptions WithTracking(DocumentTracking tracking)
    {
        Tracking = tracking;
        return this;
    }

    /// <summary>Adds a listener.</summary>
    public SessionOptions ListenAt(IDocumentSessionListener listener)
    {
        Listeners.Add(listener);
        return this;
    }

    /// <summary>
    /// A session inside a transaction that the caller began. SaveChangesAsync sends the changes; it commits only when
    /// <paramref name="shouldAutoCommit"/> is true.
    /// </summary>
    /// <exception cref="ArgumentException">The transaction has ended.</exception>
    public static SessionOptions ForTransaction(NpgsqlTransaction transaction, bool shouldAutoCommit = false) => new()
    {
        Connection = transaction.Connection ?? throw new ArgumentException("The transaction has ended.", nameof(transaction)),
        Transaction = transaction,
        OwnsTransactionLifecycle = shouldAutoCommit,
    };

    /// <summary>A session on the caller's connection, which the caller closes. It is opened when it is closed.</summary>
    public static SessionOptions ForConnection(NpgsqlConnection connection) => new() { Connection = connection };
}
