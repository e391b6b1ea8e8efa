using JasperFx.Events.Daemon;
namespace JasperFx.Events
{
    /// <summary>A stream was started without an event.</summary>
    public class EmptyEventStreamException : Exception
    {
        /// <summary>The message; {0} stands for the stream.</summary>
        public static readonly string MessageTemplate = "A new event stream ('{0}') cannot be started without any events";

        /// <summary>Creates the exception for a key.</summary>
        public EmptyEventStreamException(string key)
            : base(MessageTemplate.Replace("{0}", key, StringComparison.Ordinal))
        {
        }

        /// <summary>Creates the exception for an id.</summary>
        public EmptyEventStreamException(Guid id)
            : this(id.ToString())
        {
        }
    }

    /// <summary>A stream has another version than the one that a writer based its events on.</summary>
    public class EventStreamUnexpectedMaxEventIdException : ConcurrencyException
    {
        /// <summary>Creates the exception for a stream; an actual version that is not known is -1.</summary>
        public EventStreamUnexpectedMaxEventIdException(object id, Type? aggregateType, long expected, long actual)
            : base($"Unexpected starting version number for event stream '{id}', expected {expected} but was {actual}", aggregateType, id) =>
            AggregateType = aggregateType;

        /// <summary>Creates the exception with a message of its own.</summary>
        public EventStreamUnexpectedMaxEventIdException(string? message)
            : base(message ?? string.Empty)
        {
        }

        /// <summary>The aggregate, where it is known.</summary>
        public Type? AggregateType { get; }
    }
}

namespace JasperFx.Events.Daemon
{
    /// <summary>What kind of failure stopped a shard of the daemon.</summary>
    public enum ShardFailureCategory
    {
        /// <summary>The projection failed at an event.</summary>
        ApplyEvent = 0,

        /// <summary>The body of an event could not be read.</summary>
        EventSerialization = 1,

        /// <summary>The stored name of an event stands for no known type.</summary>
        UnknownEventType = 2,

        /// <summary>Another process advanced the progress of the same shard.</summary>
        ProgressionOutOfOrder = 3,

        /// <summary>Anything else; no single event is to blame.</summary>
        Other = 4,
    }
}

namespace JasperFx.Events.Projections
{
    /// <summary>A projection or aggregate cannot be used as it is written or registered.</summary>
    public class InvalidProjectionException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public InvalidProjectionException(string message)
            : base(message)
        {
        }

        /// <summary>Creates the exception for several faults.</summary>
        public InvalidProjectionException(string[] messages)
            : base(string.Join(Environment.NewLine, messages))
        {
        }
    }

    /// <summary>A stream begins with an event from which its aggregate cannot be created.</summary>
    public class InvalidEventToStartAggregateException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public InvalidEventToStartAggregateException(Type aggregateType, Type projectionType, Type eventType)
            : base(ToMessage(aggregateType, projectionType, eventType))
        {
        }

        /// <summary>The message.</summary>
        public static string ToMessage(Type aggregateType, Type projectionType, Type eventType) =>
            $"{aggregateType.FullName} cannot begin with the event {eventType.FullName}: {projectionType.FullName} has neither a constructor nor a Create method for it, and {aggregateType.Name} has no constructor without parameters.";
    }
}

namespace Marten.Exceptions
{
    /// <summary>A stream was started under an identity that exists already.</summary>
    public class ExistingStreamIdCollisionException : MartenException
    {
        /// <summary>Creates the exception.</summary>
        public ExistingStreamIdCollisionException(object id, Type? aggregateType)
            : base($"Stream #{id} already exists in the database")
        {
            Id = id;
            AggregateType = aggregateType;
        }

        /// <summary>The identity that is taken.</summary>
        public object Id { get; }

        /// <summary>The aggregate that the stream was started for, where it was named.</summary>
        public Type? AggregateType { get; }
    }

    /// <summary>A stream that must exist does not.</summary>
    public class NonExistentStreamException : MartenException
    {
        /// <summary>Creates the exception.</summary>
        public NonExistentStreamException(object id)
            : base($"Stream '{id}' does not exist") => Id = id;

        /// <summary>The identity that is missing.</summary>
        public object Id { get; }
    }

    /// <summary>Another transaction held the lock of a stream for longer than the command may last.</summary>
    public class StreamLockedException : MartenException
    {
        /// <summary>Creates the exception.</summary>
        public StreamLockedException(object streamId, Exception innerException)
            : base($"Stream '{streamId}' may be locked for updates by another transaction", innerException)
        {
        }
    }

    /// <summary>The store wants the aggregate type of each stream, and a stream was started without.</summary>
    public class StreamTypeMissingException : MartenException
    {
        /// <summary>Creates the exception.</summary>
        public StreamTypeMissingException()
            : base("A stream of this store must be started for an aggregate type. Use StartStream<T>(...), or turn UseMandatoryStreamTypeDeclaration off.")
        {
        }
    }

    /// <summary>The state of a stream forbids what was asked of it.</summary>
    public class InvalidStreamOperationException : MartenException
    {
        /// <summary>Creates the exception.</summary>
        public InvalidStreamOperationException(string message)
            : base(message)
        {
        }
    }

    /// <summary>A stored event has a name that no known type stands for.</summary>
    public class UnknownEventTypeException : MartenException
    {
        /// <summary>The sequence when it is not known.</summary>
        public const long UnknownSequence = -1;

        /// <summary>Creates the exception.</summary>
        public UnknownEventTypeException(string eventTypeName)
            : this(eventTypeName, UnknownSequence)
        {
        }

        /// <summary>Creates the exception for one stored event.</summary>
        public UnknownEventTypeException(string eventTypeName, long sequence)
            : base($"Unknown event type name alias '{eventTypeName}'. Register its type with Events.AddEventType<T>() or Events.MapEventType<T>(\"{eventTypeName}\").")
        {
            EventTypeName = eventTypeName;
            Sequence = sequence;
        }

        /// <summary>What kind of failure it is to a daemon: <see cref="ShardFailureCategory.UnknownEventType"/>.</summary>
        public ShardFailureCategory Category { get; } = ShardFailureCategory.UnknownEventType;

        /// <summary>The stored name.</summary>
        public string EventTypeName { get; }

        /// <summary>The position of the event among all events, or <see cref="UnknownSequence"/>.</summary>
        public long Sequence { get; }
    }

    /// <summary>The body of a stored event cannot be read.</summary>
    public class EventDeserializationFailureException : MartenException
    {
        /// <summary>Creates the exception.</summary>
        internal EventDeserializationFailureException(long sequence, string eventTypeName, Exception innerException)
            : base($"The body of the event with sequence {sequence} ('{eventTypeName}') cannot be read: {innerException.Message}", innerException)
        {
            Sequence = sequence;
            EventTypeName = eventTypeName;
        }

        /// <summary>What kind of failure it is to a daemon: <see cref="ShardFailureCategory.EventSerialization"/>.</summary>
        public ShardFailureCategory Category { get; } = ShardFailureCategory.EventSerialization;

        /// <summary>The position of the event among all events.</summary>
        public long Sequence { get; }

        /// <summary>The stored name of its type.</summary>
        public string? EventTypeName { get; }
    }
}
