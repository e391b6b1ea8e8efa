using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModularMonolith.PaymentSimulator.Books;
using ModularMonolith.PaymentSimulator.Faults;

namespace ModularMonolith.PaymentSimulator.Webhooks;

/// <summary>How many events went where.</summary>
internal sealed record WebhookCounts(long Pending, long Delivered, long GivenUp, long Lost);

/// <summary>Sends events to the shop, several at a time, each until it is taken or was refused too often.</summary>
internal sealed class WebhookSender(SimulatorSettings settings, FaultPlan faults, TimeProvider time) : BackgroundService, IEventSink
{
    private const int MostPending = 20_000;
    private const int AtOnce = 8;
    private const int Attempts = 12;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestReorder = TimeSpan.FromSeconds(2);

    private readonly Channel<(string Type, string Body)> _events = Channel.CreateUnbounded<(string, string)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = Deadline };
    private TaskCompletionSource _nextSent = NewSignal();
    private long _pending;
    private long _delivered;
    private long _givenUp;
    private long _lost;

    /// <summary>Where events go; null for nowhere.</summary>
    public Uri? Address { get; set; } = settings.WebhookAddress;

    /// <summary>Signs them.</summary>
    public string Secret { get; set; } = settings.WebhookSecret;

    public WebhookCounts Counts => new(Interlocked.Read(ref _pending), Interlocked.Read(ref _delivered), Interlocked.Read(ref _givenUp), Interlocked.Read(ref _lost));

    public void Raise(string type, JsonObject subject)
    {
        if (Address is null)
        {
            return;
        }

        if (faults.Take(FaultKind.WebhookLost, type) is not null || Interlocked.Increment(ref _pending) > MostPending)
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        var body = new JsonObject
        {
            ["id"] = "evt_" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 24),
            ["object"] = "event",
            ["api_version"] = "2025-03-31.basil",
            ["created"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["data"] = new JsonObject { ["object"] = subject },
            ["livemode"] = false,
            ["pending_webhooks"] = 1,
            ["type"] = type,
        };
        _events.Writer.TryWrite((type, body.ToJsonString()));
    }

    public override void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new HashSet<Task>();
        try
        {
            await foreach (var (type, body) in _events.Reader.ReadAllAsync(stoppingToken))
            {
                running.RemoveWhere(static task => task.IsCompleted);
                running.Add(DeliverAsync(type, body, stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What has not been sent is forgotten with everything else.
        }

        await Task.WhenAll(running);
    }

    private async Task DeliverAsync(string type, string body, CancellationToken cancellationToken)
    {
        try
        {
            if (faults.Take(FaultKind.WebhookDelay, type) is { } delay)
            {
                await Task.Delay(delay.Duration, cancellationToken);
            }

            if (faults.Take(FaultKind.WebhookReorder, type) is not null)
            {
                await Task.WhenAny(Volatile.Read(ref _nextSent).Task, Task.Delay(LongestReorder, cancellationToken));
            }

            var times = faults.Take(FaultKind.WebhookDuplicate, type) is null ? 1 : 2;
            for (var copy = 0; copy < times; copy++)
            {
                if (await IsTakenAsync(body, cancellationToken))
                {
                    Interlocked.Increment(ref _delivered);
                }
                else
                {
                    Interlocked.Increment(ref _givenUp);
                }
            }

            Interlocked.Exchange(ref _nextSent, NewSignal()).TrySetResult();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _lost);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    private async Task<bool> IsTakenAsync(string body, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TrySendAsync(body, cancellationToken))
            {
                return true;
            }

            var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, attempt));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, cancellationToken);
        }

        return false;
    }

    private async Task<bool> TrySendAsync(string body, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address);
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8"));
            request.Headers.TryAddWithoutValidation("Stripe-Signature", WebhookSignature.Of(body, Secret, time.GetUtcNow()));
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // A shop that is away is asked again.
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // So is one that takes too long.
            return false;
        }
        finally
        {
            _places.Release();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
