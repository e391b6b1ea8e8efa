using System.Data;
using Marten.Services;
using Npgsql;

namespace Marten.Internal.Sessions;

/// <summary>
/// The connection of one session. Without a transaction each request takes a connection from the pool and gives it back;
/// from BeginTransactionAsync, or on a connection of the caller, all requests share one.
/// </summary>
internal sealed class SessionConnection : IAsyncDisposable, IDisposable
{
    private readonly NpgsqlDataSource dataSource;
    private readonly IsolationLevel isolationLevel;
    private readonly bool ownsConnection;
    private readonly bool ownsTransaction;
    private readonly string? connectionString;
    private readonly System.Transactions.Transaction? ambient;
    private NpgsqlConnection? shared;
    private bool openedForCaller;

    public SessionConnection(NpgsqlDataSource dataSource, SessionOptions options)
    {
        this.dataSource = dataSource;
        isolationLevel = options.IsolationLevel;
        shared = options.Connection;
        Transaction = options.Transaction;
        connectionString = options.ConnectionString;
        ambient = options.DotNetTransaction;
        ownsConnection = options.Connection is null;
        ownsTransaction = options.OwnsTransactionLifecycle;
    }

    public NpgsqlTransaction? Transaction { get; private set; }

    /// <summary>Whether the session takes part in a transaction, so that a failed write cannot be repeated alone.</summary>
    public bool IsInTransaction => Transaction is not null || ambient is not null;

    /// <summary>Whether saving must not commit because the caller does.</summary>
    public bool CallerCommits => Transaction is not null && !ownsTransaction;

    /// <summary>Whether writes need an explicit transaction because a single batch is not enough for the isolation asked for.</summary>
    public bool NeedsExplicitTransaction => ambient is null && isolationLevel is not (IsolationLevel.ReadCommitted or IsolationLevel.Unspecified);

    public bool IsShared => shared is not null || ambient is not null;

    /// <summary>An open connection. When <see cref="IsShared"/> is false the caller gives it back by disposing it.</summary>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken token)
    {
        if (ambient is not null && shared is null)
            return await EnlistAsync(ambient, token);
        if (shared is null)
            return await OpenNewAsync(token);
        if (shared.State == ConnectionState.Closed)
        {
            await shared.OpenAsync(token);
            openedForCaller = !ownsConnection;
        }

        return shared;
    }

    public NpgsqlConnection OpenShared()
    {
        if (shared is null)
        {
            shared = CreateConnection();
            shared.Open();
            if (ambient is not null)
                shared.EnlistTransaction(ambient);
        }
        else if (shared.State == ConnectionState.Closed)
        {
            shared.Open();
            openedForCaller = !ownsConnection;
        }

        return shared;
    }

    public async ValueTask BeginTransactionAsync(CancellationToken token)
    {
        if (IsInTransaction)
            return;
        shared = await OpenAsync(token);
        Transaction = await shared.BeginTransactionAsync(isolationLevel, token);
    }

    /// <summary>As the other, without asynchrony.</summary>
    public void BeginTransaction()
    {
        if (!IsInTransaction)
            Transaction = OpenShared().BeginTransaction(isolationLevel);
    }

    /// <summary>Commits the session's transaction, if it is the session's to commit, and gives the connection back.</summary>
    public async ValueTask CommitAsync(CancellationToken token)
    {
        if (Transaction is null || !ownsTransaction)
            return;
        await Transaction.CommitAsync(token);
        await ReleaseAsync();
    }

    /// <summary>Whether the last writes can carry the commit of the session's transaction.</summary>
    public bool CommitsWithWrites => Transaction is not null && ownsTransaction;

    /// <summary>Gives the connection back after writes that carried the commit.</summary>
    public ValueTask CommittedAsync() => ReleaseAsync();

    /// <summary>Rolls the session's transaction back, if it is the session's, and gives the connection back.</summary>
    public async ValueTask RollbackAsync()
    {
        if (Transaction is null || !ownsTransaction)
            return;
        try
        {
            // Rolls back what is still open: a commit that failed has done so already, and so has a broken connection. The failure that led here is the one worth reporting.
            await Transaction.DisposeAsync();
        }
        catch (NpgsqlException)
        {
        }

        await ReleaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (ownsTransaction && Transaction is not null)
            await Transaction.DisposeAsync();
        if (shared is null)
            return;
        if (ownsConnection)
            await shared.DisposeAsync();
        else if (openedForCaller)
            await shared.CloseAsync();
        shared = null;
    }

    public void Dispose()
    {
        if (ownsTransaction)
            Transaction?.Dispose();
        if (shared is null)
            return;
        if (ownsConnection)
            shared.Dispose();
        else if (openedForCaller)
            shared.Close();
        shared = null;
    }

    private NpgsqlConnection CreateConnection() => connectionString is null ? dataSource.CreateConnection() : new NpgsqlConnection(connectionString);

    private async ValueTask<NpgsqlConnection> OpenNewAsync(CancellationToken token)
    {
        var connection = CreateConnection();
        try
        {
            await connection.OpenAsync(token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<NpgsqlConnection> EnlistAsync(System.Transactions.Transaction transaction, CancellationToken token)
    {
        var connection = await OpenNewAsync(token);
        try
        {
            connection.EnlistTransaction(transaction);
            return shared = connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async ValueTask ReleaseAsync()
    {
        if (Transaction is { } ended)
            await ended.DisposeAsync();
        Transaction = null;
        if (!ownsConnection || shared is null)
            return;
        await shared.DisposeAsync();
        shared = null;
    }
}
