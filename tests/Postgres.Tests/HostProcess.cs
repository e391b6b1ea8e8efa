using System.Diagnostics;
using System.Globalization;

namespace ModularMonolith.Postgres.Tests;

/// <summary>This assembly's Program, running as a process that a test may kill.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private HostProcess(Process process, int port, string dataFolder)
    {
        this.process = process;
        Port = port;
        DataFolder = dataFolder;
    }

    public int Id => process.Id;

    public int Port { get; }

    public string DataFolder { get; }

    public static async Task<HostProcess> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(HostProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Killed, it would leave the sockets behind at which diagnosis tools find it.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Deadline)
                ?? throw new InvalidOperationException("The host process ended before its server had started.");
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            return new HostProcess(process, int.Parse(line[..space], CultureInfo.InvariantCulture), line[(space + 1)..]);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Lets the process end by itself.</summary>
    public async Task EndAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Deadline);
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
