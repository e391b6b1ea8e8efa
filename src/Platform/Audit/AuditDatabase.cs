using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.Platform.Audit;

/// <summary>The pool of the login that seals, searches and verifies. It can append nothing and change nothing, and no module has it.</summary>
internal sealed class AuditDatabase(DatabaseAddress address, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Lazy<NpgsqlDataSource> _source = new(() =>
    {
        var builder = new NpgsqlDataSourceBuilder(address.AuditConnectionString) { Name = AuditSchema.Name };
        builder.UseLoggerFactory(loggers);
        return builder.Build();
    });

    public NpgsqlDataSource Source => _source.Value;

    /// <summary>For how many seconds the oldest entry has been waiting to be sealed; null when none is waiting.</summary>
    public async Task<double?> WaitingAsync(CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand(
            "select extract(epoch from clock_timestamp() - min(recorded_at))::double precision from (select recorded_at from audit.pending limit 10000) oldest");
        return await command.ExecuteScalarAsync(cancellationToken) as double?;
    }

    /// <summary>The chain's end.</summary>
    public async Task<AuditHead> HeadAsync(CancellationToken cancellationToken)
    {
        var waiting = await WaitingAsync(cancellationToken);
        await using var command = Source.CreateCommand("select position, encode(hash, 'hex'), removed_position, encode(removed_hash, 'hex') from audit.chain");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new AuditHead(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), waiting);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source.IsValueCreated)
        {
            await _source.Value.DisposeAsync();
        }
    }
}
