using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten.Events.Projections;
using Marten.Internal.Sessions;

namespace Marten.Projections;

/// <summary>A registered <see cref="CompositeProjection"/>.</summary>
internal sealed class CompositeRegistration(CompositeProjection composite) : ProjectionRegistration<CompositeProjection>(composite)
{
    private readonly Lazy<IReadOnlyCollection<Type>?> eventTypes = new(() => EventTypesOf(composite));

    public override IReadOnlyList<ProjectionRegistration> Parts { get; } = [.. composite.Parts.OrderBy(p => p.Stage).Select(p => p.Part)];

    public override IReadOnlyCollection<Type>? EventTypes => eventTypes.Value;

    public override bool RemembersDocuments => true;

    public override IEnumerable<Type> WrittenTypes => Parts.SelectMany(p => p.WrittenTypes).Concat(base.WrittenTypes).Distinct();

    public override IEnumerable<string> WrittenTables => Parts.SelectMany(p => p.WrittenTables).Concat(base.WrittenTables);

    public override void Complete()
    {
        Projection.IncludeArchivedEvents |= Parts.Any(p => p.Filter.IncludeArchivedEvents);
        if (Version <= 1)
            return;
        foreach (var part in Parts)
            part.UseVersion(Version);
    }

    public override IEnumerable<string> Faults()
    {
        if (Parts.Count == 0)
            yield return $"The composite projection '{Name}' has no projections. Add some, or remove it.";
        foreach (var part in Parts.Where(p => p.Filter.StreamType is not null))
            yield return $"'{part.Name}' filters events by the type of their streams, which the parts of a composite projection cannot. Register it by itself, or filter by the types of events.";
        foreach (var name in Parts.GroupBy(p => p.Name).Where(g => g.Count() > 1).Select(g => g.Key))
            yield return $"The composite projection '{Name}' has more than one part with the name '{name}'.";
    }

    public override async Task ApplyAsync(PageContext page, IReadOnlyList<IEvent> events, CancellationToken token)
    {
        var own = page with { Changes = new StageChanges() };
        var earlier = new List<IEvent>();
        foreach (var stage in Projection.Parts.GroupBy(p => p.Stage).OrderBy(g => g.Key))
        {
            foreach (var (_, part) in stage)
            {
                var accepted = Accepted(part, events, earlier);
                if (accepted.Count > 0)
                    await part.ApplyAsync(own, accepted, token);
            }

            earlier.AddRange(own.Changes!.TakeEvents());
        }

        foreach (var effect in own.Changes!.SideEffects)
            await effect();
    }

    public override Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool raises, CancellationToken token) =>
        throw new InvalidOperationException($"The composite projection '{Name}' cannot run inline.");

    // What earlier stages did concerns those who ask for it by its type, and those who assign events to documents by rules of their own.
    private static List<IEvent> Accepted(ProjectionRegistration part, IReadOnlyList<IEvent> events, List<IEvent> earlier)
    {
        var accepted = events.Where(e => part.Accepts(e) && (part.Filter.IncludeArchivedEvents || !e.IsArchived)).ToList();
        if (part.EventTypes is not null || part is AggregateRegistration { IsMultiStream: true })
            accepted.AddRange(earlier.Where(part.Accepts));
        return accepted;
    }

    private static HashSet<Type>? EventTypesOf(CompositeProjection composite)
    {
        var types = new HashSet<Type>();
        foreach (var (_, part) in composite.Parts)
        {
            if (part.EventTypes is not { } own)
                return null;
            types.UnionWith(own.Where(t => !StageChanges.IsOfStages(t)));
        }

        return types;
    }
}

/// <summary>What the parts of a composite projection did in one page.</summary>
internal sealed class StageChanges
{
    private readonly List<IEvent> events = [];

    /// <summary>What follows when all stages are done.</summary>
    public List<Func<ValueTask>> SideEffects { get; } = [];

    /// <summary>Whether events of a type are made by stages and never stored.</summary>
    public static bool IsOfStages(Type type) =>
        typeof(ProjectionDeleted).IsAssignableFrom(type) || (type.IsGenericType && type.GetGenericTypeDefinition() is var definition && (definition == typeof(Updated<>) || definition == typeof(DeletedIdentity<>)));

    /// <summary>Records what became of a document because of an event.</summary>
    public void Record<TDoc, TId>(string tenantId, TId id, TDoc? after, ActionType action, IEvent cause)
        where TDoc : class
        where TId : notnull
    {
        if (action is ActionType.Delete or ActionType.HardDelete or ActionType.StoreThenSoftDelete)
            events.Add(Event.Child(new ProjectionDeleted<TDoc, TId>(id, tenantId), cause));
        else if (after is not null && action != ActionType.Nothing)
            events.Add(Event.Child(new Updated<TDoc>(tenantId, after, action), cause));
    }

    /// <summary>What was recorded since the last call.</summary>
    public List<IEvent> TakeEvents()
    {
        var taken = events.ToList();
        events.Clear();
        return taken;
    }
}
