using System.Data;
using System.Data.Common;
using Marten.Events;
using Marten.Internal.Storage;
using Marten.Linq;
using Marten.Observability;
using Marten.Services;
using Npgsql;

namespace Marten.Internal.Sessions;

/// <summary>A session that reads. Its parts: this file runs commands, the others load documents and run SQL of the caller.</summary>
internal partial class QuerySession : IQuerySession
{
    private const int ReadAttempts = 4;
    private readonly int timeout;
    private IQueryEventStore? events;
    private IJsonLoader? json;
    private bool disposed;

    public QuerySession(DocumentStore store, SessionOptions sessionOptions)
    {
        Owner = store;
        Options = store.Options;
        Serializer = store.Options.Serializer();
        Tracking = sessionOptions.Tracking;
        SessionConnection = new SessionConnection(store.DataSource, sessionOptions);
        ArgumentException.ThrowIfNullOrWhiteSpace(sessionOptions.TenantId, nameof(SessionOptions.TenantId));
        TenantId = sessionOptions.TenantId;
        timeout = sessionOptions.Timeout ?? store.Options.CommandTimeout;
        IdentityMap = Tracking == DocumentTracking.IdentityOnly ? [] : null;
        Observer = SessionObserver.For(store.Options, TenantId);
        Logger = store.Options.Logger().StartSession(this);
    }

    public DocumentStore Owner { get; }

    public StoreOptions Options { get; }

    public ISerializer Serializer { get; }

    public DocumentTracking Tracking { get; }

    public SessionConnection SessionConnection { get; }

    /// <summary>The loaded instances by type and identity; null when the session does not remember them.</summary>
    public Dictionary<(Type Type, object Id), object>? IdentityMap { get; protected set; }

    public NpgsqlConnection Connection => SessionConnection.OpenShared();

    public IMartenSessionLogger Logger
    {
        get;
        set => field = Observer is { } observer && value is not ObservedSessionLogger ? new ObservedSessionLogger(value, observer) : value;
    }

    /// <summary>The activity of the session; null when nobody wants it.</summary>
    protected SessionObserver? Observer { get; }

    public int RequestCount { get; private set; }

    public string TenantId { get; }

    public IDocumentStore DocumentStore => Owner;

    public IQueryEventStore Events => events ??= EventGraph.ReaderFor(this);

    public IJsonLoader Json => json ??= new JsonLoader(this);

    public string? CausationId { get; set; }

    public string? CorrelationId { get; set; }

    public IMartenQueryable<T> Query<T>() where T : notnull => LinqProvider.Query<T>(this);

    /// <summary>The storage of a document type.</summary>
    public DocumentStorage StorageFor(Type documentType) => Owner.StorageFor(documentType);

    public DocumentStorage<T> StorageFor<T>() where T : notnull => (DocumentStorage<T>)Owner.StorageFor(typeof(T));

    /// <summary>Creates the tables of a document type, or of the events for typeof(IEvent), unless they are known to exist.</summary>
    public ValueTask EnsureStorageAsync(Type type, CancellationToken token) => Owner.Database.EnsureAsync(type, token);

    /// <summary>
    /// Runs a command and reads its rows. Repeats both when the database is briefly unavailable and the session has no
    /// transaction, so <paramref name="read"/> must not have effects outside of its result.
    /// </summary>
    public async Task<TResult> ReadAsync<TResult>(NpgsqlCommand command, Func<NpgsqlDataReader, CancellationToken, Task<TResult>> read, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var reader = await StartReaderAsync(command, token);
                var result = await read(reader, token);
                Logger.LogSuccess(command);
                return result;
            }
            catch (Exception exception)
            {
                Logger.LogFailure(command, exception);
                if (attempt < ReadAttempts && !SessionConnection.IsShared && ExceptionTranslation.MayRepeatRead(exception))
                {
                    await Task.Delay(ExceptionTranslation.PauseBefore(attempt + 1), token);
                    continue;
                }

                var translated = ExceptionTranslation.Translate(exception, command);
                if (ReferenceEquals(translated, exception))
                    throw;
                throw translated;
            }
        }
    }

    /// <summary>As the other, for several commands in one round trip.</summary>
    public async Task<TResult> ReadAsync<TResult>(NpgsqlBatch batch, Func<NpgsqlDataReader, CancellationToken, Task<TResult>> read, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            NpgsqlConnection? connection = null;
            try
            {
                connection = await OpenAsync(token);
                batch.Connection = connection;
                batch.Transaction = SessionConnection.Transaction;
                batch.Timeout = timeout;
                Logger.OnBeforeExecute(batch);
                TResult result;
                await using (var reader = await batch.ExecuteReaderAsync(token))
                    result = await read(reader, token);
                Logger.LogSuccess(batch);
                return result;
            }
            catch (Exception exception)
            {
                Logger.LogFailure(batch, exception);
                if (attempt < ReadAttempts && !SessionConnection.IsShared && ExceptionTranslation.MayRepeatRead(exception))
                {
                    await Task.Delay(ExceptionTranslation.PauseBefore(attempt + 1), token);
                    continue;
                }

                var translated = ExceptionTranslation.Translate(exception, null);
                if (ReferenceEquals(translated, exception))
                    throw;
                throw translated;
            }
            finally
            {
                if (connection is not null)
                    await GiveBackAsync(connection);
            }
        }
    }

    public async Task<DbDataReader> ExecuteReaderAsync(NpgsqlCommand command, CancellationToken token = default)
    {
        try
        {
            var reader = await StartReaderAsync(command, token);
            Logger.LogSuccess(command);
            return reader;
        }
        catch (NpgsqlException exception)
        {
            Logger.LogFailure(command, exception);
            throw ExceptionTranslation.Translate(exception, command);
        }
    }

    public async Task<int> ExecuteAsync(NpgsqlCommand command, CancellationToken token = default)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await OpenAsync(token);
            Prepare(command, connection);
            var count = await command.ExecuteNonQueryAsync(token);
            Logger.LogSuccess(command);
            return count;
        }
        catch (NpgsqlException exception)
        {
            Logger.LogFailure(command, exception);
            throw ExceptionTranslation.Translate(exception, command);
        }
        finally
        {
            if (connection is not null)
                await GiveBackAsync(connection);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        disposed = true;
        Observer?.Dispose();
        await SessionConnection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public void Dispose()
    {
        disposed = true;
        Observer?.Dispose();
        SessionConnection.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>An open connection, to be given back by <see cref="GiveBackAsync"/>.</summary>
    protected ValueTask<NpgsqlConnection> OpenAsync(CancellationToken token)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        RequestCount++;
        return SessionConnection.OpenAsync(token);
    }

    protected async ValueTask GiveBackAsync(NpgsqlConnection connection)
    {
        if (!SessionConnection.IsShared)
            await connection.DisposeAsync();
    }

    protected int Timeout => timeout;

    private void Prepare(NpgsqlCommand command, NpgsqlConnection connection)
    {
        command.Connection = connection;
        command.Transaction = SessionConnection.Transaction;
        command.CommandTimeout = timeout;
        Logger.OnBeforeExecute(command);
    }

    private async Task<NpgsqlDataReader> StartReaderAsync(NpgsqlCommand command, CancellationToken token)
    {
        var connection = await OpenAsync(token);
        var isOwn = !SessionConnection.IsShared;
        try
        {
            Prepare(command, connection);
            return await command.ExecuteReaderAsync(isOwn ? CommandBehavior.CloseConnection : CommandBehavior.Default, token);
        }
        catch
        {
            await GiveBackAsync(connection);
            throw;
        }
    }
}
