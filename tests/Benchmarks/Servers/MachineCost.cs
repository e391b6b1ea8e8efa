using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace ModularMonolith.Benchmarks.Servers;

/// <summary>What a host and its PostgreSQL have used of the machine up to a moment.</summary>
/// <param name="HostSeconds">CPU seconds of the host.</param>
/// <param name="DatabaseSeconds">CPU seconds of all processes of the server.</param>
/// <param name="Commits">Transactions that were committed, those that only read included.</param>
/// <param name="Statements">Statements that were run, as pg_stat_statements counts them.</param>
internal readonly record struct MachineCost(double HostSeconds, double DatabaseSeconds, long Commits, long Statements)
{
    private const string Sql = "select pg_backend_pid(), (select sum(xact_commit) from pg_stat_database)::bigint, (select sum(calls) from pg_stat_statements)::bigint";

    // Fields 14 and 15 of /proc/[pid]/stat are the process's own ticks, 16 and 17 those of its children that have ended (proc(5)); the name before them may hold blanks.
    private const int FirstTimeField = 11;
    private const int ParentField = 1;
    private const double TicksPerSecond = 100;

    public static MachineCost operator -(MachineCost later, MachineCost earlier) => new(
        later.HostSeconds - earlier.HostSeconds, later.DatabaseSeconds - earlier.DatabaseSeconds, later.Commits - earlier.Commits, later.Statements - earlier.Statements);

    public static MachineCost operator +(MachineCost one, MachineCost other) => new(
        one.HostSeconds + other.HostSeconds, one.DatabaseSeconds + other.DatabaseSeconds, one.Commits + other.Commits, one.Statements + other.Statements);

    /// <summary>Reads all counters.</summary>
    /// <param name="host">The host's process.</param>
    /// <param name="connectionString">Any database of the server.</param>
    public static async Task<MachineCost> ReadAsync(int host, string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var postmaster = Fields(reader.GetInt32(0)) is { } own ? int.Parse(own[ParentField], CultureInfo.InvariantCulture) : 0;
        return new MachineCost(Seconds(host, children: false), Family(postmaster).Sum(id => Seconds(id, children: id == postmaster)), reader.GetInt64(1), reader.GetInt64(2));
    }

    private static IEnumerable<int> Family(int postmaster) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id == postmaster || (id > 0 && Fields(id) is { } fields && fields[ParentField] == postmaster.ToString(CultureInfo.InvariantCulture)));

    private static double Seconds(int id, bool children) => Fields(id) is { } fields
        ? fields.Skip(FirstTimeField).Take(children ? 4 : 2).Sum(static ticks => double.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond
        : 0;

    private static string[]? Fields(int id)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
        {
            return null;
        }

        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
