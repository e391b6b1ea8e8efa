using System.Diagnostics.CodeAnalysis;
using JasperFx.Events;
using Marten.Internal.Sessions;

namespace JasperFx.Events
{
    /// <summary>What travels with a message that a projection publishes.</summary>
    public struct MessageMetadata
    {
        private Dictionary<string, object>? headers;

        /// <summary>Creates the metadata of a message of one tenant.</summary>
        public MessageMetadata(string tenantId) => TenantId = tenantId;

        /// <summary>The tenant that the message concerns.</summary>
        public string TenantId { get; set; }

        /// <summary>What caused the message.</summary>
        public string? CausationId { get; set; }

        /// <summary>The conversation that the message belongs to.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>Who acted.</summary>
        public string? CurrentUserName { get; set; }

        /// <summary>The headers; null when there is none.</summary>
        public readonly Dictionary<string, object>? Headers => headers;

        /// <summary>Whether there is a causation.</summary>
        public readonly bool CausationIdEnabled => CausationId is not null;

        /// <summary>Whether there is a correlation.</summary>
        public readonly bool CorrelationIdEnabled => CorrelationId is not null;

        /// <summary>Whether there is a name of a user.</summary>
        public readonly bool UserNameEnabled => CurrentUserName is not null;

        /// <summary>Whether there are headers.</summary>
        public readonly bool HeadersEnabled => headers is { Count: > 0 };

        /// <summary>Adds or replaces a header.</summary>
        public void SetHeader(string key, object value) => (headers ??= [])[key] = value;
    }

    /// <summary>Takes the messages that projections publish.</summary>
    public interface IMessageSink
    {
        /// <summary>Takes a message of one tenant.</summary>
        ValueTask PublishAsync<T>(T message, string tenantId);

        /// <summary>Takes a message with what travels with it.</summary>
        ValueTask PublishAsync<T>(T message, MessageMetadata metadata);
    }
}

namespace Marten.Events.Aggregation
{
    /// <summary>
    /// The messages of one unit of work. It is told before the commit, when it may still queue writes on the session that are
    /// committed with everything else, and after it. A unit of work that fails is never told of a commit; the next attempt
    /// has a batch of its own.
    /// </summary>
    public interface IMessageBatch : IMessageSink, IChangeListener;

    /// <summary>Where the messages go that projections publish.</summary>
    public interface IMessageOutbox
    {
        /// <summary>Begins the messages of one unit of work, when the first of them is published.</summary>
        /// <param name="session">The session that saves the unit of work.</param>
        ValueTask<IMessageBatch> CreateBatch(DocumentSessionBase session);
    }

    /// <summary>Drops all messages: what a store does that has no outbox.</summary>
    internal sealed class NoMessageOutbox : IMessageOutbox, IMessageBatch
    {
        public ValueTask<IMessageBatch> CreateBatch(DocumentSessionBase session) => new(this);

        public ValueTask PublishAsync<T>(T message, string tenantId) => ValueTask.CompletedTask;

        public ValueTask PublishAsync<T>(T message, MessageMetadata metadata) => ValueTask.CompletedTask;

        public Task AfterCommitAsync(IDocumentSession session, Services.IChangeSet commit, CancellationToken token) => Task.CompletedTask;

        public Task BeforeCommitAsync(IDocumentSession session, Services.IChangeSet commit, CancellationToken token) => Task.CompletedTask;
    }
}

namespace Marten.Internal.Sessions
{
    /// <summary>A session that writes, as outboxes receive it.</summary>
    [SuppressMessage("Naming", "CA1715:Identifiers should have correct prefix", Justification = "The published package has a class of this name; code that only uses it compiles against both.")]
    public interface DocumentSessionBase : IDocumentSession;
}
