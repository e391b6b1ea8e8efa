using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.Events.Subscriptions;
using Marten.Internal.Sessions;
using Marten.Projections;
using Marten.Services;

namespace JasperFx.Events.Projections
{
    /// <summary>One page of events.</summary>
    public class EventRange
    {
        /// <summary>Creates a page.</summary>
        public EventRange(ShardName name, long floor, long ceiling, ISubscriptionAgent agent)
        {
            ShardName = name;
            SequenceFloor = floor;
            SequenceCeiling = ceiling;
            Agent = agent;
        }

        /// <summary>The shard that received it.</summary>
        public ShardName ShardName { get; }

        /// <summary>The page begins behind this sequence number.</summary>
        public long SequenceFloor { get; }

        /// <summary>The page ends with this sequence number.</summary>
        public long SequenceCeiling { get; }

        /// <summary>The events in the order of their sequence.</summary>
        public List<IEvent> Events { get; set; } = [];

        /// <summary>How many events there are.</summary>
        public int Size => Events.Count;

        /// <summary>The shard.</summary>
        public ISubscriptionAgent Agent { get; }

        /// <inheritdoc />
        public override string ToString() => $"{ShardName}: {SequenceFloor} to {SequenceCeiling}";
    }
}

namespace JasperFx.Events.Subscriptions
{
    /// <summary>How the daemon runs a subscription.</summary>
    public interface ISubscriptionOptions : IEventFilterable
    {
        /// <summary>The name, unique in the store; default: that of the type.</summary>
        string Name { get; set; }

        /// <summary>The version, from 1; a higher one begins anew.</summary>
        uint Version { get; set; }

        /// <summary>Page size and start.</summary>
        AsyncOptions Options { get; }
    }
}

namespace Marten
{
    /// <summary>Observes the commits of the daemon.</summary>
    public interface IChangeListener
    {
        /// <summary>Called after a page was committed. A failure here is logged; it cannot undo the commit.</summary>
        Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token);

        /// <summary>Called before a page is committed; a failure prevents the commit.</summary>
        Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token);
    }

    /// <summary>A listener that does nothing.</summary>
    public class NullChangeListener : IChangeListener
    {
        private NullChangeListener()
        {
        }

        /// <summary>The only instance.</summary>
        public static IChangeListener Instance { get; } = new NullChangeListener();

        /// <inheritdoc />
        public Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => Task.CompletedTask;

        /// <inheritdoc />
        public Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => Task.CompletedTask;
    }
}

namespace Marten.Subscriptions
{
    /// <summary>Receives all events in order, page by page, each page at least once and its database effects exactly once.</summary>
    public interface ISubscription
    {
        /// <summary>
        /// Processes a page. What is queued on <paramref name="operations"/> is saved together with the progress. The result is
        /// called around that commit; <see cref="NullChangeListener"/> when there is nothing to do.
        /// </summary>
        Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken);
    }

    /// <summary>A subscription that configures itself in its constructor.</summary>
    public abstract class SubscriptionBase : EventFilterable, ISubscription, ISubscriptionOptions
    {
        /// <summary>Creates the subscription.</summary>
        protected SubscriptionBase() => Name = GetType().Name;

        /// <inheritdoc />
        public string Name { get; set; }

        /// <inheritdoc />
        public uint Version { get; set; } = 1;

        /// <inheritdoc />
        public AsyncOptions Options { get; set; } = new();

        /// <inheritdoc />
        public abstract Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken);
    }

    internal sealed class SubscriptionSettings(string name) : EventFilterable, ISubscriptionOptions
    {
        public string Name { get; set; } = name;

        public uint Version { get; set; } = 1;

        public AsyncOptions Options { get; } = new();
    }

    /// <summary>A registered subscription.</summary>
    internal sealed class SubscriptionRegistration(ISubscription subscription, ISubscriptionOptions settings, EventFilterable filter) : ProjectionRegistration(ProjectionLifecycle.Async)
    {
        public override string Name => settings.Name;

        public override uint Version => settings.Version;

        public override AsyncOptions Async => settings.Options;

        public override EventFilterable Filter => filter;

        public override bool CanRebuild => false;

        public override Type ProjectionType => subscription.GetType();

        public static SubscriptionRegistration For(ISubscription subscription)
        {
            if (subscription is SubscriptionBase own)
                return new SubscriptionRegistration(own, own, own);
            var settings = new SubscriptionSettings(subscription.GetType().Name);
            return new SubscriptionRegistration(subscription, settings, settings);
        }

        public void Configure(Action<ISubscriptionOptions>? configure) => configure?.Invoke(settings);

        public override async Task ApplyAsync(PageContext page, IReadOnlyList<IEvent> events, CancellationToken token)
        {
            var range = new EventRange(Shard, page.Floor, page.Ceiling, page.Controller) { Events = [.. events] };
            page.Listeners.Add(await subscription.ProcessEventsAsync(range, page.Controller, page.Session, token));
        }

        public override Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool raises, CancellationToken token) =>
            throw new InvalidOperationException($"The subscription '{Name}' cannot run inline.");
    }
}
