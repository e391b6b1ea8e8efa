using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ModularMonolith.Conformance.Descriptions;

namespace ModularMonolith.Conformance.Checking;

/// <summary>What the checks of one run share: the client, the description, and the count of what was sent.</summary>
internal sealed class Probe : IDisposable
{
    private const int MostRepetitions = 3;
    private const int LargestAnswer = 16 << 20;

    /// <summary>Longer than this no check waits.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private readonly ConformanceSettings _settings;
    private readonly HttpClient _http;
    private readonly CancellationToken _stop;
    private int _sent;

    private Probe(ConformanceSettings settings, CancellationToken stop)
    {
        _settings = settings;
        _stop = stop;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = settings.Address, Timeout = settings.RequestDeadline, MaxResponseContentBufferSize = LargestAnswer };
    }

    /// <summary>Marks what a run makes.</summary>
    public string Mark { get; } = "CONFORMANCE-" + Guid.NewGuid().ToString("N")[..12].ToUpperInvariant();

    public ConformanceSettings Settings => _settings;

    public ApiDescription Description { get; private set; } = null!;

    public Samples Samples { get; private set; } = null!;

    /// <summary>What of the exchanges of the run was not as described.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>How many requests were sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Reads the description of the API.</summary>
    /// <exception cref="ConformanceException">There is none at the address.</exception>
    public static async Task<Probe> StartAsync(ConformanceSettings settings, CancellationToken stop)
    {
        var probe = new Probe(settings, stop);
        try
        {
            using var response = await probe._http.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative), stop);
            if (!response.IsSuccessStatusCode)
            {
                throw new ConformanceException($"{settings.Address} answers {(int)response.StatusCode} where the API's description should be, at /openapi/v1.json. Give the address of the API itself.");
            }

            probe.Description = ApiDescription.Read(await response.Content.ReadAsStringAsync(stop));
            probe.Samples = new Samples(probe);
            return probe;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or FormatException && !stop.IsCancellationRequested)
        {
            probe.Dispose();
            throw new ConformanceException($"{settings.Address} gives no description of an API at /openapi/v1.json: {exception.Message}", exception);
        }
        catch
        {
            probe.Dispose();
            throw;
        }
    }

    /// <summary>An operation by its id.</summary>
    /// <exception cref="NotShownException">The description has none of this name.</exception>
    public DescribedOperation Operation(string id) => Description.Operations.FirstOrDefault(operation => operation.Id == id) ?? throw new NotShownException($"The description has no operation {id}.");

    /// <summary>Stops a check that needs credentials where there are none.</summary>
    public void NeedCredentials()
    {
        if (_settings.Authorization is null)
        {
            throw new NotShownException("It needs credentials: give --token, --api-key or --sign-in.");
        }
    }

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Reply> PostAsync(string path, string? json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, Json(json), headers);

    public Task<Reply> PutAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, Json(json), headers);

    /// <summary>Sends a request, and again when it is told to wait, as a client should (RFC 6585, section 4).</summary>
    /// <exception cref="NotKeptException">There is no answer in time.</exception>
    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        for (var repetition = 0; ; repetition++)
        {
            var reply = await SendOnceAsync(method, path, content, headers);
            if (reply.Status != 429 || repetition == MostRepetitions
                || !int.TryParse(reply.Header("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || TimeSpan.FromSeconds(seconds) > LongestWait)
            {
                return reply;
            }

            await WaitAsync(TimeSpan.FromSeconds(seconds));
        }
    }

    /// <summary>Sends a request with the run's credentials, unless it has an <c>Authorization</c> header of its own; an empty one sends none.</summary>
    /// <exception cref="NotKeptException">There is no answer in time.</exception>
    public async Task<Reply> SendOnceAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        if (Interlocked.Increment(ref _sent) > _settings.MaximumRequests)
        {
            throw new NotShownException($"The run has sent its {_settings.MaximumRequests} requests.");
        }

        // Not disposed of: a request that is repeated has the same content.
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute)) { Content = content };
        foreach (var (name, value) in headers.Where(static header => header.Value.Length > 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        // A link may lead elsewhere, where the credentials have no business.
        var target = new Uri(_settings.Address, request.RequestUri!);
        if (_settings.Authorization is { } authorization && target.GetLeftPart(UriPartial.Authority) == _settings.Address.GetLeftPart(UriPartial.Authority) && !headers.Any(static header => header.Name == "Authorization"))
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        try
        {
            using var response = await _http.SendAsync(request, _stop);
            var bytes = await response.Content.ReadAsByteArrayAsync(_stop);
            var all = Headers(response.Headers.Concat(response.Content.Headers));
            var isPlain = response.Content.Headers.ContentEncoding.Count == 0;
            var reply = new Reply($"{method} {path}", (int)response.StatusCode, all, isPlain ? Encoding.UTF8.GetString(bytes) : string.Create(CultureInfo.InvariantCulture, $"({bytes.Length} bytes)"));
            await CompareAsync(method, request, reply, isPlain);
            return reply;
        }
        catch (HttpRequestException exception)
        {
            throw new NotKeptException($"{method} {path} got no answer: {exception.Message}");
        }
        catch (TaskCanceledException) when (!_stop.IsCancellationRequested)
        {
            throw new NotKeptException($"{method} {path} got no answer within {_settings.RequestDeadline.TotalSeconds:F0} s.");
        }
    }

    /// <summary>Waits as an answer has asked for.</summary>
    public Task WaitAsync(TimeSpan time) => Task.Delay(time, _stop);

    public static StringContent? Json(string? json) => json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");

    public static StringContent Content(string text, string mediaType) => new(text, Encoding.UTF8, mediaType);

    public void Dispose() => _http.Dispose();

    private async Task CompareAsync(HttpMethod method, HttpRequestMessage request, Reply reply, bool isPlain)
    {
        var address = new Uri(_settings.Address, request.RequestUri!);
        if (Description.Find(method.Method, address.AbsolutePath) is not { } operation)
        {
            return;
        }

        var exchange = new Exchange
        {
            Query = address.Query,
            RequestHeaders = Headers(request.Headers),
            RequestType = request.Content?.Headers.ContentType?.ToString(),
            RequestBody = request.Content is { } sent && reply.Status is >= 200 and < 300 ? await sent.ReadAsStringAsync(_stop) : null,
            Status = reply.Status,
            AnswerHeaders = reply.Headers,
            AnswerType = reply.Headers.GetValueOrDefault("Content-Type"),
            AnswerBody = isPlain ? reply.Body : null,
        };
        foreach (var violation in Description.Violations(operation, exchange))
        {
            Violations.Enqueue($"{operation} answered {reply.Status}: {violation}");
        }
    }

    private static Dictionary<string, string> Headers(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers) =>
        headers.ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
}

/// <summary>A run cannot begin; the message says why.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="cause">What went wrong.</param>
public sealed class ConformanceException(string message, Exception? cause = null) : Exception(message, cause);
