using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ModularMonolith.Postgres.Binaries;
using ModularMonolith.Postgres.Provisioning;

namespace ModularMonolith.Postgres.Running;

/// <summary>Starts and stops the server process of one data home. The caller holds the home's <see cref="HostLock"/>.</summary>
internal sealed class Postmaster(
    DataHome home, PostgresBinaries binaries, ServerAccount account, ILogger logger, Func<int> choosePort)
{
    /// <summary>pg_ctl looks ten times a second; the server is usually ready sooner.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan FastStopWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ImmediateStopWait = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan OrphanWait = TimeSpan.FromSeconds(15);

    private const int PortAttempts = 10;

    private readonly ServerLog log = new(home);

    /// <summary>The command that <see cref="AbortAsync"/> runs, waiting for the server's end.</summary>
    public Command AbortCommand => PgCtl("stop", "--mode=immediate");

    /// <summary>Ends the server that a killed host left running, and disarms a pid file that nobody's server stands behind.</summary>
    public async Task StopRemnantAsync(CancellationToken cancellationToken)
    {
        var path = PostmasterPidFile.PathIn(home.Cluster);
        if (!File.Exists(path))
            return;
        if (PostmasterPidFile.Read(home.Cluster) is { } pidFile && IsOurs(pidFile))
        {
            logger.LogInformation("Stopping the PostgreSQL server (process {ProcessId}) that an earlier host left running", pidFile.ProcessId);
            await StopAsync(cancellationToken);
            return;
        }

        // The id may meanwhile belong to another program, which would make PostgreSQL refuse to start. The rest of the file
        // stays: by its shared memory key PostgreSQL sees whether orphaned backends of the old server still write.
        var lines = await File.ReadAllLinesAsync(path, cancellationToken);
        File.Delete(path);
        if (lines.Length < 3)
            return;
        lines[0] = PostmasterPidFile.NobodysProcessId.ToString(CultureInfo.InvariantCulture);
        await using (var writer = new StreamWriter(new FileStream(path, FileMode.CreateNew)))
            await writer.WriteAsync(string.Join('\n', lines) + '\n');
        await account.OwnAsync(path, cancellationToken);
    }

    /// <summary>Starts the server and returns its port once it accepts connections.</summary>
    /// <exception cref="PostgresUnavailableException">It does not start; the message ends with the last lines of its log.</exception>
    public async Task<int> StartAsync(PostgresServerOptions options, CancellationToken cancellationToken)
    {
        await log.PrepareAsync(account, cancellationToken);
        var orphans = Stopwatch.StartNew();
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var port = options.Port ?? choosePort();
            await home.WriteSettingsAsync(ServerSettings.Render(options, port), account, cancellationToken);
            log.Mark();
            if (await TryStartAsync(port, options.StartTimeout, cancellationToken) is not { } failure)
                return port;

            var lines = log.SinceMark();
            if (lines.Contains("could not bind", StringComparison.Ordinal) && options.Port is null && attempt < PortAttempts)
                continue;
            if (lines.Contains("pre-existing shared memory block", StringComparison.Ordinal) && orphans.Elapsed < OrphanWait)
            {
                // Backends of a killed server notice its death by themselves and end.
                await Task.Delay(PollInterval * 10, cancellationToken);
                continue;
            }

            throw new PostgresUnavailableException(
                $"PostgreSQL did not start in '{home.Folder}' ({failure}). The last lines of '{home.LogFile}':\n{log.Tail()}");
        }
    }

    /// <summary>Shuts the server down and waits for its end: sessions are disconnected and everything is on disk.</summary>
    /// <exception cref="PostgresUnavailableException">It does not end.</exception>
    public Task StopAsync(CancellationToken cancellationToken) => StopAsync(["fast", "immediate"], cancellationToken);

    /// <summary>Ends the server at once; its next start recovers from its log, as after a crash.</summary>
    public Task AbortAsync(CancellationToken cancellationToken) => StopAsync(["immediate"], cancellationToken);

    /// <summary>A loopback port that nobody listens on at this moment; the server may still find it taken.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task StopAsync(string[] modes, CancellationToken cancellationToken)
    {
        if (PostmasterPidFile.Read(home.Cluster) is not { } pidFile || !IsOurs(pidFile))
            return;
        foreach (var mode in modes)
        {
            await PgCtl("stop", "--mode=" + mode, "--no-wait").RunAsync(cancellationToken);
            var waited = Stopwatch.StartNew();
            while (waited.Elapsed < (mode == "fast" ? FastStopWait : ImmediateStopWait))
            {
                if (PostmasterPidFile.Read(home.Cluster)?.ProcessId != pidFile.ProcessId || !IsOurs(pidFile))
                    return;
                await Task.Delay(PollInterval, cancellationToken);
            }
        }

        throw new PostgresUnavailableException(
            $"The PostgreSQL server in '{home.Folder}' (process id {pidFile.ProcessId}) does not stop. End that process by hand.");
    }

    /// <summary>One attempt; null when the server accepts connections, else what pg_ctl said.</summary>
    private async Task<string?> TryStartAsync(int port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var before = PostmasterPidFile.Read(home.Cluster);
        var seconds = ((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        // pg_ctl gives the server a session of its own, so that Ctrl+C in the host's terminal leaves it alone. Its own wait is
        // not cut short: killing it would take the starting server down with it.
        var start = PgCtl(
            timeout + TimeSpan.FromSeconds(10), "start", "--wait", "--silent", "--timeout=" + seconds,
            "--log=../log/postgres.log", "--options=-c config_file=../server.conf").RunAsync(CancellationToken.None);
        try
        {
            while (!start.IsCompleted)
            {
                if (PostmasterPidFile.Read(home.Cluster) is { Ready: true } now && now.Port == port
                    && (now.ProcessId, now.StartedAt) != (before?.ProcessId, before?.StartedAt))
                    break;
                await Task.WhenAny(start, Task.Delay(PollInterval, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (!start.IsCompleted)
                return null;
            var result = await start;
            if (result.Succeeded)
                return null;
            await GiveUpAsync(start);
            return result.Output;
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            await GiveUpAsync(start);
            if (exception is OperationCanceledException)
                throw;
            return exception.Message;
        }
    }

    /// <summary>Ends a server that may not even have written its pid file yet; pg_ctl returns soon after it has ended.</summary>
    private async Task GiveUpAsync(Task start)
    {
        do
        {
            await AbortAsync(CancellationToken.None);
            await Task.WhenAny(start, Task.Delay(PollInterval));
        }
        while (!start.IsCompleted);
        await AbortAsync(CancellationToken.None);
    }

    /// <summary>Whether the process that the pid file names is a server on this very cluster, not a later owner of its number.</summary>
    private bool IsOurs(PostmasterPidFile pidFile)
    {
        try
        {
            // A postmaster's working folder is its cluster, even after that was renamed or copied with its pid file.
            if (OperatingSystem.IsLinux())
                return Directory.ResolveLinkTarget($"/proc/{pidFile.ProcessId}/cwd", returnFinalTarget: false)?.FullName == RealPathOfCluster();
            using var process = Process.GetProcessById(pidFile.ProcessId);
            var startedAt = new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
            return process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase)
                && Math.Abs(startedAt - pidFile.StartedAt) <= 5
                && Path.GetFullPath(pidFile.Cluster) == Path.GetFullPath(home.Cluster);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            // There is no such process, or it is another user's.
            return false;
        }
    }

    /// <summary>The kernel's own name for the folder, without symbolic links anywhere in it.</summary>
    private string? RealPathOfCluster()
    {
        using var file = File.OpenHandle(Path.Combine(home.Cluster, "PG_VERSION"));
        return Path.GetDirectoryName(File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false)?.FullName);
    }

    private Command PgCtl(params string[] arguments) => PgCtl(TimeSpan.FromSeconds(30), arguments);

    /// <summary>Paths are relative to the cluster because pg_ctl hands them to a shell.</summary>
    private Command PgCtl(TimeSpan deadline, params string[] arguments) =>
        account.Command(binaries.Program("pg_ctl"), [arguments[0], "--pgdata=.", .. arguments[1..]], home.Cluster, deadline);
}
