namespace JasperFx.Events;

/// <summary>One event with its metadata.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
public class Event<T> : IEvent<T>, IMutableEvent where T : notnull
{
    private List<EventTag>? tags;

    /// <summary>Wraps a body.</summary>
    public Event(T data)
    {
        Data = data;
        DotNetTypeName = Event.DotNetTypeNameOf(typeof(T));
        EventTypeName = string.Empty;
    }

    /// <inheritdoc cref="IEvent{T}.Data" />
    public T Data { get; set; }

    /// <inheritdoc />
    public Type EventType => typeof(T);

    /// <inheritdoc />
    public string EventTypeName { get; set; }

    /// <inheritdoc />
    public string DotNetTypeName { get; set; }

    /// <inheritdoc />
    public bool IsArchived { get; set; }

    /// <inheritdoc />
    public string? AggregateTypeName { get; set; }

    /// <inheritdoc />
    public string? UserName { get; set; }

    /// <inheritdoc />
    public bool IsSkipped { get; set; }

    /// <inheritdoc />
    public Guid StreamId { get; set; }

    /// <inheritdoc />
    public string? StreamKey { get; set; }

    /// <inheritdoc />
    public Guid Id { get; set; }

    /// <inheritdoc />
    public long Version { get; set; }

    /// <inheritdoc />
    public long Sequence { get; set; }

    /// <inheritdoc />
    public DateTimeOffset Timestamp { get; set; }

    /// <inheritdoc />
    public string TenantId { get; set; } = "*DEFAULT*";

    /// <inheritdoc />
    public string? CausationId { get; set; }

    /// <inheritdoc />
    public string? CorrelationId { get; set; }

    /// <inheritdoc />
    public Dictionary<string, object>? Headers { get; set; }

    /// <inheritdoc />
    public IReadOnlyList<EventTag>? Tags => tags;

    object IEvent.Data => Data;

    bool IMutableEvent.TryReplace(object body)
    {
        if (body is not T typed)
            return false;
        Data = typed;
        return true;
    }

    /// <inheritdoc />
    public void AddTag<TTag>(TTag tag) where TTag : notnull => AddTag(new EventTag(tag.GetType(), tag));

    /// <inheritdoc />
    public void AddTag(EventTag tag) => (tags ??= []).Add(tag);

    /// <inheritdoc />
    public void SetHeader(string key, object value) => (Headers ??= [])[key] = value;

    /// <inheritdoc />
    public object? GetHeader(string key) => Headers is not null && Headers.TryGetValue(key, out var value) ? value : null;
}

/// <summary>An event whose body can be replaced without naming its type.</summary>
internal interface IMutableEvent
{
    /// <summary>Replaces the body; false when the new one is of another type.</summary>
    bool TryReplace(object body);
}

/// <summary>Wraps bodies as events.</summary>
public static class Event
{
    /// <summary>Wraps a body.</summary>
    public static IEvent<T> For<T>(T data) where T : notnull => new Event<T>(data);

    /// <summary>Wraps a body for a tenant.</summary>
    public static IEvent<T> For<T>(string tenantId, T data) where T : notnull => new Event<T>(data) { TenantId = tenantId };

    /// <summary>Wraps a body.</summary>
    public static IEvent<T> AsEvent<T>(this T data) where T : notnull => new Event<T>(data);

    /// <summary>Sets the time of an event. A store that uses the database's clock replaces it when it saves.</summary>
    public static IEvent AtTimestamp(this IEvent e, DateTimeOffset timestamp)
    {
        e.Timestamp = timestamp;
        return e;
    }

    /// <summary>Sets a header of an event.</summary>
    public static IEvent WithHeader(this IEvent e, string key, object value)
    {
        e.SetHeader(key, value);
        return e;
    }

    /// <summary>Adds a tag to an event.</summary>
    public static IEvent WithTag<TTag>(this IEvent e, TTag tag) where TTag : notnull
    {
        e.AddTag(tag);
        return e;
    }

    /// <summary>Adds tags to an event.</summary>
    public static IEvent WithTag(this IEvent e, params object[] tags)
    {
        foreach (var tag in tags)
            e.AddTag(new EventTag(tag.GetType(), tag));
        return e;
    }

    /// <summary>Wraps a body that is part of a stored event, whose metadata it takes over.</summary>
    internal static IEvent Child<T>(T data, IEvent parent) where T : notnull => new Event<T>(data)
    {
        Id = parent.Id,
        StreamId = parent.StreamId,
        StreamKey = parent.StreamKey,
        Version = parent.Version,
        Sequence = parent.Sequence,
        Timestamp = parent.Timestamp,
        TenantId = parent.TenantId,
        CausationId = parent.CausationId,
        CorrelationId = parent.CorrelationId,
        Headers = parent.Headers,
        UserName = parent.UserName,
        IsArchived = parent.IsArchived,
        AggregateTypeName = parent.AggregateTypeName,
    };

    internal static string DotNetTypeNameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
