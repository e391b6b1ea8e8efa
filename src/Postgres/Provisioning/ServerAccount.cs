using System.ComponentModel;
using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Provisioning;

/// <summary>
/// The operating-system account that PostgreSQL runs as: the current one, or, because PostgreSQL refuses to run as root,
/// <c>postgres</c> or else <c>nobody</c>.
/// </summary>
internal sealed class ServerAccount
{
    private static readonly string[] UnprivilegedUsers = ["postgres", "nobody"];

    private readonly IReadOnlyList<string> launcher;

    private ServerAccount(string? userName, IReadOnlyList<string> launcher)
    {
        UserName = userName;
        this.launcher = launcher;
    }

    /// <summary>The other user's name, or null when the server runs as the current user.</summary>
    public string? UserName { get; }

    /// <summary>Chooses the account.</summary>
    /// <exception cref="PostgresUnavailableException">Root can become no other user on this machine.</exception>
    public static async Task<ServerAccount> ResolveAsync(CancellationToken cancellationToken)
    {
        // On Windows initdb and pg_ctl give up an administrator's rights by themselves.
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerAccount(null, []);
        foreach (var user in UnprivilegedUsers)
        {
            if (await TryResolveAsync(user, cancellationToken) is { } account)
                return account;
        }

        throw new PostgresUnavailableException(
            "PostgreSQL refuses to run as root, and this process, which is root, could become neither 'postgres' nor 'nobody' " +
            "(tried setpriv, runuser and su). Do one of these: run the host as another user; or create a user named postgres; " +
            "or set ConnectionStrings:Default to a PostgreSQL server that is already running.");
    }

    /// <summary>A command that runs as this account.</summary>
    public Command Command(string program, IReadOnlyList<string> arguments, string? workingFolder = null, TimeSpan? deadline = null)
    {
        string[] all = [.. launcher, program, .. arguments];
        return new Command(all[0], all[1..]) { WorkingFolder = workingFolder, Deadline = deadline ?? TimeSpan.FromSeconds(30) };
    }

    /// <summary>Whether this account can work in <paramref name="folder"/>'s entries, which takes every parent's consent.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancellationToken) =>
        UserName is null || (await Command("test", ["-x", folder]).RunAsync(cancellationToken)).Succeeded;

    /// <summary>Makes this account the owner of a file or folder.</summary>
    /// <exception cref="PostgresUnavailableException">The file system refuses.</exception>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (UserName is null)
            return;
        var result = await new Command("chown", "-h", UserName + ":", path).RunAsync(cancellationToken);
        if (!result.Succeeded)
            throw new PostgresUnavailableException(
                $"'{path}' could not be given to the user {UserName}, which PostgreSQL runs as: {result.Output}. Set Postgres:DataFolder to a local folder.");
    }

    /// <summary>What to put before a program and its arguments so that it runs as a user, best first.</summary>
    internal static string[][] Launchers(string user, string userId, string groupId) =>
    [
        ["setpriv", $"--reuid={userId}", $"--regid={groupId}", "--init-groups", "--"],
        ["runuser", "-u", user, "--"],
        // The shell gets the program and its arguments as parameters, so nothing in them is interpreted.
        ["su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", user],
    ];

    private static async Task<ServerAccount?> TryResolveAsync(string user, CancellationToken cancellationToken)
    {
        if (await IdAsync("-u", user, cancellationToken) is not { } userId || await IdAsync("-g", user, cancellationToken) is not { } groupId)
            return null;
        foreach (var launcher in Launchers(user, userId, groupId))
        {
            var account = new ServerAccount(user, launcher);
            if (await WorksAsync(account.Command("true", []), cancellationToken))
                return account;
        }

        return null;
    }

    private static async Task<string?> IdAsync(string option, string user, CancellationToken cancellationToken)
    {
        var result = await new Command("id", option, user).RunAsync(cancellationToken);
        return result.Succeeded ? result.Output : null;
    }

    private static async Task<bool> WorksAsync(Command command, CancellationToken cancellationToken)
    {
        try
        {
            return (await command.RunAsync(cancellationToken)).Succeeded;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
