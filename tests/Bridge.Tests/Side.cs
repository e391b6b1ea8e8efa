using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Bridge.Tests;

/// <summary>An effect as the consumer's side has it.</summary>
internal sealed record Effect(Guid MessageId, string Name, string Key, int Number, string Producer, string Correlation, string Trace);

/// <summary>A host with a database of its own.</summary>
internal sealed class Side : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly string _name;
    private readonly Dictionary<string, string?> _settings;
    private WebApplication? _app;
    private HttpClient? _client;

    private Side(string name, TestDatabase database, Dictionary<string, string?> settings)
    {
        _name = name;
        _database = database;
        _settings = settings;
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 5 });
    }

    /// <summary>The admin's connections.</summary>
    public NpgsqlDataSource Source { get; }

    public IServiceProvider Services => _app!.Services;

    /// <summary>Starts a side.</summary>
    /// <param name="name">What its roles are named after.</param>
    /// <param name="broker">Where it finds the broker.</param>
    /// <param name="channel">What exchange and queues of this test are named after.</param>
    /// <param name="exports">What it sends; null for nothing.</param>
    /// <param name="imports">What it takes; null for nothing.</param>
    /// <param name="isShared">Whether its modules share a login.</param>
    public static async Task<Side> StartAsync(string name, Uri broker, string channel, string? exports = null, string? imports = null, bool isShared = false)
    {
        var settings = new Dictionary<string, string?>
        {
            ["bridge:Address"] = broker.ToString(),
            ["bridge:Exchange"] = "events " + channel,
            ["bridge:Queue"] = $"{name} {channel}",
            ["bridge:Export"] = exports,
            ["bridge:Import"] = imports,
            ["bridge:PublishSeconds"] = "5",
            ["Database:Isolation"] = isShared ? "Schema" : "Role",
        };
        var server = await Postgres.Testing.TestServer.SharedAsync();
        var database = await server.CloneAsync("bridge-" + name + (isShared ? "-shared" : string.Empty), async connection =>
        {
            await using var app = Build(name, connection, settings);
            Assert.Equal(0, await app.MigrateAsync());
        });
        var side = new Side(name, database, settings);
        await side.StartAsync();
        return side;
    }

    /// <summary>Changes a setting from the next start on.</summary>
    public void Set(string key, string? value) => _settings[key] = value;

    public async Task StartAsync()
    {
        _app = Build(_name, _database.ConnectionString, _settings);
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            _client!.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>Publishes events in one unit of work of the module.</summary>
    public Task PublishAsync(params IReadOnlyList<IIntegrationEvent> events) => SendAsync(new Sell(events));

    /// <summary>Sends a command.</summary>
    public async Task SendAsync(ICommand command)
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ISender>().Send(command);
    }

    /// <summary>The effects, the oldest first.</summary>
    public async Task<List<Effect>> EffectsAsync(string name = "trade.sold")
    {
        await using var command = Source.CreateCommand("select message_id, name, key, number, producer, correlation, trace from trade.effect where name = $1 order by id");
        command.Parameters.AddWithValue(name);
        await using var reader = await command.ExecuteReaderAsync();
        var effects = new List<Effect>();
        while (await reader.ReadAsync())
        {
            effects.Add(new Effect(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4), reader.GetString(5), reader.GetString(6)));
        }

        return effects;
    }

    public async Task<long> CountAsync(string query)
    {
        await using var command = Source.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What readiness says of the bridge.</summary>
    public async Task<(string Status, string Data)> HealthAsync()
    {
        using var response = await _client!.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var bridge = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("bridge");
        return (bridge.GetProperty("status").GetString()!, bridge.GetProperty("data").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static WebApplication Build(string name, string connectionString, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Default"] = connectionString,
            ["Database:RolePrefix"] = name,
            ["Database:RoleSecret"] = "a secret for tests only, of no use elsewhere",
            ["Security:OpenAccess"] = "true",
            ["Http:RequireHttps"] = "false",
            ["Log:LeaseSeconds"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.AddModularMonolith(ModuleCatalog.From([typeof(BridgeModule).Assembly, typeof(TradeModule).Assembly], builder.Configuration));
        var app = builder.Build();
        app.UseModularMonolith();
        return app;
    }
}
