using System.Diagnostics;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Daemon;

/// <summary>This assembly's Program, running the daemon of a store in a process that a test may kill.</summary>
internal sealed class DaemonProcess : IAsyncDisposable
{
    private const string ConnectionVariable = "MARTEN_TESTS_CONNECTION";
    private const string SchemaVariable = "MARTEN_TESTS_SCHEMA";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Process process;

    private DaemonProcess(Process process) => this.process = process;

    /// <summary>What the process was told by the test.</summary>
    public static (string? Connection, string? Schema) Settings() =>
        (Environment.GetEnvironmentVariable(ConnectionVariable), Environment.GetEnvironmentVariable(SchemaVariable));

    /// <summary>A host whose daemon runs when no other host of the same store does.</summary>
    public static IHost BuildHost(NpgsqlDataSource dataSource, string schema)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMartenStore<IDaemonStore>(o =>
        {
            o.Connection(dataSource);
            o.DatabaseSchemaName = schema;
            o.CommandTimeout = 30;
            o.Projections.LeadershipPollingTime = 50;
            o.Projections.SlowPollingTime = TimeSpan.FromMilliseconds(50);
            o.Projections.Add<WealthProjection>(ProjectionLifecycle.Async, a => a.BatchSize = 2);
        }).AddAsyncDaemon(DaemonMode.HotCold);
        return builder.Build();
    }

    public static async Task<DaemonProcess> StartAsync(string connection, string schema)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(DaemonProcess).Assembly.Location, "daemon"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Killed, it would leave the sockets behind at which diagnosis tools find it.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment[ConnectionVariable] = connection;
        start.Environment[SchemaVariable] = schema;
        var started = new DaemonProcess(Process.Start(start)!);
        try
        {
            if (await started.process.StandardOutput.ReadLineAsync().WaitAsync(Deadline) != "started")
                throw new InvalidOperationException("The process ended before its daemon had started.");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>As kill -9: the process gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
    }
}
