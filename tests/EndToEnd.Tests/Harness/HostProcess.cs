using System.Diagnostics;
using System.Net;
using System.Reflection;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>The built host as a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    // A start takes seconds, and a minute on a machine on which sixty processes want the same processor.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private static readonly string HostFolder = typeof(HostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "HostFolder").Value!;

    private readonly Process _process;
    private readonly HostSettings _settings;
    private readonly Watch _watch;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;

    private HostProcess(HostSettings settings, string[] arguments)
    {
        _settings = settings;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(HostFolder, "ModularMonolith.Host.dll"), .. arguments])
        {
            WorkingDirectory = HostFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        settings.ApplyTo(start.Environment);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Receive(line.Data);
        _process.ErrorDataReceived += (_, line) => Receive(line.Data);
        _process.Start();
        _watch = new Watch(_process.Id, settings.Folder?.Path);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Callers = new Callers(this);
    }

    /// <summary>Clients of this host.</summary>
    public Callers Callers { get; }

    public Uri Address => _address.Task.Result;

    public int Id => _process.Id;

    /// <summary>What the process has written so far.</summary>
    public HostOutput Output { get; } = new();

    /// <summary>Starts a host and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or is not ready in time; the message holds its output.</exception>
    public static async Task<HostProcess> StartAsync(HostSettings settings)
    {
        var host = await StartListeningAsync(settings);
        try
        {
            using var http = new HttpClient { BaseAddress = host.Address };
            await Eventually.TrueAsync(async () =>
            {
                using var response = await http.GetAsync("/health/ready");
                return response.StatusCode == HttpStatusCode.OK;
            });
            return host;
        }
        catch (Exception exception)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException("The host does not become ready. Its output:\n" + host.Output, exception);
        }
    }

    /// <summary>Starts a host and waits until it accepts connections, whether ready or not.</summary>
    public static async Task<HostProcess> StartListeningAsync(HostSettings settings)
    {
        var host = new HostProcess(settings, []);
        var ended = host._process.WaitForExitAsync();
        if (await Task.WhenAny(host._address.Task, ended).WaitAsync(Deadline) == ended)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException("The host ended at its start. Its output:\n" + host.Output);
        }

        return host;
    }

    /// <summary>Runs a host that is expected to end by itself.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(HostSettings settings, params string[] arguments)
    {
        await using var host = new HostProcess(settings, arguments);
        await host._process.WaitForExitAsync().WaitAsync(Deadline);
        return (host._process.ExitCode, host.Output.ToString());
    }

    /// <summary>Asks the host to stop, as an operator or a container runtime does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await Signals.SendAsync("TERM", _process.Id);
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    /// <summary>As kill -9: the process gets no chance to do anything, and its PostgreSQL runs on.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        // A test that replaces a host, and fails to, disposes of the old one twice.
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _watch.Dispose();
        _process.Dispose();
        if (_address.Task.IsCompletedSuccessfully)
        {
            await DescribedHost.EndAsync(Address);
        }

        var leaks = Secrets.OfRun.FindIn(Output.Lines);
        Assert.True(leaks.Count == 0, "The host wrote what nobody else may see:\n" + string.Join('\n', leaks));
    }

    private void Receive(string? line)
    {
        if (line is null)
        {
            return;
        }

        Output.Add(line);
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0)
        {
            var address = new Uri(line[(at + Listening.Length)..].Trim());
            DescribedHost.Introduce(address, _settings);
            _address.TrySetResult(address);
        }
    }
}
