using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Which hosts live, by leases in the database, and which subscriptions and timers are this host's. Two hosts may believe for a moment that they own
/// the same one: the cursors see to it that only one of them has an effect.
/// </summary>
internal sealed class HostMembership(IReadOnlyList<string> work, NpgsqlDataSource source, TimeSpan lease)
{
    private static readonly string HostName = Environment.MachineName + "/" + Environment.ProcessId;

    /// <summary>This host.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Renews the lease.</summary>
    /// <returns>The hosts that live and what each of them can run, this one included.</returns>
    public Task<Dictionary<Guid, string[]>> RenewAsync(CancellationToken cancellationToken) => KeepAsync(lease.TotalSeconds, cancellationToken);

    /// <summary>Ends the lease, so that others need not wait for it to run out.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken) => KeepAsync(0, cancellationToken);

    /// <summary>What of the work is this host's, divided so that hosts have about the same amount, from what all hosts see alike.</summary>
    public IReadOnlySet<string> Mine(Dictionary<Guid, string[]> hosts) =>
        Divide(hosts).Where(pair => pair.Owner == Id).Select(static pair => pair.Work).ToHashSet(StringComparer.Ordinal);

    /// <summary>Gives each piece of work, which is a subscription or the timers of a module, to the host that can do it and has the fewest so far.</summary>
    internal static IEnumerable<(string Work, Guid Owner)> Divide(Dictionary<Guid, string[]> hosts)
    {
        var loads = hosts.Keys.ToDictionary(static id => id, static _ => 0);
        foreach (var piece in hosts.Values.SelectMany(static runs => runs).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var owner = hosts.Where(host => host.Value.Contains(piece, StringComparer.Ordinal))
                .Select(static host => host.Key).OrderBy(id => loads[id]).ThenBy(static id => id).First();
            loads[owner]++;
            yield return (piece, owner);
        }
    }

    private async Task<Dictionary<Guid, string[]>> KeepAsync(double seconds, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select host_id, host_runs from integration.keep_host($1, $2, $3, $4)");
        command.CommandTimeout = (int)Math.Ceiling(lease.TotalSeconds);
        command.Parameters.AddWithValue(Id);
        command.Parameters.AddWithValue(HostName);
        command.Parameters.AddWithValue(work.ToArray());
        command.Parameters.AddWithValue(seconds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hosts = new Dictionary<Guid, string[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            hosts[reader.GetGuid(0)] = reader.GetFieldValue<string[]>(1);
        }

        return hosts;
    }
}
