using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Projections;
using Marten.Events;
using Marten.Internal.Sessions;

namespace Marten.Projections;

/// <summary>One aggregate, registered or not: how it is built and when.</summary>
internal sealed class AggregateRegistration : ProjectionRegistration
{
    private readonly ProjectionBase? projection;
    private readonly StoreOptions options;
    private readonly SnapshotSettings settings;
    private readonly Lazy<StreamAggregation> aggregation;
    private readonly Lazy<AggregateRunner> runner;
    private readonly Lazy<NaturalKeyDefinition?> naturalKey;

    public AggregateRegistration(Type aggregateType, ProjectionBase? projection, Type? idType, ProjectionLifecycle lifecycle, StoreOptions options, SnapshotSettings? settings = null)
        : base(lifecycle)
    {
        AggregateType = aggregateType;
        this.projection = projection;
        this.options = options;
        this.settings = settings ?? new SnapshotSettings(aggregateType);
        IsMultiStream = projection is not null && projection.GetType().IsDerivedFrom(typeof(JasperFxMultiStreamProjectionBase<,,,>));
        IdType = () => idType ?? (options.Events.StreamIdentity == StreamIdentity.AsGuid ? typeof(Guid) : typeof(string));
        naturalKey = new Lazy<NaturalKeyDefinition?>(() => NaturalKeyDiscovery.Find(aggregateType, null));
        aggregation = new Lazy<StreamAggregation>(() => StreamAggregation.Create(aggregateType, projection, IdType(), IsMultiStream, options));
        runner = new Lazy<AggregateRunner>(() => AggregateRunner.Create(aggregation.Value, IdType(), projection));
    }

    public Type AggregateType { get; }

    public bool IsMultiStream { get; }

    /// <summary>Whether the snapshot of one stream is saved with the events, which the unit of work does together with reading the stream's version.</summary>
    public bool IsInlineSnapshot => Lifecycle == ProjectionLifecycle.Inline && !IsMultiStream;

    /// <summary>Whether the streams and their documents belong to all tenants of a store that otherwise keeps tenants apart.</summary>
    public bool IsGlobal => projection is IGlobalAggregate { IsGlobalWithinConjoinedTenancy: true };

    public StreamAggregation Aggregation => aggregation.Value;

    /// <summary>The type of the identity that a projection class declares; null without such a class.</summary>
    public Type? ProjectedIdentity => projection is null ? null : IdType();

    /// <summary>The natural key of the aggregate; null when it has none.</summary>
    public NaturalKeyDefinition? NaturalKey => projection is IHasNaturalKey own ? own.NaturalKeyDefinition : naturalKey.Value;

    public override string Name => projection?.Name ?? settings.Name;

    public override uint Version => projection?.Version ?? settings.Version;

    public override void UseVersion(uint version)
    {
        ProjectionBase versioned = projection ?? settings;
        versioned.Version = version;
    }

    public override AsyncOptions Async => projection?.Options ?? settings.Options;

    public override EventFilterable Filter => projection is null ? settings : projection;

    public override Type DocumentType => AggregateType;

    public override Type ProjectionType => projection?.GetType() ?? AggregateType;

    public override IReadOnlyCollection<Type>? EventTypes
    {
        get
        {
            var types = Aggregation.EventTypes;
            if (types is not null && !IsMultiStream)
                return [.. types, typeof(Archived)];
            return types is not null && projection is IMultiStreamSources sources ? [.. types, .. sources.FanOutTypes] : types;
        }
    }

    public override IEnumerable<Type> WrittenTypes => base.WrittenTypes.Append(AggregateType).Distinct();

    private Func<Type> IdType { get; }

    public override Task ApplyAsync(PageContext page, IReadOnlyList<IEvent> events, CancellationToken token) =>
        runner.Value.RunAsync(page.Session, events, false, !page.IsRebuild, page.Changes, token);

    public override Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool raises, CancellationToken token) =>
        runner.Value.RunAsync(session, events, true, raises, null, token);

    /// <summary>Calls the side effects of a snapshot that was changed in a unit of work.</summary>
    public ValueTask RaiseAsync(DocumentSession session, object id, IReadOnlyList<IEvent> events, object? after) => runner.Value.RaiseAsync(session, id, events, after);

    public override void Complete()
    {
        if (Lifecycle == ProjectionLifecycle.Live || Version <= 1)
            return;
        var mapping = options.MappingFor(AggregateType);
        var suffix = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"_{Version}");
        if (!mapping.Alias.EndsWith(suffix, StringComparison.Ordinal))
            mapping.Alias += suffix;
    }

    public override IEnumerable<string> Faults()
    {
        var type = AggregateType;
        if (!type.IsClass)
        {
            yield return $"{type.FullName} is not a class. Only classes and records can be aggregates.";
            yield break;
        }

        if (Lifecycle != ProjectionLifecycle.Live && IdentityFault() is { } fault)
            yield return fault;
        if (NaturalKey is { } key && IsMultiStream)
            yield return $"{type.FullName} is made of several streams and cannot have the natural key {key.Member.Name}.";
        foreach (var (eventType, message) in NaturalKey?.Unreadable ?? [])
        {
            if (!NaturalKey!.EventMappings.Exists(m => m.EventType == eventType))
                yield return message;
        }

        if (NaturalKey is { EventMappings.Count: 0, Unreadable.Count: 0 } silent)
            yield return $"No event gives {type.FullName} its natural key {silent.Member.Name}. Mark the methods that set it with [NaturalKeySource], or call NaturalKeyFor in its projection.";
        if (IsMultiStream && Lifecycle == ProjectionLifecycle.Live)
            yield return $"{ProjectionType.FullName} is made of several streams and cannot run live.";
        if (projection is IMultiStreamSources { HasRules: false })
            yield return $"{ProjectionType.FullName} does not say which documents an event changes. Call Identity, Identities or CustomGrouping in its constructor.";
        if (!Aggregation.HasMethods)
            yield return $"Nothing builds {type.FullName}: neither it nor {projection?.GetType().FullName ?? "a projection"} has a public Create, Apply or ShouldDelete method or a constructor that accepts an event.";
    }

    private string? IdentityFault()
    {
        var mapping = options.MappingFor(AggregateType);
        var wanted = IdType();
        if (IsMultiStream && mapping.IsConjoined && options.Events.TenancyStyle != JasperFx.MultiTenancy.TenancyStyle.Conjoined)
            return $"{ProjectionType.FullName} would write {AggregateType.FullName} as the default tenant: its documents are kept apart by tenants, and the events are not. Set Events.TenancyStyle to Conjoined.";
        if (!IsMultiStream)
        {
            var streamId = options.Events.StreamIdentity == StreamIdentity.AsGuid ? typeof(Guid) : typeof(string);
            return mapping.IdMember is null || mapping.InnerIdType != streamId || (wanted != streamId && wanted != mapping.IdType)
                ? $"The identity of {AggregateType.FullName} must be a {streamId.Name}, as that of its stream is, or a wrapper around one. Change the member, or Events.StreamIdentity."
                : null;
        }

        return mapping.IdMember is null || mapping.IdType != wanted
            ? $"The identity of {AggregateType.FullName} must be a {wanted.Name}, as {ProjectionType.Name} declares."
            : null;
    }
}

/// <summary>The settings of an aggregate that has no projection class.</summary>
internal sealed class SnapshotSettings : ProjectionBase
{
    private readonly Type aggregateType;

    public SnapshotSettings(Type aggregateType)
    {
        this.aggregateType = aggregateType;
        Name = aggregateType.Name;
    }

    internal override ProjectionRegistration Register(StoreOptions options) => new AggregateRegistration(aggregateType, null, null, Lifecycle, options, this);
}

/// <summary>A projection of one stream that may be global.</summary>
internal interface IGlobalAggregate
{
    bool IsGlobalWithinConjoinedTenancy { get; }
}

/// <summary>A projection that may declare the natural key of its aggregate.</summary>
internal interface IHasNaturalKey
{
    NaturalKeyDefinition? NaturalKeyDefinition { get; }
}

/// <summary>What a projection of several streams declares.</summary>
internal interface IMultiStreamSources
{
    bool HasRules { get; }

    IReadOnlyCollection<Type> FanOutTypes { get; }
}

internal static class TypeExtensions
{
    /// <summary>Whether one of the types that a type is derived from is made from a generic definition.</summary>
    public static bool IsDerivedFrom(this Type type, Type definition)
    {
        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.IsGenericType && ancestor.GetGenericTypeDefinition() == definition)
                return true;
        }

        return false;
    }
}
