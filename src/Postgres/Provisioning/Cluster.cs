using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ModularMonolith.Postgres.Binaries;
using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Provisioning;

/// <summary>The database cluster in a data home: created once, whole or not at all, and never deleted.</summary>
internal static class Cluster
{
    private const string StagingPrefix = "initialising-";

    /// <summary>Decides what a letter is and what its other case is, which full-text search needs beyond ASCII.</summary>
    private const string CharacterTypes = "C.UTF-8";

    private static readonly TimeSpan InitialiseDeadline = TimeSpan.FromMinutes(2);

    /// <summary>The major version of the existing cluster, or null when there is none yet.</summary>
    /// <exception cref="PostgresUnavailableException">There is something else, or a damaged cluster, in its place.</exception>
    public static int? Version(DataHome home)
    {
        if (!Directory.Exists(home.Cluster))
            return null;
        if (!Directory.EnumerateFileSystemEntries(home.Cluster).Any())
        {
            Directory.Delete(home.Cluster);
            return null;
        }

        var file = Path.Combine(home.Cluster, "PG_VERSION");
        if (!File.Exists(file) || !int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new PostgresUnavailableException(
                $"'{home.Cluster}' is not a usable PostgreSQL cluster: its PG_VERSION file is missing or unreadable. Nothing was " +
                "changed. Restore the folder from a backup, or move it away to start with an empty database.");
        if (!File.Exists(home.PasswordFile))
            throw new PostgresUnavailableException(
                $"The password file '{home.PasswordFile}' is missing, so the cluster beside it cannot be opened. Restore the file, " +
                $"or move '{home.Cluster}' away to start with an empty database.");
        return version;
    }

    /// <summary>Refuses binaries of another major version, which cannot read the cluster.</summary>
    public static void RequireVersion(DataHome home, int clusterVersion, PostgresBinaries binaries)
    {
        if (clusterVersion != binaries.MajorVersion)
            throw new PostgresUnavailableException(
                $"'{home.Cluster}' was made by PostgreSQL {clusterVersion}, but the binaries in '{binaries.Folder}' are version " +
                $"{binaries.MajorVersion}. Install PostgreSQL {clusterVersion} and set Postgres:BinariesPath to it; or carry the " +
                $"data over with pg_upgrade or pg_dumpall; or move '{home.Folder}' away to start with an empty database.");
    }

    /// <summary>Runs initdb in a folder of its own and moves the result in place, so that a killed initdb leaves no half cluster.</summary>
    /// <exception cref="PostgresUnavailableException">initdb failed.</exception>
    public static async Task InitialiseAsync(
        DataHome home, PostgresBinaries binaries, ServerAccount account, bool durable, ILogger logger, CancellationToken cancellationToken)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        await DataHome.WritePrivateAsync(home.PasswordFile, password, cancellationToken);
        var staging = Path.Combine(home.Folder, StagingPrefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(staging);
        try
        {
            await DataHome.WritePrivateAsync(Path.Combine(staging, "password"), password, cancellationToken);
            await account.OwnAsync(Path.Combine(staging, "password"), cancellationToken);
            await account.OwnAsync(staging, cancellationToken);

            var result = await RunAsync(CharacterTypes);
            if (!result.Succeeded && result.Output.Contains("invalid locale name", StringComparison.Ordinal))
            {
                logger.LogWarning("This machine lacks the locale {Locale}: the database will compare only ASCII letters regardless of case", CharacterTypes);
                result = await RunAsync("C");
            }

            if (!result.Succeeded)
                throw new PostgresUnavailableException($"initdb could not create a database cluster in '{home.Folder}': {result.Output}");
            Directory.Move(Path.Combine(staging, "cluster"), home.Cluster);
        }
        finally
        {
            SweepStaging(home, logger);
        }

        // Collation C sorts by code point: the same on every machine and library version, and fastest; a query that needs a
        // language's order names its collation.
        Task<CommandResult> RunAsync(string characterTypes)
        {
            string[] arguments =
            [
                "--pgdata=cluster", "--username=postgres", "--pwfile=password", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale=C", "--lc-ctype=" + characterTypes,
                .. durable ? Array.Empty<string>() : ["--no-sync"],
            ];
            return account.Command(binaries.Program("initdb"), arguments, staging, InitialiseDeadline).RunAsync(cancellationToken);
        }
    }

    /// <summary>Removes what an initdb that was killed left behind.</summary>
    public static void SweepStaging(DataHome home, ILogger logger)
    {
        foreach (var staging in Directory.GetDirectories(home.Folder, StagingPrefix + "*"))
        {
            try
            {
                Directory.Delete(staging, recursive: true);
            }
            catch (IOException exception)
            {
                // Its initdb may still be writing; a later start removes it.
                logger.LogInformation("{Folder} is left for the next start: {Reason}", staging, exception.Message);
            }
        }
    }
}
