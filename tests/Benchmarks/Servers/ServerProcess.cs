using System.Diagnostics;

namespace ModularMonolith.Benchmarks.Servers;

/// <summary>A server under measurement, as a process of its own on a free loopback port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private bool _isEnded;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"{start.ArgumentList[0]} has ended."));
        _process.OutputDataReceived += (_, line) => Receive(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
    }

    public Uri Address => _address.Task.Result;

    public int Id => _process.Id;

    /// <summary>The memory that the process holds now, in MiB.</summary>
    public long ResidentMebibytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    public static async Task<ServerProcess> StartAsync(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(start);
        await server._address.Task.WaitAsync(Deadline);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Receive(string? line)
    {
        var at = line?.IndexOf(Listening, StringComparison.Ordinal) ?? -1;
        if (at >= 0)
        {
            _address.TrySetResult(new Uri(line![(at + Listening.Length)..].Trim()));
        }
        else if (line is not null && (line.StartsWith("fail", StringComparison.Ordinal) || line.StartsWith("crit", StringComparison.Ordinal)))
        {
            Console.Error.WriteLine(line);
        }
    }
}
