using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Data;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Platform.Tests.Audit;

/// <summary>An audit log without a host: whoever seals, removes or falsifies is the test.</summary>
internal sealed class ChainDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private ChainDatabase(TestDatabase database)
    {
        _database = database;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Default"] = database.ConnectionString }).Build();
        Audit = new AuditDatabase(new DatabaseAddress(configuration, Options.Create(new DatabaseOptions { Isolation = DatabaseIsolation.Schema })), NullLoggerFactory.Instance);
        Source = NpgsqlDataSource.Create(database.ConnectionString);
        Verifier = new AuditVerifier(Audit);
        Reader = new AuditReader(Audit);
    }

    public NpgsqlDataSource Source { get; }

    public AuditDatabase Audit { get; }

    public AuditVerifier Verifier { get; }

    public AuditReader Reader { get; }

    public static async Task<ChainDatabase> CreateAsync()
    {
        var chain = new ChainDatabase(await (await TestServer.SharedAsync()).CreateDatabaseAsync());
        await chain.RunAsync(AuditSchema.Tables + AuditSchema.Sealing + AuditSchema.Retention);
        return chain;
    }

    public Task AppendAsync(int count, string operation = "Change") => RunAsync($$"""
        insert into audit.pending (id, entry)
        select gen_random_uuid(), jsonb_build_object('module', 'notes', 'operation', '{{operation}}', 'place', 'host', 'subject', 'ann', 'changeCount', 1,
            'changes', jsonb_build_array(jsonb_build_object('type', 'note', 'id', n::text, 'change', 'stored')))
        from generate_series(1, {{count}}) n
        """);

    public async Task<int> SealAsync(int most = 1_000) => (int)(await ScalarAsync($"select sealed from audit.seal({most})"))!;

    /// <summary>Appends and seals.</summary>
    public async Task GrowAsync(int count, string operation = "Change")
    {
        await AppendAsync(count, operation);
        while (await SealAsync() > 0)
        {
            continue;
        }
    }

    /// <summary>What the verification finds over all parts: nothing, or the first bad position.</summary>
    public async Task<(bool IsIntact, int Checked, long? BadPosition, string? Finding)> VerifyAsync(string? kept = null)
    {
        var (place, count) = ((ChainPlace?)null, 0);
        do
        {
            var (found, next) = await Verifier.VerifyAsync(place, ChainPlace.Parse(kept), CancellationToken.None);
            (place, count) = (next, count + found.Checked);
            if (!found.IsIntact)
            {
                return (false, count, found.BadPosition, found.Finding);
            }
        }
        while (place is not null);
        return (true, count, null, null);
    }

    public async Task<string> HeadAsync() => (string)(await ScalarAsync("select position || ':' || encode(hash, 'hex') from audit.chain"))!;

    public async Task<string> PositionsAsync() => (string)(await ScalarAsync("select coalesce(string_agg(position || operation, ',' order by position), '') from audit.entry"))!;

    public async Task RunAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Audit.DisposeAsync();
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }
}
