using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Modules;
using Npgsql;

namespace ModularMonolith.Platform.Data;

/// <summary>One connection pool per module, made at first use, when the database is known.</summary>
public sealed class ModuleDataSources(DatabaseAddress address, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> _sources = new(StringComparer.Ordinal);

    /// <summary>The pool of a module.</summary>
    /// <param name="module">The module.</param>
    /// <returns>The same instance every time.</returns>
    public NpgsqlDataSource For(ModuleDescriptor module) => _sources.GetOrAdd(module.Name, _ => new Lazy<NpgsqlDataSource>(() =>
    {
        var builder = new NpgsqlDataSourceBuilder(address.ConnectionStringOf(module)) { Name = module.Name };
        builder.UseLoggerFactory(loggers);
        return builder.Build();
    })).Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values.Where(source => source.IsValueCreated))
        {
            await source.Value.DisposeAsync();
        }
    }
}
