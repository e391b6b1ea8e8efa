namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// A subscription to events in their stored form, whatever their type: for what carries them elsewhere. Registered with
/// <see cref="Modules.ModuleBuilder.AddForwarding{THandler}"/>; the class carries <see cref="SubscriptionAttribute"/>.
/// </summary>
public interface IForwardEvents
{
    /// <summary>
    /// Hands the events on or throws; then the same ones come again, so the receiver must know them by their id. No transaction is open unless the handler opens one.
    /// </summary>
    /// <param name="events">1 to <see cref="SubscriptionAttribute.BatchSize"/> events in the order of the log; several may have one key.</param>
    /// <param name="cancellationToken">The host stops, or gives the subscription to another host.</param>
    /// <returns>A task that ends when the receiver has them all.</returns>
    /// <exception cref="ReceiverUnavailableException">They are tried again until they pass, and nothing else of the lane before them.</exception>
    Task ForwardAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken);
}

/// <summary>An event as the log keeps it.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Version">The version of its payload, 1 and up.</param>
/// <param name="Key">What it happened to; events of one key keep their order.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Context">Its id, its place, its producer and its headers.</param>
public sealed record StoredEvent(string Name, int Version, string Key, string Payload, EventContext Context);

/// <summary>The receiver of a forwarded event cannot be reached. That passes, and is no fault of the event: it is tried again for as long as it takes and never parked.</summary>
public sealed class ReceiverUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
