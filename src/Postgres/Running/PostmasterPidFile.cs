using System.Globalization;

namespace ModularMonolith.Postgres.Running;

/// <summary>
/// The first lines of <c>postmaster.pid</c>, as PostgreSQL's <c>src/include/utils/pidfile.h</c> numbers them.
/// </summary>
/// <param name="ProcessId">Line 1.</param>
/// <param name="Cluster">Line 2: the data folder as the server saw it when it started.</param>
/// <param name="StartedAt">Line 3: seconds since 1970.</param>
/// <param name="Port">Line 4; null while the server is still starting.</param>
/// <param name="Ready">Line 8: whether it accepts connections.</param>
internal sealed record PostmasterPidFile(int ProcessId, string Cluster, long StartedAt, int? Port, bool Ready)
{
    /// <summary>An id that no process has: above every operating system's highest, yet a valid number to PostgreSQL.</summary>
    public const int NobodysProcessId = int.MaxValue;

    public static string PathIn(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <summary>Reads the file, or returns null when it is absent, being written, or in a folder of another user's.</summary>
    public static PostmasterPidFile? Read(string cluster)
    {
        try
        {
            using var stream = new FileStream(PathIn(cluster), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return Parse(reader.ReadToEnd());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the file's text, or returns null when it is not (yet) such a file.</summary>
    public static PostmasterPidFile? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 3 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId) || processId < 1
            || !long.TryParse(lines[2].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var startedAt))
            return null;
        int? port = lines.Length > 3 && int.TryParse(lines[3].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return new PostmasterPidFile(processId, lines[1].TrimEnd('\r'), startedAt, port, lines.Length > 7 && lines[7].Trim() == "ready");
    }
}
