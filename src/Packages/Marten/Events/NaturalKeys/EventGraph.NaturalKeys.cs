using JasperFx.Events;
using Marten.Internal.Operations;

namespace Marten.Events;

/// <summary>The natural keys of the aggregates of a store.</summary>
internal sealed partial class EventGraph
{
    private List<NaturalKeyTable>? naturalKeys;

    /// <summary>The tables of natural keys. Built at first use, when no projection is registered any more.</summary>
    public IReadOnlyList<NaturalKeyTable> NaturalKeys =>
        naturalKeys ??= [.. options.Projections.Aggregates.Select(a => a.NaturalKey).OfType<NaturalKeyDefinition>().Select(d => new NaturalKeyTable(this, d))];

    public NaturalKeyTable? NaturalKeyOf(Type aggregateType, Type keyType) =>
        NaturalKeys.FirstOrDefault(t => t.Definition.AggregateType == aggregateType && t.Definition.OuterType == keyType);

    /// <summary>What keeps the natural keys of a stream, to which events are appended, up to date.</summary>
    public IEnumerable<IStorageOperation> NaturalKeyOperations(object streamId, string tenantId, IReadOnlyList<IEvent> added)
    {
        foreach (var table in NaturalKeys)
        {
            if (KeyOf(table.Definition, added) is { } key)
                yield return new WriteNaturalKey(this, table, streamId, tenantId, key);
        }
    }

    /// <summary>The last natural key that events give an aggregate, as it is stored; null when none does.</summary>
    public static object? KeyOf(NaturalKeyDefinition definition, IReadOnlyList<IEvent> events)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            var mapping = definition.EventMappings.Find(m => m.EventType == events[i].EventType) ?? definition.EventMappings.Find(m => m.EventType.IsAssignableFrom(events[i].EventType));
            if (mapping is not null && definition.ValueOf(mapping.Extractor(events[i].Data)) is { } key)
                return key;
        }

        return null;
    }
}
