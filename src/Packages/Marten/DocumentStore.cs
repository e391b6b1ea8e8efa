using System.Collections.Concurrent;
using System.Data;
using System.Reflection;
using JasperFx.Events.Daemon;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Services;
using Marten.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Marten;

/// <summary>The documents and events of one database schema.</summary>
public partial class DocumentStore : IDocumentStore
{
    private const int PreparedStatements = 100;

    private readonly ConcurrentDictionary<Type, DocumentStorage> storages = new();
    private readonly ConcurrentDictionary<Type, HiloSequence> numbers = new();
    private readonly bool ownsDataSource;

    /// <summary>Builds a store.</summary>
    public DocumentStore(StoreOptions options)
    {
        Options = options;
        options.Advanced.Prepare(options.Serializer());
        ownsDataSource = options.DataSource is null;
        DataSource = options.DataSource ?? CreateDataSource(options.ConnectionString, options.DataSourceConfiguration);
        Database = new MartenDatabase(options, DataSource);
        Advanced = new AdvancedOperations(this);
        options.EventGraph.Validate();
    }

    internal StoreOptions Options { get; }

    internal NpgsqlDataSource DataSource { get; }

    internal MartenDatabase Database { get; }

    internal Linq.Translation.CompiledPlans CompiledPlans { get; } = new();

    /// <summary>Sent after each commit of events by a session of this store.</summary>
    internal Events.Daemon.Pulse EventsAppended { get; } = new();

    IReadOnlyStoreOptions IDocumentStore.Options => Options;

    /// <inheritdoc />
    public IMartenStorage Storage => Database;

    /// <inheritdoc />
    public AdvancedOperations Advanced { get; }

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
    public IDocumentSession LightweightSession(string tenantId, IsolationLevel isolationLevel = IsolationLevel.ReadCommitted) =>
        LightweightSession(new SessionOptions { TenantId = tenantId, IsolationLevel = isolationLevel });

    /// <inheritdoc />
    public IDocumentSession IdentitySession(string tenantId, IsolationLevel isolationLevel = IsolationLevel.ReadCommitted) =>
        IdentitySession(new SessionOptions { TenantId = tenantId, IsolationLevel = isolationLevel });

    /// <inheritdoc />
    public IQuerySession QuerySession(string tenantId) => QuerySession(new SessionOptions { TenantId = tenantId });

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
    public ValueTask<IProjectionDaemon> BuildProjectionDaemonAsync(string? tenantIdOrDatabaseIdentifier = null, ILogger? logger = null) =>
        new(new Events.Daemon.ProjectionDaemon(this, logger ?? NullLogger.Instance));

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
        (DocumentStorage)Activator.CreateInstance(
            typeof(DocumentStorage<>).MakeGenericType(type),
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.DoNotWrapExceptions,
            null,
            [store.Options.MappingFor(type)],
            null)!, this);

    internal HiloSequence NumbersFor(DocumentStorage storage) => numbers.GetOrAdd(storage.RootType, _ =>
    {
        var settings = storage.Mapping.HiloSettings ?? Options.Advanced.HiloSequenceDefaults;
        return new HiloSequence(Options, DataSource, settings.SequenceName ?? storage.RootType.Name, settings);
    });

    internal void AssignNumber(DocumentStorage storage, object document)
    {
        // As in HiloSequence: the published API is synchronous here. The table is created once in the life of a database.
        Database.EnsureAsync(typeof(HiloSequence), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var number = NumbersFor(storage).Next();
        storage.SetIdentity(document, storage.Mapping.UsesIdentityKey ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{storage.Mapping.Alias}/{number}") : number);
    }

    private static NpgsqlDataSource CreateDataSource(string? connectionString, Action<NpgsqlDataSourceBuilder>? configure)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new InvalidOperationException("The document store has no database. Call StoreOptions.Connection(...) with a connection string or a data source.");
        try
        {
            var builder = new NpgsqlDataSourceBuilder(connectionString);
            configure?.Invoke(builder);

            var settings = builder.ConnectionStringBuilder;

            // The texts of a store's statements repeat, and a session leaves nothing behind on its connection: neither parsing them
            // again nor resetting the connection after each use is needed. Whoever sets the keywords decides.
            if (!settings.ShouldSerialize("Max Auto Prepare"))
                settings.MaxAutoPrepare = PreparedStatements;
            if (!settings.ShouldSerialize("No Reset On Close"))
                settings.NoResetOnClose = true;
            return builder.Build();
        }
        catch (ArgumentException exception)
        {
            throw new Exceptions.InvalidConnectionStringException(null, exception);
        }
    }
}
