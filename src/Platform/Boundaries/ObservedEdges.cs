using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Boundaries;

/// <summary>
/// Which modules use which messages of each other in this process, compared with what their manifests declare. There are as many as the code has pairs of modules and messages, so the list has an end by
/// itself. A message that was seen before costs a look into a table and two counters.
/// </summary>
internal sealed partial class ObservedEdges : IDisposable
{
    private readonly MessageOwners _owners;
    private readonly TimeProvider _time;
    private readonly ILogger<ObservedEdges> _logger;
    private readonly bool _fails;
    private readonly Counter<long> _undeclared;
    private readonly Lazy<FrozenDictionary<string, ModuleDescriptor>> _producers;
    private readonly ConcurrentDictionary<(ModuleDescriptor Sender, Type Request), Seen> _requests = new();
    private readonly ConcurrentDictionary<(ModuleDescriptor? Producer, ModuleDescriptor Consumer, Type Event), Seen> _events = new();

    public ObservedEdges(
        ModuleCatalog modules, MessageOwners owners, DatabaseAddress address, IOptions<BoundaryOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<ObservedEdges> logger)
    {
        _owners = owners;
        _time = time;
        _logger = logger;
        _fails = (options.Value.OnUndeclared ?? (environment.IsDevelopment() ? UndeclaredEdges.Fail : UndeclaredEdges.Report)) == UndeclaredEdges.Fail;
        _undeclared = Meter.CreateCounter<long>("modularmonolith.boundary.undeclared", "{message}", "Requests and events that crossed from one module to another without being declared.");
        // Events that were written by another login, or when all share one, are those of the module whose message they are.
        _producers = new(() => address.Isolation == DatabaseIsolation.Role
            ? modules.Modules.ToFrozenDictionary(module => address.RoleOf(module.Name), StringComparer.Ordinal)
            : FrozenDictionary<string, ModuleDescriptor>.Empty);
    }

    /// <summary>Where undeclared edges are counted.</summary>
    public Meter Meter { get; } = new("ModularMonolith.boundaries");

    /// <summary>What has been seen so far, in the order of the names.</summary>
    public IReadOnlyList<ObservedEdge> List() =>
    [
        .. _requests.Values.Concat(_events.Values).Where(static seen => !seen.IsInside).Select(static seen => seen.Report())
            .GroupBy(static edge => (edge.From, edge.To, edge.Kind, edge.Message))
            .Select(static same => same.First() with { Count = same.Sum(static edge => edge.Count), FirstSeenAt = same.Min(static edge => edge.FirstSeenAt), LastSeenAt = same.Max(static edge => edge.LastSeenAt) })
            .OrderBy(static edge => edge.From, StringComparer.Ordinal).ThenBy(static edge => edge.To, StringComparer.Ordinal)
            .ThenBy(static edge => edge.Kind, StringComparer.Ordinal).ThenBy(static edge => edge.Message, StringComparer.Ordinal),
    ];

    /// <summary>How many observations there were; two equal answers mean that nothing was seen in between.</summary>
    public long Total => _requests.Values.Concat(_events.Values).Sum(static seen => seen.Count);

    /// <summary>Notes that a module sends a request.</summary>
    /// <exception cref="UndeclaredEdgeException">It may not, and the host is told to refuse that.</exception>
    public void Request(ModuleDescriptor sender, Type request)
    {
        if (!_requests.TryGetValue((sender, request), out var seen))
        {
            var answering = _owners.Answering(request);
            var owner = _owners.OwnerOf(request);
            var made = new Seen(
                sender.Name, answering?.Name ?? owner ?? sender.Name, "request", request,
                Missing(sender, owner, request, "sends") ?? Missing(answering, owner, request, "answers"), _time.GetUtcNow());
            seen = _requests.GetOrAdd((sender, request), made);
            WarnOf(made, isNew: ReferenceEquals(seen, made));
        }

        Note(seen, 1);
    }

    /// <summary>Notes that a module is about to handle events of one kind.</summary>
    /// <exception cref="UndeclaredEdgeException">It may not, and the host is told to refuse that.</exception>
    public void Event(string producer, ModuleDescriptor consumer, Type integrationEvent, int count)
    {
        var writer = _producers.Value.GetValueOrDefault(producer);
        if (!_events.TryGetValue((writer, consumer, integrationEvent), out var seen))
        {
            var owner = _owners.OwnerOf(integrationEvent);
            var made = new Seen(
                writer?.Name ?? owner ?? consumer.Name, consumer.Name, "event", integrationEvent,
                Missing(consumer, owner, integrationEvent, "handles") ?? Missing(writer, owner, integrationEvent, "publishes"), _time.GetUtcNow());
            seen = _events.GetOrAdd((writer, consumer, integrationEvent), made);
            WarnOf(made, isNew: ReferenceEquals(seen, made));
        }

        Note(seen, count);
    }

    /// <summary>Notes the events that a subscription is about to handle.</summary>
    /// <exception cref="UndeclaredEdgeException">It may not, and the host is told to refuse that.</exception>
    public void Delivery(Subscription subscription, IReadOnlyList<LogMessage> messages)
    {
        if (subscription.IsForwarding)
        {
            // It carries what others have stored and knows none of it.
            return;
        }

        for (var (first, next) = (0, 1); first < messages.Count; next++)
        {
            if (next == messages.Count || messages[next].Name != messages[first].Name || messages[next].Producer != messages[first].Producer)
            {
                if (subscription.TypeOf(messages[first].Name) is { } type)
                {
                    Event(messages[first].Producer, subscription.Module, type, next - first);
                }

                first = next;
            }
        }
    }

    public void Dispose() => Meter.Dispose();

    private void Note(Seen seen, int count)
    {
        seen.Add(count, _time.GetUtcNow());
        if (seen.Missing is null)
        {
            return;
        }

        _undeclared.Add(count, new TagList { { "from", seen.From }, { "to", seen.To }, { "kind", seen.Kind }, { "message", seen.Message } });
        if (_fails)
        {
            throw new UndeclaredEdgeException(seen.Missing);
        }
    }

    private static string? Missing(ModuleDescriptor? user, string? owner, Type message, string does) =>
        user is null || owner is null || user.Name == owner || user.Manifest.DependsOn.Contains(owner, StringComparer.Ordinal)
            ? null
            : $"Module '{user.Name}' {does} {message.FullName}, which belongs to module '{owner}', but its manifest does not say that it depends on '{owner}'. "
                + $"If it is meant to, add \"{owner}\" to DependsOn on the class with [Module(\"{user.Name}\")]; if a circle would come of it, let '{user.Name}' own the message. See docs/boundaries.md#observed-edges.";

    private void WarnOf(Seen seen, bool isNew)
    {
        if (isNew && seen.Missing is { } missing)
        {
            LogUndeclared(missing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Missing}")]
    private partial void LogUndeclared(string missing);

    private sealed class Seen(string from, string to, string kind, Type message, string? missing, DateTimeOffset first)
    {
        private long _count;
        private long _last = first.UtcTicks;

        public string From => from;

        public string To => to;

        public string Kind => kind;

        public string Message => message.FullName!;

        public string? Missing => missing;

        public long Count => Interlocked.Read(ref _count);

        public bool IsInside => from == to;

        public void Add(int count, DateTimeOffset now)
        {
            Interlocked.Add(ref _count, count);
            Volatile.Write(ref _last, now.UtcTicks);
        }

        public ObservedEdge Report() => new(from, to, kind, Message, missing is null, Count, first, new DateTimeOffset(Volatile.Read(ref _last), TimeSpan.Zero));
    }
}
