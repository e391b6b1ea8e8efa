using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten.Internal.Sessions;
using Marten.Projections;
using Marten.Storage;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace JasperFx.Events.Projections
{
    /// <summary>Writes what follows from single events.</summary>
    /// <typeparam name="TOperations">What it writes with.</typeparam>
    /// <typeparam name="TQuerySession">What it reads with.</typeparam>
    public abstract class JasperFxEventProjectionBase<TOperations, TQuerySession> : ProjectionBase, IProjectionSource<TOperations, TQuerySession>
    {
        /// <summary>Queues what follows from one event; override it instead of writing convention methods.</summary>
        public virtual ValueTask ApplyAsync(TOperations operations, IEvent e, CancellationToken cancellation) => ValueTask.CompletedTask;

        /// <summary>Called once for each page before any event is applied: loads what many events need, for example.</summary>
        public virtual Task EnrichEventsAsync(TQuerySession querySession, IReadOnlyList<IEvent> events, CancellationToken cancellation) => Task.CompletedTask;
    }
}

namespace Marten.Events.Projections
{
    /// <summary>
    /// Writes what follows from single events: by public methods Project, which queue something, and Create or Transform, whose
    /// result is stored; or by overriding ApplyAsync.
    /// </summary>
    public abstract class EventProjection : JasperFxEventProjectionBase<IDocumentOperations, IQuerySession>, IMartenRegistrable
    {
        /// <summary>Creates the projection.</summary>
        protected EventProjection() => Name = GetType().FullName ?? GetType().Name;

        /// <summary>Tables of the projection's own, which are created with those of the store.</summary>
        public IList<ISchemaObject> SchemaObjects { get; } = [];

        internal override ProjectionRegistration Register(StoreOptions options) => new EventProjectionRegistration(this, options);
    }

    /// <summary>Writes what follows from events, a page at a time.</summary>
    public interface IProjection : IJasperFxProjection<IDocumentOperations>, IMartenRegistrable;

    /// <summary>A projection that dependency injection can build.</summary>
    public interface IMartenRegistrable;
}

namespace Marten.Projections
{
    /// <summary>A registered <see cref="Events.Projections.EventProjection"/>.</summary>
    internal sealed class EventProjectionRegistration(Events.Projections.EventProjection projection, StoreOptions options) : ProjectionRegistration<Events.Projections.EventProjection>(projection), IProjectionTables
    {
        private readonly EventProjectionMethods methods = new(projection);

        public override IReadOnlyCollection<Type>? EventTypes => methods.OverridesApply
            ? base.EventTypes
            : [.. methods.EventTypes, .. Filter.IncludedEventTypes];

        public IReadOnlyList<SchemaObject> Tables => [.. Projection.SchemaObjects.OfType<Table>().Select(t => t.ToSchemaObject())];

        public override IEnumerable<string> WrittenTables => Projection.SchemaObjects.Select(t => t.Identifier.QualifiedName);

        public override void Complete()
        {
            foreach (var table in Projection.SchemaObjects.OfType<Table>())
            {
                if (table.Identifier.Schema.Length == 0)
                    table.Identifier = new DbObjectName(options.DatabaseSchemaName, table.Identifier.Name);
            }
        }

        public override IEnumerable<Type> WrittenTypes => base.WrittenTypes.Concat(methods.StoredTypes).Distinct();

        public override Task ApplyAsync(PageContext page, IReadOnlyList<IEvent> events, CancellationToken token) => RunAsync(page.Session, events, true, token);

        public override Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool raises, CancellationToken token) => RunAsync(session, events, false, token);

        public override IEnumerable<string> Faults()
        {
            if (!methods.OverridesApply && methods.EventTypes.Count == 0)
                yield return $"{ProjectionType.FullName} has no public Project, Create or Transform method that accepts an event, and does not override ApplyAsync.";
        }

        private async Task RunAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool namesEvent, CancellationToken token)
        {
            if (Projection.SchemaObjects.Count > 0)
                await session.EnsureStorageAsync(ProjectionType, token);
            var keepsTenants = namesEvent && options.Events.TenancyStyle == TenancyStyle.Conjoined;
            foreach (var tenant in events.GroupBy(e => keepsTenants ? e.TenantId : session.TenantId, StringComparer.Ordinal))
                await Projection.EnrichEventsAsync(session.Own(tenant.Key), [.. tenant], token);
            foreach (var item in events)
            {
                try
                {
                    await methods.ApplyAsync(keepsTenants ? session.Own(item.TenantId) : session, item, token);
                }
                catch (Exception exception) when (namesEvent && Failures.IsOfEvent(exception))
                {
                    throw new ApplyEventException(item, exception);
                }
            }
        }
    }

    /// <summary>A registered <see cref="Events.Projections.IProjection"/>.</summary>
    internal sealed class CustomProjectionRegistration(Events.Projections.IProjection projection, string name, ProjectionLifecycle lifecycle, AsyncOptions options) : ProjectionRegistration(lifecycle)
    {
        private readonly EventFilterable filter = projection as EventFilterable ?? new EventFilterable();

        public override string Name => name;

        public override uint Version => 1;

        public override AsyncOptions Async => options;

        public override EventFilterable Filter => filter;

        public override Type ProjectionType => projection.GetType();

        public override async Task ApplyAsync(PageContext page, IReadOnlyList<IEvent> events, CancellationToken token)
        {
            if (page.Session.Options.Events.TenancyStyle != TenancyStyle.Conjoined)
            {
                await projection.ApplyAsync(page.Session, events, token);
                return;
            }

            foreach (var tenant in events.GroupBy(e => e.TenantId, StringComparer.Ordinal))
                await projection.ApplyAsync(page.Session.Own(tenant.Key), [.. tenant], token);
        }

        public override Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool raises, CancellationToken token) => projection.ApplyAsync(session, events, token);
    }

    internal static class Failures
    {
        /// <summary>Whether an error is one of the code that handles an event, and not one of the database or of a stop.</summary>
        public static bool IsOfEvent(Exception exception) =>
            exception is not OperationCanceledException and not Npgsql.NpgsqlException and not Exceptions.MartenCommandException and not Exceptions.ConcurrentUpdateException and not ApplyEventException;
    }
}
