using System.Data.Common;
using System.Text.Json;
using Marten.Exceptions;
using Marten.Internal;
using Npgsql;

namespace Marten.Services.Json.Transformations.SystemTextJson;

/// <summary>Turns the JSON of old events into a present type when they are read.</summary>
/// <typeparam name="TEvent">The type that readers see; by default its name is that of the stored events.</typeparam>
public abstract class EventUpcaster<TEvent> : Transformations.EventUpcaster<TEvent> where TEvent : notnull
{
    /// <inheritdoc />
    public override object FromDbDataReader(ISerializer serializer, DbDataReader dbDataReader, int index)
    {
        using var json = JsonTransformations.Parse(serializer, dbDataReader, index);
        return Upcast(json);
    }

    /// <summary>The present event for the JSON of an old one. The JSON is valid until the method returns.</summary>
    protected abstract TEvent Upcast(JsonDocument oldEvent);
}

/// <summary>
/// Turns the JSON of old events into a present type when they are read, and may wait for something in doing so. It runs for
/// each old event, so what it waits for should be quick.
/// </summary>
/// <typeparam name="TEvent">The type that readers see; by default its name is that of the stored events.</typeparam>
public abstract class AsyncOnlyEventUpcaster<TEvent> : Transformations.EventUpcaster<TEvent> where TEvent : notnull
{
    /// <inheritdoc />
    /// <exception cref="MartenException">Always: this upcaster works asynchronously only.</exception>
    public override object FromDbDataReader(ISerializer serializer, DbDataReader dbDataReader, int index) => throw JsonTransformation.AsyncOnly(GetType());

    /// <inheritdoc />
    public override async ValueTask<object> FromDbDataReaderAsync(ISerializer serializer, DbDataReader dbDataReader, int index, CancellationToken ct)
    {
        using var json = JsonTransformations.Parse(serializer, dbDataReader, index);
        return await UpcastAsync(json, ct);
    }

    /// <summary>The present event for the JSON of an old one. The JSON is valid until the task ends.</summary>
    protected abstract Task<TEvent> UpcastAsync(JsonDocument oldEvent, CancellationToken ct);
}

/// <summary>Transformations of JSON with System.Text.Json, for Events.Upcast.</summary>
public static class JsonTransformations
{
    /// <summary>Turns the JSON of old events into a present type. The JSON is valid until the function returns.</summary>
    public static JsonTransformation Upcast<TEvent>(Func<JsonDocument, TEvent> transform) where TEvent : notnull => new((serializer, reader, index) =>
    {
        using var json = Parse(serializer, reader, index);
        return transform(json);
    });

    /// <summary>As <see cref="Upcast{TEvent}"/>, for a function that waits for something.</summary>
    public static JsonTransformation AsyncOnlyUpcast<TEvent>(Func<JsonDocument, CancellationToken, Task<TEvent>> transform) where TEvent : notnull => new(
        (_, _, _) => throw JsonTransformation.AsyncOnly(typeof(TEvent)),
        async (serializer, reader, index, token) =>
        {
            using var json = Parse(serializer, reader, index);
            return await transform(json, token);
        });

    internal static JsonDocument Parse(ISerializer serializer, DbDataReader reader, int index)
    {
        if (serializer is not SystemTextJsonSerializer)
            throw new MartenException($"A transformation with System.Text.Json needs the serializer of that library; the store uses {serializer.GetType().FullName}.");
        return JsonColumn.Parse((NpgsqlDataReader)reader, index, 0, static (json, _) => JsonDocument.Parse(json.ToArray()));
    }
}
