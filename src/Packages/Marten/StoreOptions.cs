using System.Collections.Concurrent;
using System.Text.Json;
using JasperFx;
using JasperFx.Core.Reflection;
using JasperFx.Events;
using Marten.Events;
using Marten.Events.Projections;
using Marten.Internal;
using Marten.Schema;
using Marten.Services;
using Npgsql;
using Weasel.Core;

namespace Marten;

/// <summary>How a store keeps documents and events. Read once, when the store is built.</summary>
public partial class StoreOptions : IReadOnlyStoreOptions
{
    /// <summary>The documents of the store.</summary>
    public readonly MartenRegistry Schema;

    /// <summary>The command timeout in seconds when none is set.</summary>
    public const int DefaultTimeout = 5;

    private readonly ConcurrentDictionary<Type, DocumentMapping> mappings = new();
    private readonly List<Action<DocumentMapping>> policies = [];
    private ISerializer serializer = new SystemTextJsonSerializer();
    private IMartenLogger logger = NulloMartenLogger.Instance;
    private string databaseSchemaName = "public";

    /// <summary>Creates options with their defaults.</summary>
    public StoreOptions()
    {
        Schema = new MartenRegistry(this);
        Locators = new JsonLocators(this);
        ValueTypes = new ValueTypes(this);
        EventGraph = new EventGraph(this);
        Projections = new ProjectionOptions(this);
        Policies = new PoliciesExpression(this);
    }

    /// <summary>Listeners of all sessions.</summary>
    public List<IDocumentSessionListener> Listeners { get; } = [];

    /// <summary>How far the store may change the database schema by itself; default: create and add.</summary>
    public AutoCreate AutoCreateSchemaObjects { get; set; } = AutoCreate.CreateOrUpdate;

    /// <summary>The key of the advisory lock under which the schema is changed.</summary>
    public int ApplyChangesLockId { get; set; } = 4004;

    /// <summary>How the ids of tenants are spelled before they are used; default: as they are given.</summary>
    public JasperFx.MultiTenancy.TenantIdStyle TenantIdStyle { get; set; }

    /// <summary>The projections of the store.</summary>
    public ProjectionOptions Projections { get; }

    /// <summary>A name for logs and messages.</summary>
    public string StoreName { get; set; } = "Marten";

    /// <summary>What is reported to OpenTelemetry.</summary>
    public OpenTelemetryOptions OpenTelemetry { get; } = new();

    /// <summary>Rarely needed settings.</summary>
    public AdvancedOptions Advanced { get; } = new();

    /// <summary>How events are kept.</summary>
    public IEventStoreOptions Events => EventGraph;

    /// <summary>Settings for many document types at once.</summary>
    public PoliciesExpression Policies { get; }

    /// <summary>The schema of the tables; default: public.</summary>
    public string DatabaseSchemaName
    {
        get => databaseSchemaName;
        set => databaseSchemaName = value.ToLowerInvariant();
    }

    /// <summary>The length that names of database objects must stay below; default: 64.</summary>
    public int NameDataLength { get; set; } = 64;

    /// <summary>How the serializer writes enumeration values.</summary>
    public EnumStorage EnumStorage => serializer.EnumStorage;

    /// <summary>How many operations are sent in one batch; default: 500.</summary>
    public int UpdateBatchSize { get; set; } = 500;

    /// <summary>The command timeout in seconds; default: 5.</summary>
    public int CommandTimeout { get; set; } = DefaultTimeout;

    IDocumentSchemaResolver IReadOnlyStoreOptions.Schema => new DocumentSchemaResolver(this);

    internal EventGraph EventGraph { get; }

    internal JsonLocators Locators { get; }

    internal ValueTypes ValueTypes { get; }

    internal NpgsqlDataSource? DataSource { get; private set; }

    internal string? ConnectionString { get; private set; }

    internal Action<NpgsqlDataSourceBuilder>? DataSourceConfiguration { get; private set; }

    /// <summary>What injected sessions remember unless the registration says otherwise.</summary>
    internal DocumentTracking DefaultTracking { get; private set; } = DocumentTracking.None;

    internal IEnumerable<DocumentMapping> Mappings => mappings.Values;

    /// <summary>The serializer.</summary>
    public ISerializer Serializer() => serializer;

    /// <inheritdoc />
    public void AssertDocumentTypeIsSoftDeleted(Type documentType)
    {
        if (MappingFor(documentType).DeleteStyle != DeleteStyle.SoftDelete)
            throw new InvalidOperationException($"Documents of type {documentType.Name} are not soft-deleted. Declare it with Schema.For<{documentType.Name}>().SoftDeleted().");
    }

    /// <summary>The logger.</summary>
    public IMartenLogger Logger() => logger;

    /// <summary>The database as a connection string; the store owns the connection pool.</summary>
    public void Connection(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = null;
    }

    /// <summary>The database as a data source that the caller owns.</summary>
    public void Connection(NpgsqlDataSource dataSource)
    {
        DataSource = dataSource;
        ConnectionString = null;
    }

    /// <summary>The database as a data source that the caller owns.</summary>
    /// <param name="dataSourceBuilderFactory">Would build data sources for further databases, of which there are none.</param>
    /// <param name="dataSource">The data source.</param>
    public void Connection(Func<string, NpgsqlDataSourceBuilder> dataSourceBuilderFactory, NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSourceBuilderFactory);
        Connection(dataSource);
    }

    /// <summary>Changes the data source that the store builds for a connection string.</summary>
    public void ConfigureNpgsqlDataSourceBuilder(Action<NpgsqlDataSourceBuilder> configure) => DataSourceConfiguration += configure;

    /// <summary>Sets what changed its default after version 8 to what it was: Rich appends, an identity map of sessions, none for aggregates, 32-bit event numbers, and no tracking of skipped numbers.</summary>
    public void RestoreV8Defaults()
    {
        Events.AppendMode = JasperFx.Events.EventAppendMode.Rich;
        Events.UseIdentityMapForAggregates = false;
        Events.EnableBigIntEvents = false;
        Events.EnableAdvancedAsyncTracking = false;
        DefaultTracking = DocumentTracking.IdentityOnly;
    }

    /// <summary>Replaces the serializer.</summary>
    public void Serializer(ISerializer serializer) => this.serializer = serializer;

    /// <summary>Replaces the serializer.</summary>
    public void Serializer<T>() where T : ISerializer, new() => serializer = new T();

    /// <summary>Uses System.Text.Json with its defaults, changed by the arguments.</summary>
    public void UseSystemTextJsonForSerialization(EnumStorage enumStorage = EnumStorage.AsInteger, Casing casing = Casing.Default, Action<JsonSerializerOptions>? configure = null) =>
        UseSystemTextJsonForSerialization(null, enumStorage, casing, configure);

    /// <summary>Uses System.Text.Json with a copy of the caller's options, changed by the arguments.</summary>
    public void UseSystemTextJsonForSerialization(JsonSerializerOptions? options, EnumStorage enumStorage = EnumStorage.AsInteger, Casing casing = Casing.Default, Action<JsonSerializerOptions>? configure = null)
    {
        var json = new SystemTextJsonSerializer(options) { EnumStorage = enumStorage, Casing = casing };
        if (configure is not null)
            json.Configure(configure);
        serializer = json;
    }

    /// <summary>Replaces the logger.</summary>
    public void Logger(IMartenLogger logger) => this.logger = logger;

    /// <summary>Writes to the log of the application, unless a logger was set.</summary>
    internal void LogTo(Microsoft.Extensions.Logging.ILogger? application)
    {
        if (application is not null && ReferenceEquals(logger, NulloMartenLogger.Instance))
            logger = new Observability.CommandLog(application, this);
    }

    /// <summary>Lets queries, indexes and columns read through a wrapper around a Guid, string, int or long.</summary>
    /// <exception cref="InvalidValueTypeException">The type is no such wrapper.</exception>
    public ValueTypeInfo RegisterValueType<TValueType>() where TValueType : notnull => RegisterValueType(typeof(TValueType));

    /// <inheritdoc cref="RegisterValueType{TValueType}" />
    public ValueTypeInfo RegisterValueType(Type type) => ValueTypes.Register(type);

    /// <summary>Declares a document type, so that its table belongs to the configured schema before it is first used.</summary>
    public void RegisterDocumentType<T>() => MappingFor(typeof(T));

    /// <inheritdoc cref="RegisterDocumentType{T}" />
    public void RegisterDocumentType(Type documentType) => MappingFor(documentType);

    /// <summary>Declares document types.</summary>
    public void RegisterDocumentTypes(IEnumerable<Type> documentTypes)
    {
        foreach (var type in documentTypes)
            MappingFor(type);
    }

    /// <summary>The id of a tenant in the style of the store; the default tenant keeps its name.</summary>
    internal string TenantIdOf(string tenantId) => TenantIdStyle switch
    {
        _ when tenantId == Storage.TenantIds.Default => tenantId,
        JasperFx.MultiTenancy.TenantIdStyle.ForceUpperCase => tenantId.ToUpperInvariant(),
        JasperFx.MultiTenancy.TenantIdStyle.ForceLowerCase => tenantId.ToLowerInvariant(),
        _ => tenantId,
    };

    /// <summary>The table of a document type, for SQL of the caller.</summary>
    /// <param name="documentType">The type.</param>
    /// <param name="qualified">Whether the name comes with its schema.</param>
    public string For(Type documentType, bool qualified = true) => new DocumentSchemaResolver(this).For(documentType, qualified);

    internal DocumentMapping MappingFor(Type documentType) => mappings.GetOrAdd(documentType, CreateMapping);

    /// <summary>The mapping of a type, without declaring the type as a document when it is none.</summary>
    internal DocumentMapping KnownMappingFor(Type type) => mappings.TryGetValue(type, out var known) ? known : new DocumentMapping(type, this);

    /// <summary>Whether a type is known to be a document.</summary>
    internal bool IsDeclared(Type type) => mappings.ContainsKey(type);

    internal void AddPolicy(Action<DocumentMapping> policy)
    {
        policies.Add(policy);
        foreach (var mapping in mappings.Values)
            policy(mapping);
    }

    private DocumentMapping CreateMapping(Type documentType)
    {
        var mapping = new DocumentMapping(documentType, this);
        foreach (var policy in policies)
            policy(mapping);
        return mapping;
    }
}

/// <summary>The options of a built store.</summary>
public interface IReadOnlyStoreOptions
{
    /// <summary>The schema of the tables.</summary>
    string DatabaseSchemaName { get; }

    /// <summary>The length that names of database objects must stay below.</summary>
    int NameDataLength { get; }

    /// <summary>How the serializer writes enumeration values.</summary>
    EnumStorage EnumStorage { get; }

    /// <summary>How many operations are sent in one batch.</summary>
    int UpdateBatchSize { get; }

    /// <summary>How the ids of tenants are spelled before they are used.</summary>
    JasperFx.MultiTenancy.TenantIdStyle TenantIdStyle { get; set; }

    /// <summary>The names of tables, for SQL of the caller.</summary>
    IDocumentSchemaResolver Schema { get; }

    /// <summary>Fails when documents of a type are removed by deletion instead of being marked.</summary>
    /// <exception cref="InvalidOperationException">They are.</exception>
    void AssertDocumentTypeIsSoftDeleted(Type documentType);

    /// <summary>The serializer.</summary>
    ISerializer Serializer();

    /// <summary>The logger.</summary>
    IMartenLogger Logger();
}

internal sealed class DocumentSchemaResolver(StoreOptions options) : IDocumentSchemaResolver
{
    public string DatabaseSchemaName => options.DatabaseSchemaName;

    public string EventsSchemaName => options.Events.DatabaseSchemaName;

    public string For<TDocument>(bool qualified = true) => For(typeof(TDocument), qualified);

    public string For(Type documentType, bool qualified = true)
    {
        var mapping = options.MappingFor(documentType);
        return qualified ? mapping.QualifiedTableName : Identifiers.Quote(mapping.TableName);
    }

    public string ForEvents(bool qualified = true) => Name("mt_events", qualified);

    public string ForStreams(bool qualified = true) => Name("mt_streams", qualified);

    public string ForEventProgression(bool qualified = true) => Name("mt_event_progression", qualified);

    private string Name(string table, bool qualified) => qualified ? Identifiers.Qualify(EventsSchemaName, table) : table;
}
