using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Reliability.Tests;

/// <summary>A host that runs the flow module, as a process that can be killed.</summary>
internal sealed class FlowHost : IAsyncDisposable
{
    public const string RolePrefix = "flow";
    public const string RoleSecret = "a secret for tests only, of no use elsewhere";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly string Program = typeof(FlowHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "LogHost").Value!;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private FlowHost(string connectionString, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ConnectionStrings__Default"] = connectionString;
        start.Environment["Database__RolePrefix"] = RolePrefix;
        start.Environment["Database__RoleSecret"] = RoleSecret;
        start.Environment["Database__StatementTimeoutSeconds"] = "60";
        start.Environment["Log__LeaseSeconds"] = "1";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        start.Environment["Security__OpenAccess"] = "true";
        start.Environment["Http__RequireHttps"] = "false";
        // It is gone before a second compilation of its methods pays, and is killed, which would leave the sockets behind at which diagnosis tools find it.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    public string Output => string.Join('\n', _output);

    public static FlowHost Start(string connectionString, params string[] arguments) => new(connectionString, arguments);

    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    /// <summary>As kill -9: the process can do nothing more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null && _output.Count < 2_000)
        {
            _output.Enqueue(line);
        }
    }
}
