using System.Collections.Concurrent;
using MediatR;
using ModularMonolith.Ordering.Payments;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Orders;

/// <summary>
/// Lets requests wait until it is known what becomes of an order. Whoever commits what decides it tells them in this process; another host may decide it, so they also look by themselves.
/// </summary>
internal sealed class OrderOutcomes(TimeProvider time)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Guid, Waiting> _waiting = new();

    /// <summary>Whether nothing but the customer can change what becomes of the order next.</summary>
    public static bool IsKnown(OrderView order) =>
        order.Status is not (OrderStatus.Placed or OrderStatus.Paid) || order.PaymentStatus == OrderPaymentStatus.ActionRequired;

    /// <summary>The order when its outcome is known, or as it is when the time is over; null when it does not exist, as after a dry run.</summary>
    public async Task<Versioned<OrderView>?> WaitAsync(OrderView placed, TimeSpan atMost, ISender sender, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var waiting = _waiting.AddOrUpdate(placed.Id, static _ => new Waiting(1), static (_, known) => known with { Count = known.Count + 1 });
        try
        {
            // Hardly ever is it known as soon as the order is placed. In case that it was before the signal was taken, the first look comes soon.
            for (var pause = IsKnown(placed) ? TimeSpan.Zero : FirstLook; ; pause = LookEvery)
            {
                var left = atMost - time.GetElapsedTime(started);
                var isTold = await PauseAsync(waiting.Signal.Task, left < pause ? left : pause, cancellationToken);

                // Taken before the look, so that a commit in between is not missed.
                waiting = _waiting.GetOrAdd(placed.Id, static _ => new Waiting(1));
                var order = isTold && waiting.Latest is { } latest ? new Versioned<OrderView>(OrderView.Of(latest), latest.Version) : await sender.Send(new FindOrder(placed.Id), cancellationToken);
                if (order is null || IsKnown(order.View) || time.GetElapsedTime(started) >= atMost)
                {
                    return order;
                }
            }
        }
        finally
        {
            Leave(placed.Id);
        }
    }

    /// <summary>Tells those who wait for an order what a commit of this process has made of it.</summary>
    public void Tell(Order order)
    {
        while (_waiting.TryGetValue(order.Id, out var known))
        {
            // Two commits may tell in the other order.
            var latest = known.Latest?.Version > order.Version ? known.Latest : order;
            if (_waiting.TryUpdate(order.Id, known with { Signal = NewSignal(), Latest = latest }, known))
            {
                known.Signal.TrySetResult();
                return;
            }
        }
    }

    private async Task<bool> PauseAsync(Task signal, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost > TimeSpan.Zero)
        {
            await Task.WhenAny(signal, Task.Delay(atMost, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return signal.IsCompleted;
    }

    private void Leave(Guid orderId)
    {
        while (_waiting.TryGetValue(orderId, out var known))
        {
            if (known.Count == 1 ? _waiting.TryRemove(KeyValuePair.Create(orderId, known)) : _waiting.TryUpdate(orderId, known with { Count = known.Count - 1 }, known))
            {
                return;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Waiting(int Count)
    {
        public TaskCompletionSource Signal { get; init; } = NewSignal();

        public Order? Latest { get; init; }
    }
}
