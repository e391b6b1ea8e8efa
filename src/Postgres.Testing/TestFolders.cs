using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Provisioning;

namespace ModularMonolith.Postgres.Testing;

/// <summary>The temporary folders of test servers.</summary>
public static class TestFolders
{
    /// <summary>Linux's file system in memory.</summary>
    private const string SharedMemory = "/dev/shm";

    private const long EnoughMemoryBytes = 4L << 30;

    /// <summary>Per user, because only a folder's owner can sweep it.</summary>
    private static readonly string Prefix = $"modular-monolith-test-{Environment.UserName}-";

    private static readonly TimeSpan DeleteDeadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan CreationGrace = TimeSpan.FromMinutes(5);

    internal static string NewFolder() => Path.Combine(Root(), Prefix + Guid.NewGuid().ToString("N"));

    /// <summary>Memory where there is plenty of it, for nothing here outlives the process anyway; else the temporary folder.</summary>
    /// <returns>An existing folder, through which every account can pass.</returns>
    public static string Root() =>
        Directory.Exists(SharedMemory) && new DriveInfo(SharedMemory).AvailableFreeSpace >= EnoughMemoryBytes ? SharedMemory : Path.GetTempPath();

    /// <summary>
    /// Keeps other test processes from sweeping a folder until the result is disposed, also while its server is stopped: the
    /// server's own lock ends with each stop, and a test may start the server again.
    /// </summary>
    internal static IDisposable Claim(string folder) =>
        new FileStream(ClaimFile(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Deletes a folder whose server has been stopped or killed; backends of a killed one may write a moment longer.</summary>
    internal static async Task DeleteAsync(string folder)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (Directory.Exists(folder) && TimeProvider.System.GetElapsedTime(started) < DeleteDeadline)
            {
                await Task.Delay(RetryInterval);
            }
        }
    }

    /// <summary>Removes folders, with their servers, whose test process has ended without doing so.</summary>
    internal static async Task SweepAsync(CancellationToken cancellationToken)
    {
        var roots = new[] { Path.GetTempPath(), SharedMemory }.Where(Directory.Exists);
        foreach (var folder in roots.SelectMany(root => Directory.GetDirectories(root, Prefix + "*")))
        {
            try
            {
                await SweepAsync(folder, cancellationToken);
            }
            catch (DirectoryNotFoundException)
            {
                // Another test process swept it first.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PostgresUnavailableException)
            {
                await Console.Error.WriteLineAsync($"{folder} is left: {exception.Message}");
            }
        }
    }

    private static async Task SweepAsync(string folder, CancellationToken cancellationToken)
    {
        // A new server's folder stands for a moment before its process holds the lock.
        if (!HostLock.HasBeenHeld(folder) && TimeProvider.System.GetUtcNow() - Directory.GetCreationTimeUtc(folder) < CreationGrace)
            return;
        using var hostLock = HostLock.TryAcquire(folder);
        if (hostLock is null || IsClaimed(folder))
            return;
        await PostgresServer.AbortRemnantAsync(folder, TestServer.BinariesPath, NullLogger.Instance, cancellationToken);
        await DeleteAsync(folder);
    }

    private static string ClaimFile(string folder) => Path.Combine(folder, "claim");

    private static bool IsClaimed(string folder)
    {
        if (!File.Exists(ClaimFile(folder)))
            return false;
        try
        {
            using var claim = Claim(folder);
            return false;
        }
        catch (IOException exception) when (exception is not DirectoryNotFoundException)
        {
            return true;
        }
    }
}
