namespace JasperFx.Events
{
    /// <summary>A value by which an event can be found in whatever stream it is.</summary>
    /// <param name="TagType">The type of the value, which the store must know as a type of tags.</param>
    /// <param name="Value">The value.</param>
    public readonly record struct EventTag(Type TagType, object Value);

    /// <summary>Events that a decision was based on have company that it did not know.</summary>
    public class DcbConcurrencyException : ConcurrencyException
    {
        /// <summary>Creates the exception.</summary>
        public DcbConcurrencyException(Tags.EventTagQuery query, long lastSeenSequence)
            : base($"The events that a decision was based on have changed since they were read, up to the sequence {lastSeenSequence}. Read them again and decide anew.")
        {
            Query = query;
            LastSeenSequence = lastSeenSequence;
        }

        /// <summary>Which events the decision was based on.</summary>
        public Tags.EventTagQuery Query { get; }

        /// <summary>The sequence of the last of them; 0 when there was none.</summary>
        public long LastSeenSequence { get; }
    }
}

namespace JasperFx.Events.Tags
{
    /// <summary>A type of tags, with a table of its own.</summary>
    public interface ITagTypeRegistration
    {
        /// <summary>The type, which wraps a value.</summary>
        Type TagType { get; }

        /// <summary>The type of the wrapped value.</summary>
        Type SimpleType { get; }

        /// <summary>The end of the table's name.</summary>
        string TableSuffix { get; }

        /// <summary>The aggregate that events with such tags belong to, where one was named.</summary>
        Type? AggregateType { get; set; }

        /// <summary>The value that a tag wraps.</summary>
        object ExtractValue(object tagInstance);

        /// <summary>Names the aggregate.</summary>
        ITagTypeRegistration ForAggregate<T>();

        /// <summary>Names the aggregate.</summary>
        ITagTypeRegistration ForAggregate(Type aggregateType);
    }

    /// <summary>A decision about events with certain tags: what is appended is saved only while there are no others.</summary>
    /// <typeparam name="T">The aggregate.</typeparam>
    public interface IEventBoundary<out T> where T : class
    {
        /// <summary>The aggregate that the events make; null when there are none.</summary>
        T? Aggregate { get; }

        /// <summary>The sequence of the last event; 0 when there is none.</summary>
        long LastSeenSequence { get; }

        /// <summary>The events in the order of their sequences.</summary>
        IReadOnlyList<IEvent> Events { get; }

        /// <summary>
        /// Appends an event to the stream whose identity is the value of one of its tags. The tags are those it was given, or else the
        /// values of its properties whose types are types of tags.
        /// </summary>
        /// <exception cref="InvalidOperationException">The event has no tag that can name a stream.</exception>
        void AppendOne(object @event);

        /// <summary>As <see cref="AppendOne"/>, for several events.</summary>
        void AppendMany(params object[] events);

        /// <summary>As <see cref="AppendOne"/>, for several events.</summary>
        void AppendMany(IEnumerable<object> events);
    }
}

namespace Marten.Events
{
    /// <summary>How tags are stored.</summary>
    public enum DcbStorageMode
    {
        /// <summary>A table for each type of tags.</summary>
        TagTables = 0,
    }
}
