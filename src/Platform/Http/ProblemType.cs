namespace ModularMonolith.Platform.Http;

/// <summary>A kind of failure that clients can tell apart by its <c>type</c> (RFC 9457).</summary>
/// <param name="Name">Lower case with hyphens; the type is <c>/problems/{name}</c>, which answers with the explanation.</param>
/// <param name="Status">The HTTP status, 400 to 599.</param>
/// <param name="Title">A short sentence that is the same every time.</param>
/// <param name="Explanation">What it means and what a client does about it.</param>
public sealed record ProblemType(string Name, int Status, string Title, string Explanation)
{
    /// <summary>The problem's type as a reference relative to the API's address.</summary>
    public string Uri => "/problems/" + Name;
}

/// <summary>The failures that any module can meet. Modules declare their own as public static fields of a class that is found by scan.</summary>
public static class ProblemTypes
{
    /// <summary>Fields are missing or out of range.</summary>
    public static readonly ProblemType Validation = new("validation", 400, "The request has invalid fields.",
        "Each entry of errors names the field as a JSON Pointer (RFC 6901) and says what is wrong with it. Correct all of them and send the request again.");

    /// <summary>The request could not be read.</summary>
    public static readonly ProblemType MalformedRequest = new("malformed-request", 400, "The request could not be read.",
        "The body is not valid JSON, has a field or a type that the operation does not know, or a parameter has the wrong form. The detail names the place.");

    /// <summary>The thing does not exist.</summary>
    public static readonly ProblemType NotFound = new("not-found", 404, "There is no such resource.",
        "The id is unknown or belongs to something that was removed or is not yours to see.");

    /// <summary>A concurrent change won.</summary>
    public static readonly ProblemType ConcurrentChange = new("concurrent-change", 409, "The data was changed at the same moment.",
        "Another request changed the same data first, and nothing of this one was saved. Read the resource again and repeat the request if it still makes sense.");

    /// <summary>The state does not allow the operation.</summary>
    public static readonly ProblemType IllegalState = new("illegal-state", 409, "The resource's state does not allow this.",
        "The operation exists, but not in the state in which the resource is. The detail names the state and what is possible in it.");

    /// <summary>If-Match does not match.</summary>
    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "The resource has changed since you read it.",
        "The If-Match header names an older version. Read the resource again, apply your change to it, and send it with the new ETag.");

    /// <summary>If-Match is missing.</summary>
    public static readonly ProblemType PreconditionRequired = new("precondition-required", 428, "This change needs an If-Match header.",
        "Read the resource and send its ETag in If-Match, so that nobody's change is overwritten unseen.");

    /// <summary>The idempotency key was used for something else.</summary>
    public static readonly ProblemType IdempotencyKeyReused = new("idempotency-key-reused", 422, "The Idempotency-Key was used for another request.",
        "A key stands for one request. Use a new key for a new request, and the same key only to repeat the same one.");

    /// <summary>The idempotency key is missing.</summary>
    public static readonly ProblemType IdempotencyKeyRequired = new("idempotency-key-required", 400, "This operation needs an Idempotency-Key header.",
        "Send a new unguessable value, a UUID for example, with each new order, and the same value when you repeat a request whose answer you did not get.");

    /// <summary>Nobody is known.</summary>
    public static readonly ProblemType Unauthenticated = new("unauthenticated", 401, "This needs to know who you are.",
        "Sign in and send the access token as 'Authorization: Bearer …'.");

    /// <summary>The credentials do not hold.</summary>
    public static readonly ProblemType InvalidCredentials = new("invalid-credentials", 401, "The credentials are not valid.",
        "They are malformed, have expired, were revoked or are meant for another API. Get a new access token, with the refresh token if you have one.");

    /// <summary>Not allowed.</summary>
    public static readonly ProblemType Forbidden = new("forbidden", 403, "You may not do this.",
        "The operation needs a permission that the caller does not have.");

    /// <summary>The method is not one of the resource's.</summary>
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "The resource does not have this method.",
        "The Allow header lists the methods of the resource.");

    /// <summary>Nothing that the operation answers is accepted.</summary>
    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "The operation answers nothing that you accept.",
        "The Accept header excludes the media types in which the operation answers; the detail names them. Accept one of them, or send no Accept header.");

    /// <summary>The caller sends more than the limit allows.</summary>
    public static readonly ProblemType TooManyRequests = new("too-many-requests", 429, "You have sent too many requests.",
        "Nothing was done. Wait for the seconds in the Retry-After header and repeat the request. The RateLimit header of every answer says how many requests are left.");

    /// <summary>The request was sent in the clear.</summary>
    public static readonly ProblemType HttpsRequired = new("https-required", 403, "This API is reached over https only.",
        "The request came over plain http, where others can read and change it, and nothing was done. Use the https address. It is not redirected, so that the mistake is found.");

    /// <summary>The body is too large.</summary>
    public static readonly ProblemType ContentTooLarge = new("content-too-large", 413, "The body is too large.",
        "The body is larger than the operation accepts. Send less at once.");

    /// <summary>The body's media type is not read.</summary>
    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The body has a media type that the operation does not read.",
        "Set Content-Type to one that the operation lists, application/json for most.");

    /// <summary>The database is unavailable.</summary>
    public static readonly ProblemType Unavailable = new("unavailable", 503, "The service is unavailable for the moment.",
        "Nothing was changed, or the change is complete: repeat the request after the time in Retry-After, with the same Idempotency-Key where there was one.");

    /// <summary>Something failed in the service.</summary>
    public static readonly ProblemType Internal = new("internal", 500, "The service failed.",
        "The cause is recorded under the trace id of the answer. Nothing was changed. Repeat the request later, and report the trace id when it fails again.");
}

/// <summary>Refuses a request with a problem that the client can act on.</summary>
public sealed class ProblemException : Exception
{
    /// <summary>Creates a refusal.</summary>
    /// <param name="type">The kind of problem.</param>
    /// <param name="detail">What happened in this case, and what to do. It is shown to the client.</param>
    /// <param name="inner">The cause, for the log only.</param>
    public ProblemException(ProblemType type, string detail, Exception? inner = null)
        : base(detail, inner) => Type = type;

    /// <summary>The kind of problem.</summary>
    public ProblemType Type { get; }

    /// <summary>More members of the problem document, by name.</summary>
    public IDictionary<string, object?> Extensions { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Adds a member to the problem document.</summary>
    /// <param name="name">Its name, camel case.</param>
    /// <param name="value">Its value, serialised to JSON.</param>
    /// <returns>The same exception.</returns>
    /// <exception cref="ArgumentException">The document has a member of this name already: RFC 9457, section 3.1, and <c>traceId</c>.</exception>
    public ProblemException With(string name, object? value)
    {
        if (name is "type" or "title" or "status" or "detail" or "instance" or "traceId")
        {
            throw new ArgumentException($"A problem document has a member '{name}' already. Choose another name.", nameof(name));
        }

        Extensions[name] = value;
        return this;
    }

    /// <summary>The thing that was asked for does not exist.</summary>
    /// <param name="what">For example <c>product</c>.</param>
    /// <param name="id">What it was asked for by.</param>
    /// <returns>The refusal, to be thrown.</returns>
    public static ProblemException NotFound(string what, object id) => new(ProblemTypes.NotFound, $"There is no {what} {id}.");
}
