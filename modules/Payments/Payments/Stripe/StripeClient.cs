using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModularMonolith.Payments.Providers;

namespace ModularMonolith.Payments.Stripe;

/// <summary>What a call has come to: the answer, or why there is none.</summary>
/// <param name="Answer">The answer of a call that succeeded.</param>
/// <param name="Failure">What else it means for the operation.</param>
/// <param name="Error">What Stripe has said of it.</param>
/// <param name="IsReplayedFault">The same fault is answered for ever under this idempotency key, so asking with it tells nothing.</param>
internal sealed record StripeAnswer<T>(T? Answer, ProviderOutcome? Failure, StripeError? Error = null, bool IsReplayedFault = false)
    where T : class;

/// <summary>
/// Stripe's API over HTTP: form-encoded requests, JSON answers, one idempotency key for each change. Faults are told apart by whether the request can have had its effect: see
/// <see cref="WasNotDone"/> and <see cref="IsUnknown"/>.
/// </summary>
internal sealed partial class StripeClient(HttpClient http, StripeSettings settings, ILogger<StripeClient> logger)
{
    private const int LongestAnswer = 4 * 1024 * 1024;

    public Task<StripeAnswer<T>> PostAsync<T>(string path, string idempotencyKey, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken)
        where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.Address, path)) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        return SendAsync<T>(request, cancellationToken);
    }

    public Task<StripeAnswer<T>> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, new Uri(settings.Address, path)), cancellationToken);

    private async Task<StripeAnswer<T>> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
        where T : class
    {
        using (request)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.SecretKey);
            request.Headers.Add("Stripe-Version", settings.Version);
            try
            {
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
                await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                return response.IsSuccessStatusCode
                    ? new StripeAnswer<T>(await JsonSerializer.DeserializeAsync<T>(body, cancellationToken: cancellationToken), null)
                    : await FailureAsync<T>(response, body, cancellationToken);
            }
            catch (HttpRequestException exception)
            {
                return new StripeAnswer<T>(null, NotConnected(exception)
                    ? new WasNotDone($"The provider cannot be reached: {exception.HttpRequestError}.")
                    : new IsUnknown($"The connection broke: {exception.HttpRequestError}."));
            }
            catch (Exception exception) when (exception is JsonException or IOException)
            {
                return new StripeAnswer<T>(null, new IsUnknown("The answer cannot be read: " + exception.GetType().Name));
            }
        }
    }

    // Nothing was sent before there was a connection.
    private static bool NotConnected(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private async Task<StripeAnswer<T>> FailureAsync<T>(HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
        where T : class
    {
        var status = (int)response.StatusCode;
        var error = await ReadErrorAsync(body, cancellationToken);
        var isReplayed = response.Headers.TryGetValues("Idempotent-Replayed", out var values) && values.Contains("true");
        ProviderOutcome outcome = status switch
        {
            (int)HttpStatusCode.PaymentRequired => Declines.Of(error?.Code, error?.DeclineCode, error?.PaymentIntent?.Id),
            (int)HttpStatusCode.TooManyRequests => new WasNotDone("The provider is asked too often."),
            // Waiting for the configuration to be put right is better than to decline everybody.
            (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => new WasNotDone($"The provider does not accept the secret key ({status})."),
            // Another request with the same key, or about the same object, is under way.
            (int)HttpStatusCode.Conflict => new IsUnknown("The provider is still busy with the same request."),
            (int)HttpStatusCode.FailedDependency or >= 500 => new IsUnknown($"The provider has answered {status}."),
            _ => new WasRefused("provider-refused", "The provider does not accept this payment.", error?.PaymentIntent?.Id),
        };
        if (outcome is not WasRefused || status != (int)HttpStatusCode.PaymentRequired)
        {
            LogFailure(status, error?.Type, error?.Code);
        }

        return new StripeAnswer<T>(null, outcome, error, isReplayed && outcome is IsUnknown);
    }

    private static async Task<StripeError?> ReadErrorAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return (await JsonSerializer.DeserializeAsync<StripeFailure>(body, cancellationToken: cancellationToken))?.Error;
        }
        catch (JsonException)
        {
            // What stands in front of the API answers in other formats; the status says enough.
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The payment provider has answered {Status} ({Type}, {Code}).")]
    private partial void LogFailure(int status, string? type, string? code);
}
