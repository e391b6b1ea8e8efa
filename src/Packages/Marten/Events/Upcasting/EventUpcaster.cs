using System.Data.Common;
using System.Text.Json;
using JasperFx.Events;
using Marten.Exceptions;

namespace Marten.Services.Json.Transformations;

/// <summary>Reads stored events of one name, written in an old shape, as a present type.</summary>
public interface IEventUpcaster
{
    /// <summary>The stored name whose events are read.</summary>
    string EventTypeName { get; }

    /// <summary>The type that readers see.</summary>
    Type EventType { get; }

    /// <summary>The present event from the JSON column of the current row, without waiting for anything.</summary>
    object FromDbDataReader(ISerializer serializer, DbDataReader dbDataReader, int index);

    /// <summary>The present event from the JSON column of the current row. The store calls this one.</summary>
    ValueTask<object> FromDbDataReaderAsync(ISerializer serializer, DbDataReader dbDataReader, int index, CancellationToken ct);
}

/// <summary>Reads stored events of one name as a present type; derive from one of the generic classes where that is possible.</summary>
public abstract class EventUpcaster : IEventUpcaster
{
    /// <inheritdoc />
    public abstract Type EventType { get; }

    /// <inheritdoc />
    /// <remarks>By default the name of <see cref="EventType"/>.</remarks>
    public virtual string EventTypeName => EventType.GetEventTypeName();

    /// <inheritdoc />
    public abstract object FromDbDataReader(ISerializer serializer, DbDataReader dbDataReader, int index);

    /// <inheritdoc />
    public virtual ValueTask<object> FromDbDataReaderAsync(ISerializer serializer, DbDataReader dbDataReader, int index, CancellationToken ct) =>
        new(FromDbDataReader(serializer, dbDataReader, index));
}

/// <summary>Reads stored events of one name as a present type.</summary>
/// <typeparam name="TEvent">The type that readers see.</typeparam>
public abstract class EventUpcaster<TEvent> : EventUpcaster
{
    /// <inheritdoc />
    public override Type EventType => typeof(TEvent);
}

/// <summary>Turns events of an old type into a present type when they are read.</summary>
/// <typeparam name="TOldEvent">The stored type, whose name is that of the stored events.</typeparam>
/// <typeparam name="TEvent">The type that readers see.</typeparam>
public abstract class EventUpcaster<TOldEvent, TEvent> : EventUpcaster<TEvent> where TOldEvent : notnull where TEvent : notnull
{
    /// <inheritdoc />
    public override string EventTypeName => EventTypeExtensions.GetEventTypeName<TOldEvent>();

    /// <inheritdoc />
    public override object FromDbDataReader(ISerializer serializer, DbDataReader dbDataReader, int index) =>
        Upcast(serializer.FromJson<TOldEvent>(dbDataReader, index) ?? throw new JsonException("The body is null."));

    /// <summary>The present event for an old one.</summary>
    protected abstract TEvent Upcast(TOldEvent oldEvent);
}

/// <summary>
/// Turns events of an old type into a present type when they are read, and may wait for something in doing so. It runs for
/// each old event, so what it waits for should be quick.
/// </summary>
/// <typeparam name="TOldEvent">The stored type, whose name is that of the stored events.</typeparam>
/// <typeparam name="TEvent">The type that readers see.</typeparam>
public abstract class AsyncOnlyEventUpcaster<TOldEvent, TEvent> : EventUpcaster<TEvent> where TOldEvent : notnull where TEvent : notnull
{
    /// <inheritdoc />
    public override string EventTypeName => EventTypeExtensions.GetEventTypeName<TOldEvent>();

    /// <inheritdoc />
    /// <exception cref="MartenException">Always: this upcaster works asynchronously only.</exception>
    public override object FromDbDataReader(ISerializer serializer, DbDataReader dbDataReader, int index) => throw JsonTransformation.AsyncOnly(GetType());

    /// <inheritdoc />
    public override async ValueTask<object> FromDbDataReaderAsync(ISerializer serializer, DbDataReader dbDataReader, int index, CancellationToken ct) =>
        await UpcastAsync(await serializer.FromJsonAsync<TOldEvent>(dbDataReader, index, ct) ?? throw new JsonException("The body is null."), ct);

    /// <summary>The present event for an old one.</summary>
    protected abstract Task<TEvent> UpcastAsync(TOldEvent oldEvent, CancellationToken ct);
}

/// <summary>How the JSON column of a row becomes an event.</summary>
public class JsonTransformation
{
    /// <summary>Creates the transformation; without the second function the first does for both.</summary>
    public JsonTransformation(
        Func<ISerializer, DbDataReader, int, object> fromDbDataReader,
        Func<ISerializer, DbDataReader, int, CancellationToken, ValueTask<object>>? fromDbDataReaderAsync = null)
    {
        ArgumentNullException.ThrowIfNull(fromDbDataReader);
        FromDbDataReader = fromDbDataReader;
        FromDbDataReaderAsync = fromDbDataReaderAsync ?? ((serializer, reader, index, _) => new ValueTask<object>(fromDbDataReader(serializer, reader, index)));
    }

    /// <summary>Reads without waiting.</summary>
    public Func<ISerializer, DbDataReader, int, object> FromDbDataReader { get; }

    /// <summary>Reads, and may wait.</summary>
    public Func<ISerializer, DbDataReader, int, CancellationToken, ValueTask<object>> FromDbDataReaderAsync { get; }

    internal static MartenException AsyncOnly(Type type) =>
        new($"{type.FullName} can only be read asynchronously: its transformation was declared as async only.");
}
