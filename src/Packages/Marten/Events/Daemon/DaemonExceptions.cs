using System.Globalization;
using JasperFx.Events.Projections;

namespace JasperFx.Events.Daemon
{
    /// <summary>A projection failed at one event.</summary>
    public class ApplyEventException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public ApplyEventException(IEvent @event, Exception innerException)
            : base(string.Create(CultureInfo.InvariantCulture, $"Failure to apply event #{@event.Sequence} Id({@event.Id}): {innerException.Message}"), innerException) => Event = @event;

        /// <summary>The event.</summary>
        public IEvent Event { get; }
    }

    /// <summary>Another process advanced or reset the progress of a shard; what this one did was rolled back.</summary>
    public class ProgressionProgressOutOfOrderException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public ProgressionProgressOutOfOrderException(ShardName progressionOrShardName)
            : base($"Progression '{progressionOrShardName}' is out of order")
        {
            ProjectionName = progressionOrShardName.Identity;
        }

        /// <summary>Creates the exception for a range of events.</summary>
        public ProgressionProgressOutOfOrderException(string projectionName, long expectedFloor, long ceiling)
            : base(string.Create(CultureInfo.InvariantCulture, $"Progression '{projectionName}' is out of order: it was to advance from {expectedFloor} to {ceiling}, and does not stand at {expectedFloor}"))
        {
            ProjectionName = projectionName;
            ExpectedFloor = expectedFloor;
            AttemptedCeiling = ceiling;
        }

        /// <summary>The shard.</summary>
        public string? ProjectionName { get; }

        /// <summary>Where the shard was expected to stand.</summary>
        public long ExpectedFloor { get; }

        /// <summary>Where it was to stand.</summary>
        public long AttemptedCeiling { get; }
    }

    /// <summary>The events of a page could not be read.</summary>
    public class EventLoaderException : Exception
    {
        internal EventLoaderException(string shardName, Exception innerException)
            : base($"Failure while trying to load events for '{shardName}': {innerException.Message}", innerException)
        {
        }
    }

    /// <summary>A shard did not start.</summary>
    public class ShardStartException : Exception
    {
        internal ShardStartException(string shardName, Exception innerException)
            : base($"Failure while trying to start '{shardName}': {innerException.Message}", innerException)
        {
        }
    }
}

namespace JasperFx.Events.Projections
{
    /// <summary>Two projections or subscriptions of a store have the same name.</summary>
    public class DuplicateSubscriptionNamesException : Exception
    {
        /// <summary>Creates the exception.</summary>
        public DuplicateSubscriptionNamesException(string message)
            : base(message)
        {
        }
    }
}
