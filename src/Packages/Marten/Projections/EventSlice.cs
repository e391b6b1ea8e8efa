using JasperFx.Core;

namespace JasperFx.Events
{
    /// <summary>Events that belong together.</summary>
    public interface IEventSlice
    {
        /// <summary>The tenant; the default tenant in a store without tenants.</summary>
        string TenantId { get; }

        /// <summary>The events in order.</summary>
        IReadOnlyList<IEvent> Events();
    }

    /// <summary>The events that change one document, and what follows from them.</summary>
    /// <typeparam name="T">The document.</typeparam>
    public interface IEventSlice<T> : IEventSlice
    {
        /// <summary>The document after the events; null when it is deleted.</summary>
        T? Snapshot { get; }

        /// <summary>Appends an event to a stream, in the transaction that saves the document.</summary>
        void AppendEvent<TEvent>(Guid streamId, TEvent @event) where TEvent : notnull;

        /// <summary>Appends an event to a stream, in the transaction that saves the document.</summary>
        void AppendEvent<TEvent>(string streamKey, TEvent @event) where TEvent : notnull;

        /// <summary>Appends an event to the stream that has the document's identity, in the transaction that saves the document.</summary>
        void AppendEvent<TEvent>(TEvent @event) where TEvent : notnull;

        /// <summary>Publishes a message of the slice's tenant, with the commit that saves the document, through the store's outbox.</summary>
        void PublishMessage(object message);

        /// <summary>Publishes a message with what travels with it, with the commit that saves the document, through the store's outbox.</summary>
        void PublishMessage(object message, MessageMetadata metadata);

        /// <summary>The appended events.</summary>
        IEnumerable<IEvent> RaisedEvents();

        /// <summary>The published messages.</summary>
        IEnumerable<object> PublishedMessages();

        /// <summary>The published messages with what travels with them.</summary>
        IEnumerable<(object Message, MessageMetadata Metadata)> PublishedMessagesWithMetadata();
    }

    /// <summary>The events of one page that change one document.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    public class EventSlice<TDoc, TId> : IEventSlice<TDoc> where TId : notnull
    {
        private readonly List<IEvent> events = [];
        private readonly List<IEvent> raised = [];
        private List<(object Message, MessageMetadata? Metadata)>? messages;

        /// <summary>Creates a slice.</summary>
        public EventSlice(TId id, string tenantId)
        {
            Id = id;
            TenantId = tenantId;
        }

        /// <summary>The identity of the document.</summary>
        public TId Id { get; }

        /// <inheritdoc />
        public string TenantId { get; }

        /// <inheritdoc />
        public TDoc? Snapshot { get; internal set; }

        /// <summary>How many events there are.</summary>
        public int Count => events.Count;

        /// <inheritdoc />
        public IReadOnlyList<IEvent> Events() => events;

        /// <summary>Adds an event.</summary>
        public void AddEvent(IEvent e) => events.Add(e);

        /// <summary>Adds events.</summary>
        public void AddEvents(IEnumerable<IEvent> events) => this.events.AddRange(events);

        /// <inheritdoc />
        public void AppendEvent<TEvent>(Guid streamId, TEvent @event) where TEvent : notnull =>
            raised.Add(new Event<TEvent>(@event) { StreamId = streamId });

        /// <inheritdoc />
        public void AppendEvent<TEvent>(string streamKey, TEvent @event) where TEvent : notnull =>
            raised.Add(new Event<TEvent>(@event) { StreamKey = streamKey });

        /// <inheritdoc />
        /// <exception cref="InvalidOperationException">The document's identity cannot be that of a stream.</exception>
        public void AppendEvent<TEvent>(TEvent @event) where TEvent : notnull
        {
            switch (Id)
            {
                case Guid id:
                    AppendEvent(id, @event);
                    break;
                case string key:
                    AppendEvent(key, @event);
                    break;
                default:
                    throw new InvalidOperationException($"A stream cannot have an identity of type {typeof(TId).Name}. Name the stream: AppendEvent(stream, event).");
            }
        }

        /// <inheritdoc />
        public IEnumerable<IEvent> RaisedEvents() => raised;

        /// <inheritdoc />
        public void PublishMessage(object message) => Publish(message, null);

        /// <inheritdoc />
        public void PublishMessage(object message, MessageMetadata metadata) => Publish(message, metadata);

        /// <inheritdoc />
        public IEnumerable<object> PublishedMessages() => Messages.Select(m => m.Message);

        /// <inheritdoc />
        public IEnumerable<(object Message, MessageMetadata Metadata)> PublishedMessagesWithMetadata() => Messages.Select(m => (m.Message, m.Metadata ?? new MessageMetadata(TenantId)));

        internal bool HasMessages => messages is not null;

        internal IEnumerable<(object Message, MessageMetadata? Metadata)> Messages => messages ?? [];

        private void Publish(object message, MessageMetadata? metadata)
        {
            ArgumentNullException.ThrowIfNull(message);
            (messages ??= []).Add((message, metadata));
        }

        internal void FanOut<TSource, TChild>(Func<IEvent, IEnumerable<TChild>> children)
            where TSource : notnull where TChild : notnull
        {
            for (var i = 0; i < events.Count; i++)
            {
                if (events[i] is not IEvent<TSource> parent)
                    continue;
                foreach (var child in children(parent))
                    events.Insert(++i, Event.Child(child, parent));
            }
        }

        /// <summary>Puts the events into the order of their page; one that several rules assigned counts once.</summary>
        internal void Arrange(IReadOnlyDictionary<IEvent, int> order)
        {
            var arranged = events.Distinct(ReferenceEqualityComparer.Instance).Cast<IEvent>().OrderBy(e => order.GetValueOrDefault(e, int.MaxValue)).ToList();
            events.Clear();
            events.AddRange(arranged);
        }
    }
}

namespace JasperFx.Events.Grouping
{
    /// <summary>Assigns events to documents.</summary>
    /// <typeparam name="TId">The type of the documents' identity.</typeparam>
    public interface IEventGrouping<in TId>
    {
        /// <summary>Assigns an event to a document.</summary>
        void AddEvent(TId id, IEvent @event);

        /// <summary>Assigns events to a document.</summary>
        void AddEvents(TId id, IEnumerable<IEvent> events);

        /// <summary>Assigns each event of a type to the document that it names. The type is that of the body, or IEvent&lt;body&gt;.</summary>
        void AddEvents<TEvent>(Func<TEvent, TId> singleIdSource, IEnumerable<IEvent> events) where TEvent : notnull;

        /// <summary>Assigns each event of a type to the documents that it names.</summary>
        void AddEvents<TEvent>(Func<TEvent, IEnumerable<TId>> multipleIdSource, IEnumerable<IEvent> events) where TEvent : notnull;

        /// <summary>Puts further events behind each assigned event of a type.</summary>
        void FanOutOnEach<TSource, TChild>(Func<TSource, IEnumerable<TChild>> fanOutFunc) where TSource : notnull where TChild : notnull;
    }

    /// <summary>The events of one page by the documents that they change.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    public class SliceGroup<TDoc, TId> : IEventGrouping<TId> where TId : notnull
    {
        /// <summary>Creates an empty group.</summary>
        public SliceGroup(string tenantId)
        {
            TenantId = tenantId;
            Slices = new LightweightCache<TId, EventSlice<TDoc, TId>>(id => new EventSlice<TDoc, TId>(id, tenantId));
        }

        /// <summary>Creates an empty group of the default tenant.</summary>
        public SliceGroup()
            : this("*DEFAULT*")
        {
        }

        /// <summary>The documents with their events.</summary>
        public LightweightCache<TId, EventSlice<TDoc, TId>> Slices { get; }

        /// <summary>The tenant.</summary>
        public string TenantId { get; }

        /// <inheritdoc />
        public void AddEvent(TId id, IEvent @event)
        {
            if (id is not null)
                Slices[id].AddEvent(@event);
        }

        /// <inheritdoc />
        public void AddEvents(TId id, IEnumerable<IEvent> events)
        {
            foreach (var item in events)
                AddEvent(id, item);
        }

        /// <inheritdoc />
        public void AddEvents<TEvent>(Func<TEvent, TId> singleIdSource, IEnumerable<IEvent> events) where TEvent : notnull
        {
            foreach (var item in events)
            {
                if (TryRead<TEvent>(item, out var value))
                    AddEvent(singleIdSource(value), item);
            }
        }

        /// <inheritdoc />
        public void AddEvents<TEvent>(Func<TEvent, IEnumerable<TId>> multipleIdSource, IEnumerable<IEvent> events) where TEvent : notnull
        {
            foreach (var item in events)
            {
                if (!TryRead<TEvent>(item, out var value))
                    continue;
                foreach (var id in multipleIdSource(value).Distinct())
                    AddEvent(id, item);
            }
        }

        /// <inheritdoc />
        public void FanOutOnEach<TSource, TChild>(Func<TSource, IEnumerable<TChild>> fanOutFunc) where TSource : notnull where TChild : notnull
        {
            foreach (var slice in Slices)
                slice.FanOut<TSource, TChild>(e => fanOutFunc((TSource)e.Data));
        }

        /// <summary>The event as the type that a function takes: an event type, IEvent of it, IEvent, or a base type of the body.</summary>
        internal static bool TryRead<TEvent>(IEvent item, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TEvent value)
        {
            if (item is TEvent wrapped)
            {
                value = wrapped;
                return true;
            }

            if (item.Data is TEvent body)
            {
                value = body;
                return true;
            }

            value = default;
            return false;
        }
    }
}
