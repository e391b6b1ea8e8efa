using Microsoft.Extensions.Logging;
using ModularMonolith.Postgres.Binaries;
using ModularMonolith.Postgres.Provisioning;
using ModularMonolith.Postgres.Running;
using Npgsql;

namespace ModularMonolith.Postgres;

/// <summary>
/// A PostgreSQL server of this process's own: on the loopback address only, with a random password, in a folder that no other
/// host uses meanwhile. It is stopped when it is disposed and when the process exits in an orderly way; after a crash the next
/// start on the same folder takes over.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan ExitDeadline = TimeSpan.FromSeconds(45);

    private readonly ILogger logger;
    private readonly Postmaster postmaster;
    private readonly HostLock hostLock;
    private readonly SemaphoreSlim gate = new(1, 1);
    private bool stopped;

    private PostgresServer(ILogger logger, Postmaster postmaster, HostLock hostLock, string dataFolder, string connectionString, int port)
    {
        this.logger = logger;
        this.postmaster = postmaster;
        this.hostLock = hostLock;
        DataFolder = dataFolder;
        ConnectionString = connectionString;
        Port = port;
    }

    /// <summary>Connects the superuser <c>postgres</c> to the database <c>postgres</c>; holds the password.</summary>
    public string ConnectionString { get; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The folder really used, which differs from the one asked for when the server's account cannot reach that.</summary>
    public string DataFolder { get; }

    /// <summary>Provisions the server if this is its first start, starts it, and returns once it accepts connections.</summary>
    /// <param name="options">What to start, and where.</param>
    /// <param name="logger">Told what happens and how long it took.</param>
    /// <param name="cancellationToken">Gives up; nothing is left running.</param>
    /// <exception cref="PostgresUnavailableException">It cannot be done; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static Task<PostgresServer> StartAsync(
        PostgresServerOptions options, ILogger logger, CancellationToken cancellationToken = default) =>
        StartAsync(options, logger, Postmaster.FreePort, cancellationToken);

    /// <summary>As the public overload, taking a port from <paramref name="choosePort"/> for each attempt.</summary>
    internal static async Task<PostgresServer> StartAsync(
        PostgresServerOptions options, ILogger logger, Func<int> choosePort, CancellationToken cancellationToken)
    {
        options.Validate();
        var started = TimeProvider.System.GetTimestamp();
        var account = await ServerAccount.ResolveAsync(cancellationToken);
        var home = await DataHome.PrepareAsync(Path.GetFullPath(options.DataFolder), account, logger, cancellationToken);
        var hostLock = HostLock.Acquire(home.Folder);
        try
        {
            var binaries = await ProvisionAsync(options, home, account, logger, cancellationToken);
            var postmaster = new Postmaster(home, binaries, account, logger, choosePort);
            await postmaster.StopRemnantAsync(cancellationToken);
            // Read first: from the start on, whatever fails has to stop the server.
            var password = (await File.ReadAllTextAsync(home.PasswordFile, cancellationToken)).Trim();
            var port = await postmaster.StartAsync(options, cancellationToken);
            var connectionString = await ConnectAsync(home, port, password, postmaster, cancellationToken);
            logger.LogInformation(
                "PostgreSQL {Version} accepts connections on 127.0.0.1:{Port}, with its data in {Folder}, after {Milliseconds} ms",
                binaries.MajorVersion, port, home.Folder, (int)TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            var server = new PostgresServer(logger, postmaster, hostLock, home.Folder, connectionString, port);
            if (options.StopAtProcessExit)
                AppDomain.CurrentDomain.ProcessExit += server.OnProcessExit;
            return server;
        }
        catch
        {
            hostLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Shuts the server down in an orderly way, disconnecting its sessions, and waits for its end. A second call, and one after
    /// the server has already ended by itself, does nothing.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting; the server may still be shutting down, and the call may be repeated.</param>
    /// <exception cref="PostgresUnavailableException">The server does not end.</exception>
    public Task StopAsync(CancellationToken cancellationToken = default) => EndAsync(postmaster.StopAsync, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>The command that ends the server at once, for another process to run.</summary>
    internal Command AbortCommand => postmaster.AbortCommand;

    /// <summary>Ends the server at once, without the orderly part; for data that is thrown away.</summary>
    internal Task AbortAsync(CancellationToken cancellationToken) => EndAsync(postmaster.AbortAsync, cancellationToken);

    /// <summary>Ends the server that a killed process left in a folder whose lock the caller holds.</summary>
    internal static async Task AbortRemnantAsync(string dataFolder, string? binariesPath, ILogger logger, CancellationToken cancellationToken)
    {
        var home = DataHome.Existing(dataFolder);
        if (!File.Exists(PostmasterPidFile.PathIn(home.Cluster)))
            return;
        var account = await ServerAccount.ResolveAsync(cancellationToken);
        var binaries = await PostgresBinaries.FindAsync(binariesPath, Cluster.Version(home), logger, cancellationToken);
        await new Postmaster(home, binaries, account, logger, Postmaster.FreePort).AbortAsync(cancellationToken);
    }

    private static async Task<PostgresBinaries> ProvisionAsync(
        PostgresServerOptions options, DataHome home, ServerAccount account, ILogger logger, CancellationToken cancellationToken)
    {
        var existing = Cluster.Version(home);
        var binaries = await PostgresBinaries.FindAsync(options.BinariesPath, existing, logger, cancellationToken);
        if (!await account.CanEnterAsync(binaries.Folder, cancellationToken))
            throw new PostgresUnavailableException(
                $"The user {account.UserName}, which PostgreSQL runs as because it refuses root, cannot reach the binaries in '{binaries.Folder}'. " +
                "Install PostgreSQL where every user can run it, or set Postgres:BinariesPath to such a folder.");
        Cluster.SweepStaging(home, logger);
        if (existing is { } version)
        {
            Cluster.RequireVersion(home, version, binaries);
            if (!await account.CanEnterAsync(home.Cluster, cancellationToken))
                throw new PostgresUnavailableException(
                    $"'{home.Cluster}' belongs to another user than {account.UserName}, which PostgreSQL runs as because it refuses root. " +
                    "Run the host as the user that created it, or set Postgres:DataFolder.");
            return binaries;
        }

        logger.LogInformation("Creating a PostgreSQL {Version} database cluster in {Folder}", binaries.MajorVersion, home.Folder);
        await Cluster.InitialiseAsync(home, binaries, account, options.Durable, logger, cancellationToken);
        return binaries;
    }

    /// <summary>Logs in once, so that a password that does not fit is reported here and not by the first request.</summary>
    private static async Task<string> ConnectAsync(
        DataHome home, int port, string password, Postmaster postmaster, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
            // The server offers none; asking would cost every connection a round trip.
            SslMode = SslMode.Disable,
        };
        var check = new NpgsqlSlimDataSourceBuilder(builder.ConnectionString);
        check.ConnectionStringBuilder.Pooling = false;
        check.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        try
        {
            await using var source = check.Build();
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return builder.ConnectionString;
        }
        catch (Exception exception)
        {
            await postmaster.StopAsync(CancellationToken.None);
            if (exception is PostgresException { SqlState: PostgresErrorCodes.InvalidPassword })
                throw new PostgresUnavailableException(
                    $"The superuser's password is not the one in '{home.PasswordFile}'. Write the right one into that file, " +
                    $"or move '{home.Folder}' away to start with an empty database.",
                    exception);
            throw;
        }
    }

    private async Task EndAsync(Func<CancellationToken, Task> end, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (stopped)
                return;
            await end(cancellationToken);
            stopped = true;
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            hostLock.Dispose();
        }
        finally
        {
            gate.Release();
        }
    }

    private void OnProcessExit(object? sender, EventArgs arguments)
    {
        using var deadline = new CancellationTokenSource(ExitDeadline);
        try
        {
            StopAsync(deadline.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            // Nobody is left to handle it; the next start on this folder ends that server.
            logger.LogError(exception, "PostgreSQL in {Folder} could not be stopped", DataFolder);
        }
    }
}
