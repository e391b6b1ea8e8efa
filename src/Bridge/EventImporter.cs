using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.IntegrationLog;
using Npgsql;
using RabbitMQ.Client;

namespace ModularMonolith.Bridge;

/// <summary>A message as the broker delivered it.</summary>
internal sealed record Delivery(ulong Tag, IReadOnlyBasicProperties Properties, byte[] Body);

/// <summary>Makes events of this log out of messages.</summary>
internal sealed partial class EventImporter(
    BridgeSettings settings, BridgeDatabase database, BridgeTelemetry telemetry, LogWakeUp wakeUp, TimeProvider time, ILogger<EventImporter> logger)
{
    /// <summary>Takes in what is new of the messages, and keeps aside what cannot be taken in; when it returns, all of them are dealt with for good.</summary>
    /// <exception cref="NpgsqlException">The database is out of reach; the messages are to be delivered again.</exception>
    public async Task ImportAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var events = new List<(Delivery Delivery, EventMessage Event)>(deliveries.Count);
        var refused = new List<RefusedMessage>();
        foreach (var delivery in deliveries)
        {
            try
            {
                var message = EventMessage.Read(delivery.Properties, delivery.Body, now);
                events.Add((delivery, settings.Imports(message.Name)
                    ? message
                    : throw new FormatException("Its name is not among those of bridge:Import.")));
            }
            catch (FormatException exception)
            {
                refused.Add(Refuse(delivery, exception.Message));
            }
        }

        // The one statement that writes them would take a message that came twice in one batch for two.
        var distinct = events.DistinctBy(static read => read.Event.Id).ToList();
        try
        {
            await SaveAsync([.. distinct.Select(static read => read.Event)], refused, now, cancellationToken);
        }
        catch (PostgresException exception) when (!exception.IsTransient)
        {
            await SaveAsync([], refused, now, cancellationToken);
            foreach (var (delivery, message) in distinct)
            {
                await SaveAloneAsync(delivery, message, now, cancellationToken);
            }
        }
    }

    private async Task SaveAloneAsync(Delivery delivery, EventMessage message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync([message], [], now, cancellationToken);
        }
        catch (PostgresException exception) when (IsTheMessage(exception))
        {
            await SaveAsync([], [Refuse(delivery, exception.MessageText)], now, cancellationToken);
        }
    }

    // Data that a column cannot hold (class 22), a value that a constraint forbids (23), or a producer that lives here. Anything else is no fault of the message.
    private static bool IsTheMessage(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("23", StringComparison.Ordinal) || exception.SqlState == "MM002";

    private async Task SaveAsync(List<EventMessage> events, List<RefusedMessage> refused, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var imported = await database.SaveAsync(events, refused, now, cancellationToken);
        telemetry.Imported.Add(imported);
        telemetry.Repeated.Add(events.Count - imported);
        telemetry.Refused.Add(refused.Count);
        if (imported > 0)
        {
            wakeUp.Raise();
        }
    }

    private RefusedMessage Refuse(Delivery delivery, string reason)
    {
        var id = Clean(delivery.Properties.MessageId);
        var name = Clean(delivery.Properties.Type);
        LogRefused(id, name, reason);
        var headers = (delivery.Properties.Headers ?? new Dictionary<string, object?>())
            .ToDictionary(static header => header.Key, static header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : header.Value?.ToString());
        return new RefusedMessage(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(id), 0, .. Encoding.UTF8.GetBytes(name), 0, .. delivery.Body]), id, name, Clean(reason), JsonSerializer.Serialize(headers), delivery.Body);
    }

    // PostgreSQL's text holds every character but this one.
    private static string Clean(string? text) => text?.Replace("\0", string.Empty, StringComparison.Ordinal) ?? string.Empty;

    [LoggerMessage(LogLevel.Error, "The bridge refused the message '{MessageId}' of the name '{Name}': {Reason} It is kept in the table bridge.refused.")]
    private partial void LogRefused(string messageId, string name, string reason);
}
