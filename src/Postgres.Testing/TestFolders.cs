using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Provisioning;

namespace ModularMonolith.Postgres.Testing;

/// <summary>The temporary folders of test servers.</summary>
internal static class TestFolders
{
    private const string Prefix = "modular-monolith-test-";

    private static readonly TimeSpan CreationGrace = TimeSpan.FromMinutes(5);

    public static string NewFolder() => Path.Combine(Path.GetTempPath(), Prefix + Guid.NewGuid().ToString("N"));

    public static void Delete(string folder) => Directory.Delete(folder, recursive: true);

    /// <summary>Removes folders, with their servers, whose test process has ended without doing so.</summary>
    public static async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                await SweepAsync(folder, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or PostgresUnavailableException)
            {
                // Another user's folder, or one that another test process is sweeping at this moment.
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
        if (hostLock is null)
            return;
        await PostgresServer.AbortRemnantAsync(folder, NullLogger.Instance, cancellationToken);
        Delete(folder);
    }
}
