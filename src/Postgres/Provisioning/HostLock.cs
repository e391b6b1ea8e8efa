using System.Globalization;

namespace ModularMonolith.Postgres.Provisioning;

/// <summary>One host per data folder: a file lock that the operating system releases when the process ends, however it ends.</summary>
internal sealed class HostLock : IDisposable
{
    private readonly FileStream stream;

    private HostLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock, or returns null while another host, or another server in this process, holds it.</summary>
    /// <exception cref="UnauthorizedAccessException">The folder belongs to another user.</exception>
    public static HostLock? TryAcquire(string folder)
    {
        try
        {
            var stream = new FileStream(Path.Combine(folder, "lock"), Exclusive());
            try
            {
                // The locked file itself cannot be read by others, so the holder's process id stands beside it.
                File.WriteAllText(OwnerFile(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return new HostLock(stream);
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="PostgresUnavailableException">Another host holds it, or the folder belongs to another user.</exception>
    public static HostLock Acquire(string folder)
    {
        try
        {
            return TryAcquire(folder)
                ?? throw new PostgresUnavailableException(
                    $"The data folder '{folder}' is already used by another host (process id {Owner(folder)}). " +
                    "Stop that host, or set Postgres:DataFolder to another folder for this one.");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new PostgresUnavailableException(
                $"The data folder '{folder}' belongs to another user, perhaps because the host once ran as root. " +
                "Run the host as that user, or set Postgres:DataFolder to another folder.",
                exception);
        }
    }

    /// <summary>Whether some process, now ended or not, has held the lock.</summary>
    public static bool HasBeenHeld(string folder) => File.Exists(OwnerFile(folder));

    public void Dispose() => stream.Dispose();

    private static FileStreamOptions Exclusive()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        // Whoever may read the file could lock it and keep every host out.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static string OwnerFile(string folder) => Path.Combine(folder, "owner");

    private static string Owner(string folder) => File.Exists(OwnerFile(folder)) ? File.ReadAllText(OwnerFile(folder)) : "unknown";

    /// <summary>EAGAIN on Linux, EAGAIN on macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
