using System.Diagnostics;
using System.Globalization;
using ModularMonolith.Platform.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ModularMonolith.Bridge.Tests;

/// <summary>A private RabbitMQ server for all tests of this process, on the loopback, with a folder, a node name and a port mapper of its own.</summary>
internal sealed class RabbitServer
{
    /// <summary>
    /// Stands above the server. Its input is a pipe that the kernel closes with the test process, however that ends; then the server, its port mapper and the
    /// folder go. Paths come as parameters, so the shell interprets nothing in them.
    /// </summary>
    private const string Script = """
        exec 3>&1 >>"$0/output" 2>&1
        trap '' INT TERM HUP
        epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" 3>&- & epmd=$!
        "$1" 3>&- & server=$!
        while read -r line; do
          case "$line" in
            stop) kill -TERM "$server"; wait "$server" ;;
            start) "$1" 3>&- & server=$! ;;
          esac
          echo done >&3
        done
        kill -KILL "$server" "$epmd"
        wait
        cd / && rm -rf -- "$0"
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    // The command in the path insists on an account of its own; this one runs as whoever calls it.
    private static readonly string? Program = Directory.Exists("/usr/lib/rabbitmq/lib")
        ? Directory.EnumerateDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Select(static folder => Path.Combine(folder, "sbin", "rabbitmq-server")).FirstOrDefault(File.Exists)
        : null;

    private static readonly Lazy<Task<RabbitServer>> Instance = new(StartAsync);

    private readonly Process _supervisor;
    private readonly string _folder;

    private RabbitServer(Process supervisor, string folder, int port)
    {
        _supervisor = supervisor;
        _folder = folder;
        Port = port;
    }

    /// <summary>Why there can be no server here; null when there can.</summary>
    public static string? Missing => Program is null ? "RabbitMQ is not installed: install the Debian package rabbitmq-server." : null;

    public int Port { get; }

    public static Task<RabbitServer> SharedAsync() => Instance.Value;

    public static Uri AddressAt(int port) => new($"amqp://guest:guest@127.0.0.1:{port}");

    public Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = AddressAt(Port), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();

    /// <summary>Stops the server in good order and starts it again on what it has kept.</summary>
    public async Task RestartAsync()
    {
        await TellAsync("stop");
        await TellAsync("start");
        await AnswersAsync();
    }

    private static async Task<RabbitServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("modular-monolith-rabbit-").FullName;
        int[] ports = [FreePort.Find(), FreePort.Find(), FreePort.Find()];
        await File.WriteAllTextAsync(Path.Combine(folder, "rabbitmq.conf"), $"""
            listeners.tcp.default = 127.0.0.1:{ports[0]}
            disk_free_limit.absolute = 1MB
            log.console = true
            log.console.level = warning

            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "advanced.config"), "[].");
        await File.WriteAllTextAsync(Path.Combine(folder, "environment"), string.Empty);
        await File.WriteAllTextAsync(Path.Combine(folder, "plugins"), "[].");
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, folder, Program!]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var (name, value) in Environment(folder, ports))
        {
            start.Environment[name] = value;
        }

        var server = new RabbitServer(Process.Start(start)!, folder, ports[0]);
        await server.AnswersAsync();
        return server;
    }

    private static Dictionary<string, string> Environment(string folder, int[] ports) => new()
    {
        ["HOME"] = folder,
        ["RABBITMQ_HOME_DIR"] = folder,
        ["RABBITMQ_NODENAME"] = $"bridge{ports[0]}@localhost",
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(folder, "advanced.config"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "environment"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_DIST_PORT"] = ports[1].ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_SERVER_START_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none",
        ["ERL_EPMD_PORT"] = ports[2].ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        // The start script then becomes the server instead of its parent, so that one id is all there is to end.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
    };

    private async Task TellAsync(string line)
    {
        await _supervisor.StandardInput.WriteLineAsync(line);
        await _supervisor.StandardInput.FlushAsync();
        await _supervisor.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
    }

    private async Task AnswersAsync()
    {
        try
        {
            await Eventually.Async(
                async () =>
                {
                    try
                    {
                        await using var connection = await ConnectAsync();
                        return true;
                    }
                    catch (BrokerUnreachableException)
                    {
                        return false;
                    }
                },
                static answers => answers,
                Deadline);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException("RabbitMQ did not start: " + await File.ReadAllTextAsync(Path.Combine(_folder, "output")));
        }
    }
}
