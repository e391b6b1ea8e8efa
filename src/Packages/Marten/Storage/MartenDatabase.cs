using System.Collections.Concurrent;
using System.Data;
using JasperFx;
using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Storage;
using Marten.Storage.Migration;
using Npgsql;
using Weasel.Core;

namespace Marten.Storage;

/// <summary>Creates the tables of a store when they are first needed, and remembers which exist.</summary>
internal sealed class MartenDatabase(StoreOptions options, NpgsqlDataSource dataSource) : IMartenStorage, IMartenDatabase
{
    // Building an index over a large table takes longer than any query, and other hosts wait for it at the advisory lock.
    // Waiting for a table that somebody else uses must not take as long: all that arrive later queue behind it.
    private const int StatementSeconds = 600;
    private const string LockTimeout = "set local lock_timeout = '30s'";

    private readonly ConcurrentDictionary<Type, Lazy<Task>> ensured = new();

    public IMartenDatabase Database => this;

    /// <summary>
    /// Creates the tables of a document type, of the events for typeof(IEvent), or of the number blocks for
    /// typeof(HiloSequence), once in the life of the store.
    /// </summary>
    public ValueTask EnsureAsync(Type type, CancellationToken token)
    {
        if (options.AutoCreateSchemaObjects == AutoCreate.None)
            return ValueTask.CompletedTask;
        if (ensured.TryGetValue(type, out var known) && known.IsValueCreated && known.Value.IsCompletedSuccessfully)
            return ValueTask.CompletedTask;
        return new ValueTask(EnsureSlowAsync(type, token));
    }

    public Task EnsureStorageExistsAsync(Type featureType, CancellationToken token = default) => EnsureAsync(featureType, token).AsTask();

    public NpgsqlConnection CreateConnection() => dataSource.CreateConnection();

    public string[] AllSchemaNames() => [.. AllObjects().Select(o => o.Schema).Distinct()];

    public string ToDatabaseScript()
    {
        return ScriptOf(AllObjects());
    }

    private static string ScriptOf(IReadOnlyList<SchemaObject> objects)
    {
        var schemas = objects.Select(o => o.Schema).Distinct().Where(s => s != "public").Select(s => $"CREATE SCHEMA IF NOT EXISTS {Identifiers.Quote(s)};");
        return string.Join("\n", schemas.Concat(objects.Select(o => o.CreateScript()))) + "\n";
    }

    IEnumerable<ISchemaObject> IMartenStorage.AllObjects() => AllObjects();

    public ValueTask<IMartenDatabase> FindOrCreateDatabase(string tenantIdOrDatabaseIdentifier) => new(this);

    public ValueTask<IReadOnlyList<IMartenDatabase>> AllDatabases() => new([this]);

    public async Task WriteScriptsByType(string directory)
    {
        Directory.CreateDirectory(directory);
        var written = new HashSet<(string, string)>();
        var files = new List<string>();
        foreach (var type in FeatureTypes())
        {
            var objects = FeatureFor(type).Objects.Where(o => written.Add((o.Schema, o.Name))).ToList();
            if (objects.Count == 0)
                continue;
            files.Add(FileNameOf(type) + ".sql");
            await File.WriteAllTextAsync(Path.Combine(directory, files[^1]), ScriptOf(objects));
        }

        await File.WriteAllTextAsync(Path.Combine(directory, "all.sql"), string.Concat(files.Select(f => $"\\i {f}\n")));
    }

    public Task WriteCreationScriptToFile(string filename) => File.WriteAllTextAsync(filename, ToDatabaseScript());

    public async Task ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate? @override = null)
    {
        var autoCreate = @override ?? options.AutoCreateSchemaObjects;
        await ApplyAsync(options.StoreName, AllObjects(), autoCreate == AutoCreate.None ? AutoCreate.CreateOrUpdate : autoCreate, default);
        foreach (var type in FeatureTypes())
            ensured[type] = Done();
    }

    public async Task<SchemaMigration> CreateMigrationAsync()
    {
        await using var connection = await dataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var changes = await ChangesAsync(connection, transaction, AllObjects(), default);
        await transaction.RollbackAsync();
        return changes.Count == 0
            ? new SchemaMigration(SchemaPatchDifference.None, string.Empty)
            : new SchemaMigration(changes.Min(c => c.Kind), ScriptOf(changes));
    }

    public async Task AssertDatabaseMatchesConfigurationAsync(CancellationToken token = default)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var changes = await ChangesAsync(connection, transaction, AllObjects(), token);
        if (changes.Count > 0)
            throw new MartenSchemaException($"The database schema of '{options.StoreName}' differs from what the store needs. These statements would bring it up to date:\n{ScriptOf(changes)}");
    }

    /// <summary>Forgets which tables exist: they were dropped.</summary>
    public void Forget() => ensured.Clear();

    public IReadOnlyList<SchemaObject> AllObjects() => [.. FeatureTypes().SelectMany(t => FeatureFor(t).Objects).DistinctBy(o => (o.Schema, o.Name, o.GetType()))];

    private string FileNameOf(Type type) => type == typeof(IEvent) ? "eventstore" : type == typeof(HiloSequence) ? "hilo"
        : options.IsDeclared(type) ? options.MappingFor(type).Alias : Identifiers.AliasFor(type);

    private static Lazy<Task> Done()
    {
        var done = new Lazy<Task>(Task.CompletedTask);
        _ = done.Value;
        return done;
    }

    private List<Type> FeatureTypes()
    {
        var mappings = options.Mappings.Where(m => m.IdMember is not null && m.IsStored && !m.IsSubClass).OrderBy(m => m.TableName, StringComparer.Ordinal).ToList();
        var types = mappings.ConvertAll(m => m.DocumentType);
        if (mappings.Exists(m => m.UsesNumbers))
            types.Add(typeof(HiloSequence));
        if (options.EventGraph.IsActive)
            types.Insert(0, typeof(IEvent));
        types.AddRange(options.Projections.Features().Select(f => f.Type));
        return types;
    }

    private ISchemaFeature FeatureFor(Type type)
    {
        if (type == typeof(IEvent))
            return options.EventGraph.Feature;
        foreach (var (owner, feature) in options.Projections.Features())
        {
            if (owner == type)
                return feature;
        }

        return type == typeof(HiloSequence) ? new HiloFeature(options.DatabaseSchemaName) : new DocumentFeature(options.MappingFor(type));
    }

    private async Task EnsureSlowAsync(Type type, CancellationToken token)
    {
        // All callers share one attempt, so it must outlive the caller whose request is cancelled; its statements have time limits.
        var attempt = ensured.GetOrAdd(type, t => new Lazy<Task>(() => StartApplying(t)));
        try
        {
            await attempt.Value.WaitAsync(token);
        }
        catch when (attempt.Value.IsFaulted)
        {
            ensured.TryRemove(new KeyValuePair<Type, Lazy<Task>>(type, attempt));
            throw;
        }
    }

    // Nothing of the caller flows into the attempt that others share: neither its activity nor its ambient transaction.
    private Task StartApplying(Type type)
    {
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        return Task.Run(() => ApplyAsync(FeatureFor(type), default), CancellationToken.None);
    }

    private Task ApplyAsync(ISchemaFeature feature, CancellationToken token) =>
        ApplyAsync(feature.Identifier, feature.Objects, options.AutoCreateSchemaObjects, token);

    private async Task ApplyAsync(string subject, IReadOnlyList<SchemaObject> objects, AutoCreate autoCreate, CancellationToken token)
    {
        if (objects.Count == 0)
            return;
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(token);

            // Most starts find everything in place; only a difference is worth the lock that all hosts queue for.
            var catalog = await Catalog.ReadAsync(connection, null, objects, token);
            if (catalog.Schemas.IsSupersetOf(objects.Select(o => o.Schema)) && SchemaDifferences.Between(objects, catalog).Count == 0)
                return;
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
            await RunAsync(connection, transaction, $"select pg_advisory_xact_lock({options.ApplyChangesLockId}); {LockTimeout}", token);
            var changes = await ChangesAsync(connection, transaction, objects, token);
            foreach (var change in changes)
                Check(change, autoCreate);
            if (changes.Count == 0)
                return;
            var script = ScriptOf(changes);
            options.Logger().SchemaChange(script);
            await RunChangesAsync(connection, transaction, subject, script, token);
            await transaction.CommitAsync(token);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    private static void Check(SchemaChange change, AutoCreate autoCreate)
    {
        if (change.Kind == SchemaPatchDifference.Invalid && autoCreate != AutoCreate.All)
            throw new MartenSchemaException($"{change.Subject} cannot be changed without destroying data: {change.Reason}. Migrate it by hand, or run this, which loses its rows:\n{change.Sql}");
        if (change.Kind == SchemaPatchDifference.Update && autoCreate == AutoCreate.CreateOnly)
            throw new MartenSchemaException($"{change.Subject} differs from what the store needs, and the store may only create objects (AutoCreate.CreateOnly). These statements would bring it up to date:\n{change.Sql}");
    }

    private static async Task<List<SchemaChange>> ChangesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<SchemaObject> objects, CancellationToken token)
    {
        var catalog = await Catalog.ReadAsync(connection, transaction, objects, token);
        var changes = SchemaDifferences.Between(objects, catalog);
        for (var i = changes.Count - 1; i >= 0; i--)
        {
            if (changes[i].Index is { } index && await IndexProbe.IsSameAsync(connection, transaction, index, token))
                changes.RemoveAt(i);
        }

        var missing = objects.Select(o => o.Schema).Distinct().Where(s => !catalog.Schemas.Contains(s));
        changes.InsertRange(0, missing.Select(s => new SchemaChange(s, SchemaPatchDifference.Create, $"CREATE SCHEMA IF NOT EXISTS {Identifiers.Quote(s)};")));
        return changes;
    }

    private static async Task RunChangesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string subject, string script, CancellationToken token)
    {
        try
        {
            await RunAsync(connection, transaction, script, token);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedObject && exception.MessageText.Contains("\"gin\"", StringComparison.Ordinal))
        {
            throw new MissingGinExtensionException(exception);
        }
        catch (PostgresException exception)
        {
            throw new MartenSchemaException(subject, script, exception);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = StatementSeconds };
        await command.ExecuteNonQueryAsync(token);
    }

    private static string ScriptOf(IEnumerable<SchemaChange> changes) => string.Join("\n", changes.Select(c => c.Sql).Distinct());
}
