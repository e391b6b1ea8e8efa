using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Http;

/// <summary>The answer of a command that was sent with an idempotency key, stored in the transaction of its effect.</summary>
internal sealed class IdempotencyRecord
{
    public required string Id { get; init; }

    public required string Fingerprint { get; init; }

    public required JsonElement Response { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

internal sealed record Recorded<TResponse>(TResponse Response);

/// <summary>The idempotency key of the current request, if it has one.</summary>
internal sealed class IdempotencyScope
{
    private IdempotentRequest? _request;

    public bool Replayed { get; set; }

    /// <returns>The hash by which the key is known.</returns>
    public string Set(string route, string key, TimeProvider time)
    {
        _request = new IdempotentRequest(this, route, key, time);
        return _request.Id;
    }

    /// <summary>The key belongs to the outermost command; the ones it sends have no part in it.</summary>
    public IdempotentRequest? Take()
    {
        var taken = _request;
        _request = null;
        return taken;
    }
}

internal sealed class IdempotentRequest(IdempotencyScope scope, string route, string key, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(route + "\n" + key)));

    public async Task<Recorded<TResponse>?> FindAsync<TRequest, TResponse>(TRequest request, IDocumentSession session, CancellationToken cancellationToken)
    {
        var record = await session.LoadAsync<IdempotencyRecord>(Id, cancellationToken);
        if (record is null)
        {
            return null;
        }

        if (record.Fingerprint != Fingerprint(request))
        {
            throw new ProblemException(ProblemTypes.IdempotencyKeyReused, "This Idempotency-Key was sent before with other contents. Use a new key for a new request.");
        }

        scope.Replayed = true;
        return new Recorded<TResponse>(record.Response.Deserialize<TResponse>(Json)!);
    }

    public void Record<TRequest, TResponse>(TRequest request, TResponse response, IDocumentSession session) => session.Insert(new IdempotencyRecord
    {
        Id = Id,
        Fingerprint = Fingerprint(request),
        Response = JsonSerializer.SerializeToElement(response, Json),
        CreatedAt = time.GetUtcNow(),
    });

    private static string Fingerprint<TRequest>(TRequest request) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, Json)));
}

/// <summary>Idempotency keys on endpoints (IETF draft-ietf-httpapi-idempotency-key-header).</summary>
public static class IdempotencyEndpoints
{
    /// <summary>The request header that carries the key.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The response header that marks a replayed answer.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>
    /// Makes the endpoint ask for an <c>Idempotency-Key</c>. The answer of its command is stored with the effect; the same key and
    /// contents get the same answer again, the same key with other contents 422.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder RequireIdempotencyKey(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new IdempotencyKeyMetadata())
        .AddEndpointFilter(static async (context, next) =>
        {
            var http = context.HttpContext;
            var key = http.Request.Headers[Header].ToString();
            if (key.Length is 0 or > 200)
            {
                throw new ProblemException(ProblemTypes.IdempotencyKeyRequired, key.Length == 0
                    ? "Send an Idempotency-Key header, a new UUID for example, so that a repeated request has its effect once."
                    : "The Idempotency-Key header is longer than 200 characters.");
            }

            var scope = http.RequestServices.GetRequiredService<IdempotencyScope>();
            // A key is its sender's own: nobody gets somebody else's answer by guessing a key.
            http.RequestServices.GetRequiredService<AuditScope>().IdempotencyKey = scope.Set(
                $"{http.RequestServices.GetRequiredService<ICaller>().Subject}\n{http.Request.Method} {http.Request.Path}", key, http.RequestServices.GetRequiredService<TimeProvider>());
            var result = await next(context);
            if (scope.Replayed)
            {
                http.Response.Headers[ReplayedHeader] = "true";
            }

            return result;
        });
}

internal sealed class IdempotencyKeyMetadata;
