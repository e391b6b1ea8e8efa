using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Provisioning;

/// <summary>
/// The folder that holds a private server. It belongs to the host's account; only the cluster and the log inside it belong to
/// the account the server runs as.
/// </summary>
internal sealed class DataHome
{
    private const string ClusterName = "cluster";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OthersMayPass = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private DataHome(string folder) => Folder = folder;

    public string Folder { get; }

    public string Cluster => Path.Combine(Folder, ClusterName);

    public string PasswordFile => Path.Combine(Folder, "password");

    public string LogFolder => Path.Combine(Folder, "log");

    public string LogFile => Path.Combine(LogFolder, "postgres.log");

    public string SettingsFile => Path.Combine(Folder, "server.conf");

    /// <summary>Creates the folder, or, when the server's account cannot reach it, another one that it can.</summary>
    /// <exception cref="PostgresUnavailableException">No folder can be used.</exception>
    public static async Task<DataHome> PrepareAsync(
        string intended, ServerAccount account, ILogger logger, CancellationToken cancellationToken)
    {
        var mode = account.UserName is null ? OwnerOnly : OthersMayPass;
        try
        {
            Create(intended, mode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PostgresUnavailableException(
                $"The data folder '{intended}' cannot be created: {exception.Message} Set Postgres:DataFolder to a folder this user can write.",
                exception);
        }

        if (await account.CanEnterAsync(intended, cancellationToken))
            return new DataHome(intended);

        if (Directory.Exists(Path.Combine(intended, ClusterName)))
            throw new PostgresUnavailableException(
                $"'{intended}' holds a database that the user {account.UserName}, which PostgreSQL runs as because it refuses root, cannot reach. " +
                "Run the host as the user that created it, or set Postgres:DataFolder to another folder.");

        var substitute = SubstituteFor(intended);
        Create(substitute, mode);
        await RefuseForeignAsync(substitute, cancellationToken);
        if (!await account.CanEnterAsync(substitute, cancellationToken))
            throw new PostgresUnavailableException(
                $"The user {account.UserName}, which PostgreSQL runs as, can reach neither '{intended}' nor '{substitute}'. " +
                "Set Postgres:DataFolder to a folder whose parents all let other users pass.");
        logger.LogWarning(
            "PostgreSQL's data is kept in {Substitute}: the user {User}, which the server runs as, cannot reach {Intended}",
            substitute, account.UserName, intended);
        return new DataHome(substitute);
    }

    /// <summary>The same intended folder always leads to the same substitute, or data would seem to vanish.</summary>
    public static string SubstituteFor(string intended) =>
        $"/var/tmp/modular-monolith-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(intended)))[..16]}";

    /// <summary>A folder that has been prepared before.</summary>
    public static DataHome Existing(string folder) => new(folder);

    /// <summary>Writes a file that only the current account can read, whole or not at all.</summary>
    public static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        var partial = path + ".partial";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var stream = new FileStream(partial, options))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Writes the server's settings where its account can read them and only the host can change them.</summary>
    public async Task WriteSettingsAsync(string text, ServerAccount account, CancellationToken cancellationToken)
    {
        await WritePrivateAsync(SettingsFile, text, cancellationToken);
        if (account.UserName is not null && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(SettingsFile, (UnixFileMode)0b110_100_100);
    }

    private static void Create(string folder, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows() || Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            return;
        }

        if (Path.GetDirectoryName(folder) is { } parent)
            Directory.CreateDirectory(parent);
        Directory.CreateDirectory(folder, mode);
        File.SetUnixFileMode(folder, mode);
    }

    /// <summary>In a folder where everyone may write, somebody else may have created the name before us to read the data.</summary>
    private static async Task RefuseForeignAsync(string folder, CancellationToken cancellationToken)
    {
        var ours = new DirectoryInfo(folder).LinkTarget is null
            && (await new Command("test", "-O", folder).RunAsync(cancellationToken)).Succeeded
            && !OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(folder) & OthersMayWrite) == 0;
        if (!ours)
            throw new PostgresUnavailableException(
                $"The data folder '{folder}' was created by another user, who could tamper with it. Remove it, or set Postgres:DataFolder.");
    }
}
