using System.Reflection;
using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Platform.Testing;

/// <summary>One module alone in a host of its own, on a real PostgreSQL database of its own; what it asks of other modules is scripted.</summary>
public sealed class ModuleHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestDatabase? _database;
    private readonly Func<Task<ModuleHost>> _another;
    private readonly Func<Task> _migrate;

    private ModuleHost(WebApplication app, string connectionString, TestDatabase? database, AdjustableTime time, Func<Task<ModuleHost>> another, Func<Task> migrate)
    {
        _app = app;
        _database = database;
        _another = another;
        _migrate = migrate;
        ConnectionString = connectionString;
        Time = time;
        Client = app.GetTestClient();
    }

    /// <summary>Calls the module's endpoints.</summary>
    public HttpClient Client { get; }

    /// <summary>The host's clock.</summary>
    public AdjustableTime Time { get; }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>A background service of the module as the host runs it: it can be stopped by itself.</summary>
    /// <typeparam name="TService">What the module has written.</typeparam>
    /// <returns>The running service.</returns>
    /// <exception cref="InvalidOperationException">The module has none of this type, or several.</exception>
    public IHostedService BackgroundService<TService>()
        where TService : IHostedService => Services.GetServices<IHostedService>().Single(static running => running is IModuleBackgroundWork { Service: TService });

    /// <summary>The admin's connection string of the module's database.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts a module.</summary>
    /// <param name="module">The assembly that holds it.</param>
    /// <param name="script">Answers to the requests that it sends to other modules; see <see cref="Scripts"/>.</param>
    /// <param name="settings">Configuration, by key.</param>
    /// <param name="address">Changes how the running host reaches the database, for tests that stand in between.</param>
    /// <returns>The running host.</returns>
    public static async Task<ModuleHost> StartAsync(
        Assembly module, Action<IServiceCollection>? script = null, IReadOnlyDictionary<string, string?>? settings = null,
        Action<NpgsqlConnectionStringBuilder>? address = null)
    {
        var server = await ModularMonolith.Postgres.Testing.TestServer.SharedAsync();
        var key = module.GetName().Name!;
        var database = await server.CloneAsync(key, connection => MigrateAsync(module, connection, key, settings));
        var time = new AdjustableTime();
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        address?.Invoke(connection);
        return await RunAsync(database);

        async Task<ModuleHost> RunAsync(TestDatabase? owned)
        {
            var app = Build(module, connection.ConnectionString, key, settings, services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
                script?.Invoke(services);
            });
            await app.StartAsync();
            return new ModuleHost(app, database.ConnectionString, owned, time, () => RunAsync(null), () => MigrateAsync(module, database.ConnectionString, key, settings));
        }
    }

    /// <summary>Starts a second host on the same database and clock, as behind a load balancer. Dispose of it before this one.</summary>
    /// <returns>The running host.</returns>
    public Task<ModuleHost> StartAnotherAsync() => _another();

    /// <summary>Brings the database up to date once more, as the deployment of the next version does.</summary>
    /// <returns>A task that ends when it is done.</returns>
    public Task MigrateAsync() => _migrate();

    /// <summary>Shuts the host down. Its database stays until this is disposed of, so that another host can go on with it.</summary>
    /// <returns>A task that ends when it has stopped.</returns>
    public Task StopAsync() => _app.StopAsync();

    /// <summary>Sends a command or a query.</summary>
    /// <typeparam name="TResponse">The answer's type.</typeparam>
    /// <param name="request">The request.</param>
    /// <returns>The answer.</returns>
    public async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    /// <summary>Writes an event to the log as another module would.</summary>
    /// <param name="integrationEvent">What happened.</param>
    /// <param name="headers">On whose behalf; null for nobody.</param>
    /// <returns>A task that ends when it is committed.</returns>
    public Task PublishAsync(IIntegrationEvent integrationEvent, EventHeaders? headers = null) => PublishAsync([(integrationEvent, headers ?? EventHeaders.None)]);

    /// <summary>Writes events to the log as one transaction of another module would, so that subscribers find all of them at once.</summary>
    /// <param name="events">What happened, and on whose behalf.</param>
    /// <returns>A task that ends when they are committed.</returns>
    public async Task PublishAsync(IReadOnlyList<(IIntegrationEvent Event, EventHeaders Headers)> events)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var batch = source.CreateBatch();
        foreach (var (integrationEvent, headers) in events)
        {
            var name = integrationEvent.GetType().GetCustomAttribute<EventNameAttribute>()!;
            var command = new NpgsqlBatchCommand("insert into integration.message (id, name, version, key, payload, headers) values ($1, $2, $3, $4, $5::jsonb, $6::jsonb)");
            command.Parameters.AddWithValue(Guid.CreateVersion7(Time.GetUtcNow()));
            command.Parameters.AddWithValue(name.Name);
            command.Parameters.AddWithValue(name.Version);
            command.Parameters.AddWithValue(integrationEvent.Key);
            command.Parameters.AddWithValue(EventPayload.Serialize(integrationEvent));
            command.Parameters.AddWithValue(JsonSerializer.Serialize(headers, JsonSerializerOptions.Web));
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
        Services.GetRequiredService<LogWakeUp>().Raise();
    }

    /// <summary>What is written beside an event of a kind, whoever wrote it.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="key">Its key.</param>
    /// <returns>The id and the headers of the first event with this key; null when there is none.</returns>
    public async Task<(Guid Id, EventHeaders Headers)?> HeadersAsync<TEvent>(string key)
        where TEvent : class, IIntegrationEvent
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("select id, headers::text from integration.message where name = $1 and key = $2 order by position limit 1");
        command.Parameters.AddWithValue(typeof(TEvent).GetCustomAttribute<EventNameAttribute>()!.Name);
        command.Parameters.AddWithValue(key);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetGuid(0), JsonSerializer.Deserialize<EventHeaders>(reader.GetString(1), JsonSerializerOptions.Web)!) : null;
    }

    /// <summary>The events of one kind that the module has written, oldest first.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <returns>At most 1,000 events.</returns>
    public async Task<IReadOnlyList<TEvent>> PublishedAsync<TEvent>()
        where TEvent : class, IIntegrationEvent
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("select payload::text from integration.message where name = $1 order by position limit 1000");
        command.Parameters.AddWithValue(typeof(TEvent).GetCustomAttribute<EventNameAttribute>()!.Name);
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<TEvent>();
        while (await reader.ReadAsync())
        {
            events.Add(EventPayload.Deserialize<TEvent>(reader.GetString(0)));
        }

        return events;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private static async Task MigrateAsync(Assembly module, string connectionString, string rolePrefix, IReadOnlyDictionary<string, string?>? settings)
    {
        await using var app = Build(module, connectionString, rolePrefix, settings, static _ => { });
        if (await app.MigrateAsync() != 0)
        {
            throw new InvalidOperationException($"The schema of {module.GetName().Name} could not be created; the cause is on standard error.");
        }
    }

    private static WebApplication Build(
        Assembly module, string connectionString, string rolePrefix, IReadOnlyDictionary<string, string?>? settings, Action<IServiceCollection> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Default"] = connectionString,
            ["Database:RolePrefix"] = rolePrefix.Replace('.', '_').ToLowerInvariant(),
            ["Database:RoleSecret"] = "a secret for tests only, of no use elsewhere",
            ["Security:OpenAccess"] = "true",
            ["Boundaries:OnUndeclared"] = "Fail",
            ["Boundaries:RecordTo"] = Environment.GetEnvironmentVariable("Boundaries__RecordTo"),
            ["Http:RequireHttps"] = "false",
            // A queue of many requests is long on a machine that has much else to do.
            ["Database:StatementTimeoutSeconds"] = "120",
            ["RateLimits:Requests"] = "1000000",
            ["RateLimits:SignIns"] = "1000000",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.AddModularMonolith(ModuleCatalog.Alone(module));
        TestCredentials.Add(builder.Services);
        configure(builder.Services);
        var app = builder.Build();
        app.UseModularMonolith();
        return app;
    }
}
