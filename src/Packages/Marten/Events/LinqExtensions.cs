using JasperFx.Events;
using Marten.Linq;

namespace Marten.Events
{
    /// <summary>Conditions that exist only in queries of events.</summary>
    public static class LinqExtensions
    {
        /// <summary>Whether the event is of one of these types. Only in queries.</summary>
        public static bool EventTypesAre(this IEvent e, params Type[] types) => throw LinqProvider.OnlyInQueries();
    }
}

namespace Marten.Events.Archiving
{
    /// <summary>Conditions on archived events.</summary>
    public static class ArchivedEventExtensions
    {
        /// <summary>Includes archived events. Only in queries.</summary>
        public static bool MaybeArchived(this IEvent @event) => throw LinqProvider.OnlyInQueries();
    }
}
