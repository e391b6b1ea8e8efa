namespace JasperFx.Events.Tags;

/// <summary>One of the alternatives of a query by tags.</summary>
/// <param name="EventType">The type of the events; null for all.</param>
/// <param name="TagType">The type of the tag.</param>
/// <param name="TagValue">The tag.</param>
public record EventTagQueryCondition(Type? EventType, Type TagType, object TagValue);

/// <summary>Which events are wanted by their tags: those that meet any of the conditions.</summary>
public class EventTagQuery
{
    private readonly List<EventTagQueryCondition> conditions = [];
    private EventTagQueryCondition? current;

    /// <summary>The conditions, of which one must hold.</summary>
    public IReadOnlyList<EventTagQueryCondition> Conditions => conditions;

    /// <summary>The types of the tags that are asked for.</summary>
    public IReadOnlyList<Type> TagTypes => [.. conditions.Select(c => c.TagType).Distinct()];

    /// <summary>All events with a tag; <see cref="AndEventsOfType{T1}"/> narrows them to some types.</summary>
    public static EventTagQuery For<TTag>(TTag tagValue) where TTag : notnull => new EventTagQuery().Or(tagValue);

    /// <summary>Events of a type with a tag, too.</summary>
    public EventTagQuery Or<TEvent, TTag>(TTag tagValue) where TTag : notnull => Add(new EventTagQueryCondition(typeof(TEvent), typeof(TTag), tagValue));

    /// <summary>All events with a tag, too; <see cref="AndEventsOfType{T1}"/> narrows them to some types.</summary>
    public EventTagQuery Or<TTag>(TTag tagValue) where TTag : notnull => Add(new EventTagQueryCondition(null, typeof(TTag), tagValue));

    /// <summary>Of the events with the last named tag, only those of some types.</summary>
    /// <exception cref="InvalidOperationException">No tag was named before.</exception>
    public EventTagQuery AndEventsOfType<T1>() => Narrow(typeof(T1));

    /// <inheritdoc cref="AndEventsOfType{T1}" />
    public EventTagQuery AndEventsOfType<T1, T2>() => Narrow(typeof(T1), typeof(T2));

    /// <inheritdoc cref="AndEventsOfType{T1}" />
    public EventTagQuery AndEventsOfType<T1, T2, T3>() => Narrow(typeof(T1), typeof(T2), typeof(T3));

    /// <inheritdoc cref="AndEventsOfType{T1}" />
    public EventTagQuery AndEventsOfType<T1, T2, T3, T4>() => Narrow(typeof(T1), typeof(T2), typeof(T3), typeof(T4));

    /// <inheritdoc cref="AndEventsOfType{T1}" />
    public EventTagQuery AndEventsOfType<T1, T2, T3, T4, T5>() => Narrow(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5));

    /// <inheritdoc cref="AndEventsOfType{T1}" />
    public EventTagQuery AndEventsOfType<T1, T2, T3, T4, T5, T6>() => Narrow(typeof(T1), typeof(T2), typeof(T3), typeof(T4), typeof(T5), typeof(T6));

    private EventTagQuery Add(EventTagQueryCondition condition)
    {
        conditions.Add(condition);
        current = condition;
        return this;
    }

    private EventTagQuery Narrow(params Type[] eventTypes)
    {
        var tag = current ?? throw new InvalidOperationException("AndEventsOfType narrows the events of a tag. Name the tag before, with For or Or.");
        if (tag.EventType is null)
            conditions.Remove(tag);
        conditions.AddRange(eventTypes.Select(t => tag with { EventType = t }));
        return this;
    }
}
