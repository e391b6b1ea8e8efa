using JasperFx;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Timers;
using Npgsql;

namespace ModularMonolith.Platform.Data;

/// <summary>Brings roles, schemas and every module's tables up to date. Only adds; what would lose data is refused.</summary>
internal sealed partial class SchemaMigrator(
    DatabaseProvisioner provisioner, ModuleDataSources sources, IServiceProvider services,
    IEnumerable<ModuleStore> stores, IEnumerable<ModuleSchemaScript> scripts, ILogger<SchemaMigrator> logger)
{
    private const int LockClass = 0x4D4D_4442;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await provisioner.ProvisionAsync(cancellationToken);
        await Task.WhenAll(stores.Select(store => MigrateAsync(store, cancellationToken)));
        if (stores.FirstOrDefault() is { } store)
        {
            await LogPositions.KeepAheadAsync(sources.For(store.Module), logger, cancellationToken);
        }

        LogMigrated(stores.Count());
    }

    private async Task MigrateAsync(ModuleStore store, CancellationToken cancellationToken)
    {
        var source = sources.For(store.Module);
        await RunAsync(source, store.Module, LogSchema.Subscriptions + LogSchema.SubscriptionRoutines + TimerSchema.Tables, cancellationToken);
        await store.Resolve(services).Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        foreach (var script in scripts.Where(script => script.Module == store.Module))
        {
            await RunAsync(source, store.Module, script.Sql, cancellationToken);
        }
    }

    private static async Task RunAsync(NpgsqlDataSource source, ModuleDescriptor module, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two hosts that start at once would otherwise both create the same objects, and one would fail.
        await using (var locked = new NpgsqlCommand("select pg_advisory_xact_lock($1, hashtext($2))", connection) { Parameters = { new() { Value = LockClass }, new() { Value = module.Name } } })
        {
            await locked.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "The schema of {Count} modules is up to date.")]
    private partial void LogMigrated(int count);
}
