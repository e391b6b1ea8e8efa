using System.Globalization;
using JasperFx.Events;
using Marten.Internal.Operations;

namespace Marten.Events;

/// <summary>What a unit of work does about the tags of its events and of the decisions that it follows from.</summary>
internal sealed partial class EventGraph
{
    private TagSql? tagStatements;

    /// <summary>The statements about tags. Built at first use, when the options do not change any more.</summary>
    public TagSql TagStatements => tagStatements ??= new TagSql(this);

    /// <summary>The operations before and after those that append the events.</summary>
    private (IEnumerable<IStorageOperation> Before, IEnumerable<IStorageOperation> After) TagOperations(IReadOnlyList<StreamAction> streams, List<TagBoundary> boundaries)
    {
        var written = streams
            .SelectMany(s => s.Events.SelectMany(e => (e.Tags ?? []).Distinct().Select(t => (Stream: s, Event: e, Type: TagTypeOf(t.TagType), Value: TagTypeOf(t.TagType).ExtractValue(t.Value)))))
            .ToList();
        if ((written.Count == 0 && boundaries.Count == 0) || !streams.Any(s => s.Events.Count > 0))
            return ([], []);
        var locks = written.Select(w => (w.Stream.TenantId, Name: NameOf(w.Type, w.Value)))
            .Concat(boundaries.SelectMany(b => b.Query.Conditions.Select(c => (b.TenantId, Name: NameOf(TagTypeOf(c.TagType), TagTypeOf(c.TagType).ExtractValue(c.TagValue))))));
        return (
            [.. Locks(locks), .. boundaries.Select(b => new CheckTagBoundary(this, b))],
            written.GroupBy(w => (w.Type, w.Stream.TenantId)).Select(g => new InsertTags(this, g.Key.Type, g.Key.TenantId, [.. g.Select(w => (w.Value, w.Event, w.Stream))])));
    }

    /// <summary>Locks tags in one order for all writers.</summary>
    public IEnumerable<IStorageOperation> Locks(IEnumerable<(string TenantId, (string Table, string Value) Name)> tags) => tags
        .Distinct()
        .OrderBy(t => t.TenantId, StringComparer.Ordinal).ThenBy(t => t.Name.Table, StringComparer.Ordinal).ThenBy(t => t.Name.Value, StringComparer.Ordinal)
        .GroupBy(t => t.TenantId, StringComparer.Ordinal)
        .Select(g => new AdvanceTags(this, g.Key, [.. g.Select(t => t.Name)]));

    /// <summary>The names of a tag's table and of its value in the table of versions.</summary>
    public static (string Table, string Value) NameOf(TagType type, object value) => (type.TableSuffix, Convert.ToString(value, CultureInfo.InvariantCulture)!);
}
