using JasperFx.Core.Reflection;
using JasperFx.Events;
using JasperFx.Events.Tags;
using Marten.Internal;
using Marten.Storage;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>One type of tags.</summary>
internal sealed class TagType : ITagTypeRegistration
{
    private readonly ValueTypeInfo wrapper;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, System.Reflection.PropertyInfo?> sources = new();

    public TagType(Type type, string tableSuffix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tableSuffix);
        wrapper = ValueTypeInfo.ForType(type);
        TableSuffix = tableSuffix.ToLowerInvariant();
    }

    Type ITagTypeRegistration.TagType => wrapper.OuterType;

    public Type Type => wrapper.OuterType;

    public Type SimpleType => wrapper.SimpleType;

    public string TableSuffix { get; }

    public Type? AggregateType { get; set; }

    public NpgsqlDbType DbType => SimpleType == typeof(Guid) ? NpgsqlDbType.Uuid : SimpleType == typeof(string) ? NpgsqlDbType.Text : SimpleType == typeof(int) ? NpgsqlDbType.Integer : NpgsqlDbType.Bigint;

    public string PostgresType => SimpleType == typeof(Guid) ? "uuid" : SimpleType == typeof(string) ? "text" : SimpleType == typeof(int) ? "integer" : "bigint";

    public string TableName => "mt_event_tag_" + TableSuffix;

    public object ExtractValue(object tagInstance) => wrapper.Unwrap(tagInstance) ?? throw new ArgumentException($"A {Type.Name} without a value cannot be a tag.", nameof(tagInstance));

    public ITagTypeRegistration ForAggregate<T>() => ForAggregate(typeof(T));

    public ITagTypeRegistration ForAggregate(Type aggregateType)
    {
        AggregateType = aggregateType;
        return this;
    }

    /// <summary>The tag of this type that the only property of this type gives an event; null when there is none.</summary>
    public object? Infer(object body) => sources.GetOrAdd(body.GetType(), static (type, tag) =>
    {
        var properties = type.GetProperties().Where(p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) == tag && p.CanRead).ToList();
        return properties is [var only] ? only : null;
    }, Type)?.GetValue(body);

    public TableObject ToSchemaObject(EventGraph events)
    {
        var isConjoined = events.Sql.IsConjoined;
        var table = new TableObject(events.DatabaseSchemaName, TableName)
        {
            PrimaryKeyName = $"pk_{TableName}",
            PrimaryKey = ["value", .. isConjoined ? ["tenant_id"] : Array.Empty<string>(), "seq_id", .. events.UseArchivedStreamPartitioning ? ["is_archived"] : Array.Empty<string>()],
            Columns = { new ColumnObject("value", PostgresType, true) },
        };
        if (isConjoined)
            table.Columns.Add(new ColumnObject("tenant_id", "varchar", true, "'*DEFAULT*'"));
        table.Columns.Add(new ColumnObject("seq_id", "bigint", true));
        if (events.UseArchivedStreamPartitioning)
            table.Columns.Add(new ColumnObject("is_archived", "boolean", true, "FALSE"));
        var archived = events.ArchiveColumn(", ");
        table.ForeignKeys.Add((
            $"fkey_{TableName}_seq_id{events.ArchiveColumn("_")}",
            $"FOREIGN KEY (seq_id{archived}) REFERENCES {events.Sql.Events}(seq_id{archived}) ON DELETE CASCADE"));
        table.Partitioning = events.ArchivePartitioning;
        return table;
    }
}

/// <summary>The types of tags of a store.</summary>
internal sealed partial class EventGraph
{
    private readonly List<TagType> tagTypes = [];

    public IReadOnlyList<ITagTypeRegistration> TagTypes => tagTypes;

    public IReadOnlyList<TagType> Tags => tagTypes;

    public DcbStorageMode DcbStorageMode { get; set; }

    public ITagTypeRegistration RegisterTagType<TTag>() where TTag : notnull => Register(typeof(TTag), Identifiers.SnakeCase(typeof(TTag).Name));

    public ITagTypeRegistration RegisterTagType<TTag>(string tableSuffix) where TTag : notnull => Register(typeof(TTag), tableSuffix);

    public TagType TagTypeOf(Type type) => tagTypes.Find(t => t.Type == type)
        ?? throw new InvalidOperationException($"{type.FullName} is no type of tags in this store. Declare it with Events.RegisterTagType<{type.Name}>().");

    /// <summary>The tags that the properties of an event give it.</summary>
    public IEnumerable<EventTag> InferTags(object body)
    {
        foreach (var type in tagTypes)
        {
            if (type.Infer(body) is { } tag)
                yield return new EventTag(type.Type, tag);
        }
    }

    /// <summary>Makes the wrapped identities of projections types of tags, as far as they are not.</summary>
    private void RegisterIdentitiesAsTags()
    {
        foreach (var aggregate in options.Projections.Aggregates)
        {
            if (aggregate.ProjectedIdentity is { } type && ValueTypeInfo.TryFind(type, out _) && !tagTypes.Exists(t => t.Type == type))
                Register(type, Identifiers.SnakeCase(type.Name)).ForAggregate(aggregate.AggregateType);
        }
    }

    private TagType Register(Type type, string tableSuffix)
    {
        if (tagTypes.Find(t => t.Type == type) is { } known)
        {
            return string.Equals(known.TableSuffix, tableSuffix, StringComparison.OrdinalIgnoreCase)
                ? known
                : throw new InvalidOperationException($"The tags of type {type.Name} are stored in {known.TableName} already.");
        }

        var added = new TagType(type, tableSuffix);
        if (tagTypes.Find(t => t.TableSuffix == added.TableSuffix) is { } other)
            throw new InvalidOperationException($"The tags of type {other.Type.FullName} are stored in {other.TableName}. Give those of {type.FullName} another suffix.");
        tagTypes.Add(added);
        return added;
    }
}
