using System.Collections.Concurrent;
using System.Data;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Services;
using Marten.Storage;
using Npgsql;

namespace Marten;

/// <summary>The documents and events of one database schema.</summary>
public partial class DocumentStore : IDocumentStore
{
    private readonly ConcurrentDictionary<Type, DocumentStorage> storages = new();
    private readonly bool ownsDataSource;

    /// <summary>Builds a store.</summary>
    public DocumentStore(StoreOptions options)
    {
        Options = options;
        ownsDataSource = options.DataSource is null;
        DataSource = options.DataSource ?? CreateDataSource(options.ConnectionString);
        Database = new MartenDatabase(options, DataSource);
    }

    internal StoreOptions Options { get; }

    internal NpgsqlDataSource DataSource { get; }

    internal MartenDatabase Database { get; }

    IReadOnlyStoreOptions IDocumentStore.Options => Options;

    /// <inheritdoc />
    public IMartenStorage Storage => Database;

    /// <summary>Builds a store with default options for a database.</summary>
    public static DocumentStore For(string connectionString) => For(o => o.Connection(connectionString));

    /// <summary>Builds a store.</summary>
    public static DocumentStore For(Action<StoreOptions> configure)
    {
        var options = new StoreOptions();
        configure(options);
        return new DocumentStore(options);
    }

    /// <inheritdoc />
    public IDocumentSession OpenSession(SessionOptions options) => new DocumentSession(this, options);

    /// <inheritdoc />
    public IDocumentSession LightweightSession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted) =>
        LightweightSession(new SessionOptions { IsolationLevel = isolationLevel });

    /// <inheritdoc />
    public IDocumentSession LightweightSession(SessionOptions options) => OpenSession(options.WithTracking(DocumentTracking.None));

    /// <inheritdoc />
    public IDocumentSession IdentitySession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted) =>
        IdentitySession(new SessionOptions { IsolationLevel = isolationLevel });

    /// <inheritdoc />
    public IDocumentSession IdentitySession(SessionOptions options) => OpenSession(options.WithTracking(DocumentTracking.IdentityOnly));

    /// <inheritdoc />
    public IQuerySession QuerySession() => QuerySession(new SessionOptions());

    /// <inheritdoc />
    public IQuerySession QuerySession(SessionOptions options) => new QuerySession(this, options.WithTracking(DocumentTracking.QueryOnly));

    /// <inheritdoc />
    public void Dispose()
    {
        if (ownsDataSource)
            DataSource.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (ownsDataSource)
            await DataSource.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal DocumentStorage StorageFor(Type documentType) => storages.GetOrAdd(documentType, static (type, store) =>
        (DocumentStorage)Activator.CreateInstance(typeof(DocumentStorage<>).MakeGenericType(type), store.Options.MappingFor(type))!, this);

    internal void AssignNumber(DocumentStorage storage, object document) =>
        throw new Exceptions.InvalidDocumentException($"{Options.StoreName}: {storage.DocumentType.Name} {document} needs an identity.");

    private static NpgsqlDataSource CreateDataSource(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new InvalidOperationException("The document store has no database. Call StoreOptions.Connection(...) with a connection string or a data source.");
        try
        {
            return new NpgsqlDataSourceBuilder(connectionString).Build();
        }
        catch (ArgumentException exception)
        {
            throw new Exceptions.InvalidConnectionStringException(null, exception);
        }
    }
}
