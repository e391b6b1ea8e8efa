using System.Collections.Concurrent;
using JasperFx;
using JasperFx.Events;
using Marten.Exceptions;
using Npgsql;

namespace Marten.Storage;

/// <summary>Creates the tables of a store when they are first needed, and remembers which exist.</summary>
internal sealed class MartenDatabase(StoreOptions options, NpgsqlDataSource dataSource) : IMartenStorage
{
    private readonly ConcurrentDictionary<Type, Task> ensured = new();

    /// <summary>Creates the tables of a document type, or of the events for typeof(IEvent), once in the life of the store.</summary>
    public ValueTask EnsureAsync(Type type, CancellationToken token)
    {
        if (options.AutoCreateSchemaObjects == AutoCreate.None)
            return ValueTask.CompletedTask;
        if (ensured.TryGetValue(type, out var known) && known.IsCompletedSuccessfully)
            return ValueTask.CompletedTask;
        return new ValueTask(EnsureSlowAsync(type, token));
    }

    public string ToDatabaseScript() => string.Join("\n", Features().SelectMany(f => f.Objects).Select(o => o.CreateScript()));

    public async Task ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate? @override = null)
    {
        foreach (var feature in Features())
            await ApplyAsync(feature, default);
    }

    private IEnumerable<ISchemaFeature> Features()
    {
        foreach (var mapping in options.Mappings.Where(m => m.IdMember is not null))
            yield return new DocumentFeature(mapping);
        if (options.EventGraph.IsActive)
            yield return options.EventGraph.Feature;
    }

    private async Task EnsureSlowAsync(Type type, CancellationToken token)
    {
        var feature = type == typeof(IEvent) ? options.EventGraph.Feature : new DocumentFeature(options.MappingFor(type));
        await ApplyAsync(feature, token);
        ensured[type] = Task.CompletedTask;
    }

    private async Task ApplyAsync(ISchemaFeature feature, CancellationToken token)
    {
        var script = string.Join("\n", feature.Objects.Select(o => o.CreateScript()));
        try
        {
            await using var command = dataSource.CreateCommand(script);
            await command.ExecuteNonQueryAsync(token);
        }
        catch (PostgresException exception)
        {
            throw new MartenSchemaException(feature.Identifier, script, exception);
        }
    }
}
