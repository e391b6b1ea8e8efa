using System.Security.Cryptography;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Which hosts live, by leases in the database, and which subscriptions and timers are this host's. Two hosts may believe for a moment that they own
/// the same one: the cursors see to it that only one of them has an effect.
/// </summary>
internal sealed class HostMembership(IReadOnlyList<string> work, NpgsqlDataSource source, TimeSpan lease)
{
    /// <summary>
    /// The leases, and the function that says that a host lives and which others do; one statement, by the database's clock. A lease of 0 seconds takes the host out. Only who knows the secret that a
    /// host came with may prolong or end its lease: every module's login may call this, and all of them can read who the others are. Hosts of the version before give none, and theirs are kept without one.
    /// </summary>
    // The secret has 256 random bits, so that its hash, which modules can read, tells nothing of it.
    public const string Schema = """
        create table if not exists integration.host (
            id uuid primary key,
            name varchar(200) not null,
            subscriptions text[] not null,
            started_at timestamptz not null default clock_timestamp(),
            expires_at timestamptz not null,
            secret_hash bytea
        );
        do $$
        begin
            if not exists (select from pg_attribute where attrelid = 'integration.host'::regclass and attname = 'secret_hash') then
                alter table integration.host add column secret_hash bytea;
            end if;
        end
        $$;
        drop function if exists integration.keep_host(uuid, text, text[], double precision);
        drop function if exists integration.keep_host(uuid, text, text[], double precision, bytea);
        create function integration.keep_host(this_host uuid, host_name text, host_subscriptions text[], seconds double precision, host_secret bytea default null)
            returns table (host_id uuid, host_runs text[])
            language plpgsql volatile security definer set search_path = pg_catalog as
        $$
        begin
            if seconds > 0 then
                insert into integration.host as host (id, name, subscriptions, expires_at, secret_hash)
                values (this_host, host_name, host_subscriptions, clock_timestamp() + make_interval(secs => seconds), sha256(host_secret))
                on conflict (id) do update set subscriptions = excluded.subscriptions, expires_at = excluded.expires_at
                where host.secret_hash is not distinct from excluded.secret_hash;
            else
                delete from integration.host where id = this_host and secret_hash is not distinct from sha256(host_secret);
            end if;
            if not found and exists (select from integration.host where id = this_host) then
                raise exception 'The lease of host % belongs to the process that registered it.', this_host using errcode = 'insufficient_privilege';
            end if;
            -- Skipping rows that another host is deleting keeps two hosts from waiting for each other.
            delete from integration.host where id in (
                select id from integration.host where expires_at < clock_timestamp() - interval '1 hour' for update skip locked);
            return query select id, subscriptions from integration.host where expires_at > clock_timestamp();
        end
        $$;
        """;

    private static readonly string HostName = Environment.MachineName + "/" + Environment.ProcessId;

    // Known to this process only: the database keeps a hash of it, and lets nobody prolong or end the lease who does not bring it.
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

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
        await using var command = source.CreateCommand("select host_id, host_runs from integration.keep_host($1, $2, $3, $4, $5)");
        command.CommandTimeout = (int)Math.Ceiling(lease.TotalSeconds);
        command.Parameters.AddWithValue(Id);
        command.Parameters.AddWithValue(HostName);
        command.Parameters.AddWithValue(work.ToArray());
        command.Parameters.AddWithValue(seconds);
        command.Parameters.AddWithValue(_secret);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hosts = new Dictionary<Guid, string[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            hosts[reader.GetGuid(0)] = reader.GetFieldValue<string[]>(1);
        }

        return hosts;
    }
}
