using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ModularMonolith.PaymentSimulator.Faults;

namespace ModularMonolith.PaymentSimulator.Api;

/// <summary>What every request passes: the key, the faults before the work, the idempotency, the work, the faults after it.</summary>
internal sealed class Gate(SimulatorSettings settings, FaultPlan faults, Idempotency idempotency, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    public async Task RunAsync(HttpContext context, string operation, Func<FormParameters, HttpRequest, JsonObject> work)
    {
        context.Response.Headers["Request-Id"] = "req_" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 14);
        if (faults.RefusesNow() || faults.Take(FaultKind.Down, operation) is not null)
        {
            context.Abort();
            return;
        }

        ApiAnswer? answer;
        try
        {
            CheckKey(context.Request);
            if (faults.Take(FaultKind.RateLimit, operation) is not null)
            {
                throw RequestFailure.Invalid(429, "rate_limit", "Too many requests: try again a little later.");
            }

            if (faults.Take(FaultKind.ErrorBefore, operation) is not null)
            {
                throw RequestFailure.Own(500, "Something went wrong here before anything was done.");
            }

            answer = await AnswerAsync(context, operation, work);
        }
        catch (RequestFailure failure)
        {
            answer = Render(failure.Status, failure.ToJson());
        }

        if (answer is null || await IsSwallowedAsync(context, operation))
        {
            context.Abort();
            return;
        }

        await WriteAsync(context.Response, answer);
    }

    private async Task<ApiAnswer?> AnswerAsync(HttpContext context, string operation, Func<FormParameters, HttpRequest, JsonObject> work)
    {
        var request = context.Request;
        var parameters = await FormParameters.ReadAsync(request);
        var key = HttpMethods.IsPost(request.Method) ? request.Headers["Idempotency-Key"].ToString() : string.Empty;
        if (key.Length > 0 && idempotency.Begin(key, request.Path + "?" + parameters.Fingerprint) is { } before)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
            return before;
        }

        ApiAnswer? answer = null;
        try
        {
            // Whoever gives up waiting does not stop the work, as it is at a provider: so the request's own token is not used here.
            if (faults.Take(FaultKind.Latency, operation) is { } latency)
            {
                await Task.Delay(latency.Duration, lifetime.ApplicationStopping);
            }

            answer = Work(parameters, request, work);
            if (faults.Take(FaultKind.ErrorKept, operation) is not null)
            {
                answer = Render(500, RequestFailure.Own(500, "Something went wrong here; the same request will get this answer again.").ToJson());
            }
        }
        finally
        {
            if (key.Length > 0)
            {
                idempotency.End(key, answer);
            }
        }

        return faults.Take(FaultKind.ErrorAfter, operation) is null
            ? answer
            : Render(500, RequestFailure.Own(500, "Something went wrong here after the work was done.").ToJson());
    }

    private static ApiAnswer Work(FormParameters parameters, HttpRequest request, Func<FormParameters, HttpRequest, JsonObject> work)
    {
        try
        {
            return Render(200, work(parameters, request));
        }
        catch (RequestFailure failure)
        {
            return Render(failure.Status, failure.ToJson());
        }
    }

    private async Task<bool> IsSwallowedAsync(HttpContext context, string operation)
    {
        if (faults.Take(FaultKind.LostResponse, operation) is not null)
        {
            return true;
        }

        if (faults.Take(FaultKind.Timeout, operation) is not { } timeout)
        {
            return false;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        await Task.Delay(timeout.Duration > TimeSpan.Zero ? timeout.Duration : LongestSilence, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private void CheckKey(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var given = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : string.Empty;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(settings.ApiKey)))
        {
            throw RequestFailure.Invalid(401, null, given.Length == 0 ? "Send your key as Authorization: Bearer." : "This key is not valid.");
        }
    }

    private static ApiAnswer Render(int status, JsonObject body) => new(status, Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static async Task WriteAsync(HttpResponse response, ApiAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body);
    }
}
