using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Running;
using ModularMonolith.Postgres.Testing;

namespace ModularMonolith.Postgres.Tests;

public sealed class StartAndStopTests
{
    [Fact]
    public async Task Stopping_twice_is_stopping_once_and_the_folder_is_free_afterwards()
    {
        await using var folder = new ServerFolder();
        var server = await folder.StartAsync();
        await Task.WhenAll(server.StopAsync(), server.StopAsync());
        await server.DisposeAsync();

        Assert.Null(folder.PidFile);
        await using var again = await folder.StartAsync();
        Assert.Equal(1, await Sql.QueryAsync(again.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task Stopping_a_server_that_has_died_by_itself_succeeds()
    {
        await using var folder = new ServerFolder();
        var server = await folder.StartAsync();
        folder.KillPostmaster();
        await server.StopAsync();
        await folder.InitialiseAsync();
    }

    [Fact]
    public async Task A_port_that_somebody_took_meanwhile_is_replaced_by_the_next_free_one()
    {
        await using var folder = new ServerFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = 0;
        await using var server = await PostgresServer.StartAsync(
            folder.Options(), NullLogger.Instance, () => asked++ < 2 ? taken : Postmaster.FreePort(), CancellationToken.None);

        Assert.NotEqual(taken, server.Port);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_fixed_port_is_used_and_reported_when_it_is_taken()
    {
        await using var folder = new ServerFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => PostgresServer.StartAsync(folder.Options(port), NullLogger.Instance));
        Assert.Contains("could not bind", refusal.Message, StringComparison.Ordinal);

        listener.Stop();
        await using var server = await PostgresServer.StartAsync(folder.Options(port), NullLogger.Instance);
        Assert.Equal(port, server.Port);
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_so_with_the_last_lines_of_its_log()
    {
        await using var folder = new ServerFolder();
        var options = folder.Options(settings: new Dictionary<string, string> { ["shared_buffers"] = "plenty" });

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => PostgresServer.StartAsync(options, NullLogger.Instance));

        Assert.Contains("invalid value for parameter \"shared_buffers\": \"plenty\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder.DataFolder, "log", "postgres.log"), refusal.Message, StringComparison.Ordinal);
        await folder.InitialiseAsync();
    }

    [Fact]
    public async Task A_cancelled_start_leaves_neither_a_server_nor_a_lock()
    {
        await using var folder = new ServerFolder();
        await folder.InitialiseAsync();
        for (var milliseconds = 0; milliseconds < 120; milliseconds += 10)
        {
            using var cancellation = new CancellationTokenSource(milliseconds);
            try
            {
                await (await folder.StartAsync(cancellationToken: cancellation.Token)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                Assert.Null(folder.PidFile);
            }
        }

        await folder.InitialiseAsync();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(250)]
    public async Task A_first_start_that_was_cancelled_leaves_no_half_cluster(int milliseconds)
    {
        await using var folder = new ServerFolder();
        using (var cancellation = new CancellationTokenSource(milliseconds))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => folder.StartAsync(cancellationToken: cancellation.Token));
        }

        Assert.False(Directory.Exists(folder.Cluster));
        await folder.InitialiseAsync();
    }

    [Fact]
    public async Task The_server_has_a_session_of_its_own_so_that_a_terminals_interrupt_passes_it_by()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var server = (await TestServer.SharedAsync()).Server;
        var postmaster = PostmasterPidFile.Read(Path.Combine(server.DataFolder, "cluster"))!.ProcessId;

        Assert.NotEqual(SessionOf(Environment.ProcessId), SessionOf(postmaster));
    }

    [Fact]
    public async Task The_hosts_environment_is_not_handed_to_the_server()
    {
        if (OperatingSystem.IsWindows())
            return;
        Environment.SetEnvironmentVariable("ConnectionStrings__Secret", "hunter2");

        var seen = await new Command("env").RunAsync(CancellationToken.None);

        Assert.Contains("PATH=", seen.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_outlasts_its_deadline_is_killed()
    {
        if (OperatingSystem.IsWindows())
            return;
        var forever = new Command("tail", "-f", "/dev/null") { Deadline = TimeSpan.FromMilliseconds(50) };
        await Assert.ThrowsAsync<TimeoutException>(() => forever.RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_long_log_is_put_aside_at_the_next_start()
    {
        await using var folder = new ServerFolder();
        await folder.InitialiseAsync();
        var log = Path.Combine(folder.DataFolder, "log", "postgres.log");
        await File.WriteAllTextAsync(log, new string('x', 10_000_001));

        await folder.InitialiseAsync();

        Assert.True(new FileInfo(log).Length < 100_000);
        Assert.Equal(10_000_001, new FileInfo(log + ".old").Length);
    }

    private static string SessionOf(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
    }
}
