using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Reliability.Tests;

/// <summary>PgBouncer in transaction mode before a server, as a process of the test's own on a loopback port. It keeps a single connection for each login, so that nothing that needs a session goes unnoticed.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PgBouncer(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts it.</summary>
    /// <param name="server">The server behind it.</param>
    /// <param name="logins">Users and their passwords.</param>
    public static async Task<PgBouncer> StartAsync(NpgsqlConnectionStringBuilder server, IReadOnlyDictionary<string, string> logins)
    {
        var port = FreePort.Find();
        var folder = Directory.CreateTempSubdirectory("pgbouncer");
        var (settings, users) = (Path.Combine(folder.FullName, "pgbouncer.ini"), Path.Combine(folder.FullName, "users.txt"));
        await File.WriteAllLinesAsync(users, logins.Select(static login => $"\"{login.Key}\" \"{login.Value}\""));
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host=127.0.0.1 port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = 4
            max_client_conn = 200
            ignore_startup_parameters = extra_float_digits,search_path
            """));
        var start = new ProcessStartInfo(InstalledProgram.Find("pgbouncer")!, ["--quiet", settings]) { RedirectStandardError = true };
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            // It refuses to stay root, and reads its files as whom it becomes.
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
            start.ArgumentList.Insert(0, "--user=nobody");
        }

        var bouncer = new PgBouncer(Process.Start(start)!, folder, port);
        try
        {
            await bouncer.WaitAsync();
            return bouncer;
        }
        catch
        {
            await bouncer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(Deadline);
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task WaitAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(started) < Deadline)
            {
                await timer.WaitForNextTickAsync();
            }
            catch (SocketException)
            {
                throw new InvalidOperationException("PgBouncer does not listen: " + (_process.HasExited ? await _process.StandardError.ReadToEndAsync() : "it runs"));
            }
        }
    }
}
