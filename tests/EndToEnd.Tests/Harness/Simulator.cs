using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>The payment simulator as a process of its own: the provider of a host whose <c>payments:Provider</c> is <c>stripe</c>.</summary>
internal sealed class Simulator : IAsyncDisposable
{
    public const string ApiKey = "sk_test_of_the_tests";
    public const string WebhookSecret = "whsec_of_the_tests";

    private const string Listening = "The payment simulator listens on ";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly string Program = Path.Combine(
        typeof(Simulator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "SimulatorFolder").Value!,
        "ModularMonolith.PaymentSimulator.dll");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new();

    private Simulator(string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Program, "--urls", "http://127.0.0.1:0", "--Simulator:ApiKey", ApiKey, "--Simulator:WebhookSecret", WebhookSecret, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // As the hosts: it is gone before a second compilation pays, and is killed.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Receive(line.Data);
        _process.ErrorDataReceived += (_, line) => Receive(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens: what a host has as the provider's address.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="arguments">More of its settings, as on a command line.</param>
    /// <exception cref="InvalidOperationException">It ended; the message holds its output.</exception>
    public static async Task<Simulator> StartAsync(params string[] arguments)
    {
        var simulator = new Simulator(arguments);
        var ended = simulator._process.WaitForExitAsync();
        if (await Task.WhenAny(simulator._address.Task, ended).WaitAsync(Deadline) == ended)
        {
            var output = string.Join('\n', simulator._output);
            await simulator.DisposeAsync();
            throw new InvalidOperationException("The payment simulator ended at its start. Its output:\n" + output);
        }

        simulator._http.BaseAddress = simulator.Address;
        return simulator;
    }

    /// <summary>Has it send its events to a host from now on.</summary>
    /// <param name="host">The host's address.</param>
    public async Task SendWebhooksToAsync(Uri host) => Check(await _http.PutAsJsonAsync(
        "/_simulator/webhooks", new { address = new Uri(host, "/api/payments/webhooks/stripe"), secret = WebhookSecret }));

    /// <summary>Has something go wrong.</summary>
    /// <param name="kind"><c>latency</c>, <c>decline</c>, <c>timeout</c>, <c>lost-response</c>, <c>error-before</c>, <c>error-after</c>, <c>error-kept</c>, <c>rate-limit</c>, <c>down</c> or <c>webhook-…</c>.</param>
    /// <param name="operation"><c>create</c>, <c>confirm</c>, <c>capture</c>, <c>cancel</c>, <c>refund</c>, <c>retrieve</c>, <c>report</c> or the type of an event; null for all.</param>
    /// <param name="next">How many times; null for until it is cleared.</param>
    /// <param name="probability">How likely each time; null for always.</param>
    /// <param name="milliseconds">How long a latency, a delay, a timeout or a time down lasts.</param>
    public async Task FaultAsync(string kind, string? operation = null, int? next = null, double? probability = null, int? milliseconds = null) =>
        Check(await _http.PostAsJsonAsync("/_simulator/faults", new { kind, operation, next, probability, milliseconds }));

    /// <summary>Waits until it is not down any more, without asking in between.</summary>
    public async Task<Outage> OutageEndsAsync()
    {
        using var waiting = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
        return (await waiting.GetFromJsonAsync<Outage>("/_simulator/outage/end"))!;
    }

    /// <summary>Has nothing go wrong any more.</summary>
    public async Task ClearFaultsAsync() => Check(await _http.DeleteAsync("/_simulator/faults"));

    /// <summary>What was really charged.</summary>
    /// <param name="by">What it is grouped by: <c>payment_method</c>, or a key of the metadata that the host sends.</param>
    public async Task<IReadOnlyList<Charged>> ChargedAsync(string by = "payment_method") => (await _http.GetFromJsonAsync<List<Charged>>("/_simulator/ledger?by=" + by))!;

    /// <summary>How many events wait, were taken, were refused for good or were lost.</summary>
    public async Task<WebhookCounts> WebhooksAsync() => (await _http.GetFromJsonAsync<WebhookCounts>("/_simulator/webhooks"))!;

    /// <summary>Writes a movement that nothing explains into the provider's account.</summary>
    public async Task AddTransactionAsync(long amount, string currency, string type = "charge", string? source = null) =>
        Check(await _http.PostAsJsonAsync("/_simulator/transactions", new { amount, currency = currency.ToLowerInvariant(), type, source }));

    /// <summary>Says what becomes of the refunds of an order that are on their way.</summary>
    /// <returns>How many they were.</returns>
    public async Task<int> FinishRefundsAsync(string reference, bool succeeds, bool evenIfArrived = false)
    {
        using var response = await _http.PostAsJsonAsync("/_simulator/refunds", new { reference, succeeds, evenIfArrived });
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<int>();
    }

    /// <summary>Takes what is authorised as somebody does who is signed in at the provider: the shop does not know.</summary>
    public async Task CaptureByHandAsync(string intent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/payment_intents/{intent}/capture") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Authorization = new("Bearer", ApiKey);
        Check(await _http.SendAsync(request));
    }

    /// <summary>Says yes or no on the page to which the customer was sent.</summary>
    public async Task AnswerAsync(Uri page, bool succeeds)
    {
        using var form = new FormUrlEncodedContent([new KeyValuePair<string, string>("outcome", succeeds ? "succeed" : "fail")]);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler);
        using var response = await browser.PostAsync(page, form);
        Assert.True((int)response.StatusCode is 200 or 303, $"The page answers {response.StatusCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(Deadline);
        }

        _process.Dispose();
    }

    private static void Check(HttpResponseMessage response)
    {
        using (response)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    private void Receive(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.StartsWith(Listening, StringComparison.Ordinal))
        {
            _address.TrySetResult(new Uri(line[Listening.Length..].Trim()));
        }
    }

    /// <summary>When it was down, and how many requests that has refused.</summary>
    internal sealed record Outage(DateTimeOffset Since, DateTimeOffset Until, int Refused);

    /// <summary>What was charged for one reference in one currency, in minor units.</summary>
    internal sealed record Charged(string Reference, string Currency, int Intents, long Authorised, int Captures, long Captured, long Refunded);

    /// <summary>Where the events are.</summary>
    internal sealed record WebhookCounts(long Pending, long Delivered, long GivenUp, long Lost);
}
