using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Reflection;
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

/// <summary>Measures reservations: of one SKU that everybody wants, with few and with many open ones, of many SKUs, and of one with a policy. The module runs in this process, without HTTP.</summary>
internal sealed class StockBench : IAsyncDisposable
{
    private const int SpreadSkus = 1_000;
    private const string Hot = "HOT";
    private const string Limited = "LIMITED";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _source;
    private readonly Settings _settings;

    private StockBench(WebApplication app, NpgsqlDataSource source, Settings settings)
    {
        _app = app;
        _source = source;
        _settings = settings;
    }

    public static async Task<int> RunAsync(Settings settings)
    {
        var folder = Path.Combine(Path.GetTempPath(), "modular-monolith-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder }, NullLogger.Instance);
            await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
            await using var version = source.CreateCommand("show server_version");
            Console.WriteLine(Machine.Describe((string)(await version.ExecuteScalarAsync())!) + "\n");
            await using (var migrated = Build(postgres.ConnectionString))
            {
                await migrated.MigrateAsync();
            }

            var app = Build(postgres.ConnectionString);
            await app.StartAsync();
            await using var bench = new StockBench(app, source, settings);
            await bench.MeasureAsync();
            return 0;
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task MeasureAsync()
    {
        var spread = Enumerable.Range(0, SpreadSkus).Select(static index => "SPREAD-" + index.ToString(CultureInfo.InvariantCulture)).ToArray();
        foreach (var part in spread.Append(Hot).Append(Limited).Chunk(500))
        {
            await PublishAsync("inventory.stock-declared", new StockDeclared(Guid.CreateVersion7(), [.. part.Select(static sku => new DeclaredStock(sku, 500_000_000))]));
        }

        await UntilAsync(async () => (await SendAsync(new GetStockLevels([Hot, Limited]))).Count == 2);
        await PutPolicyAsync();
        Console.WriteLine("| reservations, each released | a second | p50 ms | p99 ms |\n|---|---|---|---|");
        await ReportAsync("spread over 1,000 SKUs", random => ReserveAndReleaseAsync(spread[random.Next(spread.Length)]));
        await ReportAsync("of one SKU", _ => ReserveAndReleaseAsync(Hot));
        await ReportAsync("of one SKU with a policy", _ => ReserveAndReleaseAsync(Limited));
        foreach (var open in new[] { 100, 1_000, 5_000 })
        {
            await OpenAsync(open);
            await ReportAsync(string.Create(CultureInfo.InvariantCulture, $"of one SKU, {open:N0} reservations of it open"), _ => ReserveAndReleaseAsync(Hot));
        }

        await CertifyAsync();
    }

    private async Task CertifyAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        (await client.PostAsync("/api/inventory/certificates", null)).EnsureSuccessStatusCode();
        var certificate = default(JsonElement);
        await UntilAsync(async () =>
        {
            using var answer = await client.GetAsync("/api/inventory/certificates/latest");
            certificate = answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default;
            return certificate.ValueKind == JsonValueKind.Object;
        });
        var findings = certificate.GetProperty("findings");
        var took = certificate.GetProperty("completedAt").GetDateTimeOffset() - certificate.GetProperty("startedAt").GetDateTimeOffset();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nA certificate ({certificate.GetProperty("status").GetString()}) of {findings.GetProperty("movements").GetInt64():N0} movements and {findings.GetProperty("reservations").GetInt64():N0} reservations took {took.TotalSeconds:N1} s."));
    }

    // Many at once until that many are open: they stay until the end.
    private async Task OpenAsync(int open)
    {
        var held = (long)(await ScalarAsync("select coalesce((select count(*) from inventory.mt_doc_reservation where due_at is not null), 0)"))!;
        await Parallel.ForEachAsync(Enumerable.Range(0, Math.Max(0, open - (int)held)), async (_, _) => await ReserveAsync(Hot));
    }

    private async Task ReportAsync(string name, Func<Random, Task> step)
    {
        // The first second warms up.
        await LoopAsync(1, step);
        var latencies = await LoopAsync(_settings.Seconds, step);
        latencies.Sort();
        var rate = latencies.Count / (double)_settings.Seconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {rate:N0} | {latencies[latencies.Count / 2]:N1} | {latencies[(int)(latencies.Count * 0.99)]:N1} |"));
    }

    private async Task<List<double>> LoopAsync(int seconds, Func<Random, Task> step)
    {
        var end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        var clients = await Task.WhenAll(Enumerable.Range(0, _settings.Clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(client);
            var latencies = new List<double>();
            while (Stopwatch.GetTimestamp() < end)
            {
                var begin = Stopwatch.GetTimestamp();
                await step(random);
                latencies.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            return latencies;
        })));
        return [.. clients.SelectMany(static latencies => latencies)];
    }

    private async Task ReserveAndReleaseAsync(string sku)
    {
        var id = await ReserveAsync(sku);
        await SendAsync(new ReleaseReservation(id));
    }

    private async Task<Guid> ReserveAsync(string sku)
    {
        var id = Guid.CreateVersion7();
        var answer = await SendAsync(new ReserveStock(id, [new StockLine(sku, 1)], DateTimeOffset.UtcNow.AddHours(1)));
        return answer.IsReserved ? id : throw new InvalidOperationException($"{sku} could not be reserved.");
    }

    private async Task PutPolicyAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/inventory/policies/item?sku=" + Limited)
        {
            Content = new StringContent("""{"backorderLimit":1000,"lowStockThreshold":10}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    private async Task PublishAsync(string name, Platform.Contracts.IIntegrationEvent integrationEvent)
    {
        await using var command = _source.CreateCommand("insert into integration.message (id, name, version, key, payload, headers) values ($1, $2, 1, $3, $4::jsonb, '{}')");
        command.Parameters.AddWithValue(Guid.CreateVersion7());
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(integrationEvent.Key);
        command.Parameters.AddWithValue(EventPayload.Serialize(integrationEvent));
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
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

    private static WebApplication Build(string connectionString)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Default"] = connectionString,
            ["Database:RoleSecret"] = "a secret for this measurement only, of no use elsewhere",
            ["Security:OpenAccess"] = "true",
            ["Http:RequireHttps"] = "false",
        });
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.AddModularMonolith(ModuleCatalog.Alone(Assembly.Load("ModularMonolith.Inventory")));
        var app = builder.Build();
        app.UseModularMonolith();
        return app;
    }
}
