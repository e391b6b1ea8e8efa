using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Postgres;
using Npgsql;

namespace ModularMonolith.Benchmarks.Stock;

/// <summary>Inventory alone in this process, on a PostgreSQL server of its own with durable commits.</summary>
internal sealed class InventoryProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly PostgresServer _postgres;
    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _source;
    private readonly HttpClient _client;

    private InventoryProcess(string folder, PostgresServer postgres, WebApplication app, ConflictCount conflicts)
    {
        (_folder, _postgres, _app, Conflicts) = (folder, postgres, app, conflicts);
        _source = NpgsqlDataSource.Create(postgres.ConnectionString);
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    /// <summary>How often a command met a concurrent change and ran again.</summary>
    public ConflictCount Conflicts { get; }

    public static async Task<InventoryProcess> StartAsync()
    {
        // Directly in the temporary folder, through which the account that PostgreSQL runs as can pass.
        var folder = Path.Combine(Path.GetTempPath(), "modular-monolith-bench-" + Guid.NewGuid().ToString("N"));
        var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder }, NullLogger.Instance);
        var conflicts = new ConflictCount();
        await using (var migrated = Build(postgres.ConnectionString, conflicts))
        {
            await migrated.MigrateAsync();
        }

        var app = Build(postgres.ConnectionString, conflicts);
        await app.StartAsync();
        var process = new InventoryProcess(folder, postgres, app, conflicts);
        Console.WriteLine(Machine.Describe((string)(await process.ScalarAsync("show server_version"))!));
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _source.DisposeAsync();
        await _postgres.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    public async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    /// <summary>Writes an event to the log as another module would.</summary>
    public async Task PublishAsync(string name, Platform.Contracts.IIntegrationEvent integrationEvent)
    {
        await using var command = _source.CreateCommand("insert into integration.message (id, name, version, key, payload, headers) values ($1, $2, 1, $3, $4::jsonb, '{}')");
        command.Parameters.AddWithValue(Guid.CreateVersion7());
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(integrationEvent.Key);
        command.Parameters.AddWithValue(EventPayload.Serialize(integrationEvent));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Gives SKUs their first stock and waits until it is there.</summary>
    public async Task DeclareAsync(int quantity, params string[] skus)
    {
        foreach (var part in skus.Chunk(500))
        {
            await PublishAsync("inventory.stock-declared", new StockDeclared(Guid.CreateVersion7(), [.. part.Select(sku => new DeclaredStock(sku, quantity))]));
            await UntilAsync(async () => (await SendAsync(new GetStockLevels(part))).Count == part.Length);
        }
    }

    /// <summary>Sets a policy, whichever there is.</summary>
    public async Task PutPolicyAsync(string sku, string policy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/inventory/policies/item?sku=" + Uri.EscapeDataString(sku)) { Content = new StringContent(policy, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await _client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Has a certificate made and waits for it.</summary>
    public async Task<JsonElement> CertifyAsync()
    {
        using var accepted = await _client.PostAsync("/api/inventory/certificates", null);
        accepted.EnsureSuccessStatusCode();
        var certificate = default(JsonElement);
        await UntilAsync(async () =>
        {
            certificate = await _client.GetFromJsonAsync<JsonElement>(accepted.Headers.Location);
            return certificate.GetProperty("status").GetString() != "requested";
        });
        return certificate;
    }

    /// <summary>Asks the database as its admin.</summary>
    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = (int)Deadline.TotalSeconds;
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var begin = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(begin) > Deadline)
            {
                throw new TimeoutException("What was waited for did not come in time.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private static WebApplication Build(string connectionString, ConflictCount conflicts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Default"] = connectionString,
            ["Database:RoleSecret"] = "a secret for this measurement only, of no use elsewhere",
            ["Security:OpenAccess"] = "true",
            ["Http:RequireHttps"] = "false",
            ["RateLimits:Requests"] = "1000000000",
        });
        builder.Logging.AddConsole().AddProvider(conflicts).SetMinimumLevel(LogLevel.Error);
        builder.Logging.AddFilter<ConflictCount>(ConflictCount.Category, LogLevel.Debug);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.AddModularMonolith(ModuleCatalog.Alone(Assembly.Load("ModularMonolith.Inventory")));
        var app = builder.Build();
        app.UseModularMonolith();
        return app;
    }
}

/// <summary>Counts what the pipeline says of commands that lost a race and run again.</summary>
internal sealed class ConflictCount : ILoggerProvider, ILogger
{
    public const string Category = "ModularMonolith.Platform.Pipeline";

    private long _count;

    public long Total => Interlocked.Read(ref _count);

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith(Category, StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "LogConflict")
        {
            Interlocked.Increment(ref _count);
        }
    }

    public void Dispose()
    {
    }
}
