using System.Text;
using ModularMonolith.Postgres.Provisioning;

namespace ModularMonolith.Postgres.Running;

/// <summary>The log file of a private server.</summary>
internal sealed class ServerLog(DataHome home)
{
    private const long RotateAtBytes = 10_000_000;

    private const int TailLines = 12;

    private const int ReadAtMostBytes = 32_768;

    private long mark;

    /// <summary>Creates the log's folder, and puts a long log aside in place of the one put aside before.</summary>
    public async Task PrepareAsync(ServerAccount account, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(home.LogFolder))
        {
            Directory.CreateDirectory(home.LogFolder);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(home.LogFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await account.OwnAsync(home.LogFolder, cancellationToken);
        }

        if (Length() > RotateAtBytes)
            File.Move(home.LogFile, home.LogFile + ".old", overwrite: true);
    }

    /// <summary>Remembers the log's end for <see cref="SinceMark"/>.</summary>
    public void Mark() => mark = Length();

    public string SinceMark() => Read(mark);

    public string Tail() =>
        string.Join('\n', Read(0).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(TailLines));

    private long Length() => new FileInfo(home.LogFile) is { Exists: true } file ? file.Length : 0;

    private string Read(long from)
    {
        // The folder belongs to the server's account, which must not make a privileged host show another file.
        if (new FileInfo(home.LogFile) is not { Exists: true, LinkTarget: null })
            return string.Empty;
        using var stream = new FileStream(home.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(Math.Min(from, stream.Length), stream.Length - ReadAtMostBytes);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
