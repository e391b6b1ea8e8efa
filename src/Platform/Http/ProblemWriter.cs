using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentValidation;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Pipeline;

namespace ModularMonolith.Platform.Http;

/// <summary>Turns every exception into a problem document (RFC 9457) that says what to do and nothing about the inside.</summary>
internal sealed partial class ProblemWriter(ILogger<ProblemWriter> logger) : IExceptionHandler
{
    /// <summary>The member of a problem that says after how many seconds to try again; it is sent as a header too (RFC 9110, section 10.2.3).</summary>
    public const string RetryAfter = "retryAfter";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await WriteAsync(httpContext, Describe(exception));
        return true;
    }

    /// <summary>Gives a bare status (no route, wrong method, wrong media type) a problem document.</summary>
    public static Task WriteStatusAsync(HttpContext http)
    {
        if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            http.Response.Headers.Allow = Methods.Allowed(http.Response.Headers.Allow);
        }

        var (type, detail) = http.Response.StatusCode switch
        {
            404 => (ProblemTypes.NotFound, "No operation has this address. The operations are listed at /openapi/v1.json and shown at /docs."),
            405 => (ProblemTypes.MethodNotAllowed, "The Allow header lists the methods that this address has."),
            406 => (ProblemTypes.NotAcceptable, "Accept application/json, or send no Accept header."),
            415 => (ProblemTypes.UnsupportedMediaType, "Set Content-Type to one that the operation lists, application/json for most."),
            413 => (ProblemTypes.ContentTooLarge, "Send less at once."),
            var status => (ProblemPages.OfStatus(status), "See the status code."),
        };
        return WriteAsync(http, From(type, detail));
    }

    private static Task WriteAsync(HttpContext http, ProblemDetails problem)
    {
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        http.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            // RFC 6750, section 3: an error only where credentials were sent.
            http.Response.Headers.WWWAuthenticate = problem.Type == ProblemTypes.InvalidCredentials.Uri ? "Bearer error=\"invalid_token\"" : "Bearer";
        }

        if (problem.Extensions.TryGetValue(RetryAfter, out var seconds))
        {
            http.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        }
        else if (problem.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            http.Response.Headers.RetryAfter = "2";
        }

        return http.Response.WriteAsJsonAsync(problem, ApiJson.Options, "application/problem+json", http.RequestAborted);
    }

    private ProblemDetails Describe(Exception exception)
    {
        switch (exception)
        {
            case ProblemException refused:
                var problem = From(refused.Type, refused.Message);
                foreach (var (name, value) in refused.Extensions)
                {
                    problem.Extensions[name] = value;
                }

                return problem;
            case ValidationException invalid:
                var errors = invalid.Errors.Select(error => new FieldError(FieldError.PointerTo(error.PropertyName), error.ErrorMessage)).ToList();
                var validation = From(ProblemTypes.Validation, errors.Count == 1 ? errors[0].Detail : $"{errors.Count} fields are invalid.");
                validation.Extensions["errors"] = errors;
                return validation;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return From(ProblemTypes.ContentTooLarge, "The body is larger than this operation accepts. Send less at once.");
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                return From(ProblemTypes.UnsupportedMediaType, "Set Content-Type to one that the operation lists, application/json for most.");
            case BadHttpRequestException bad:
                return Malformed(bad);
            case JsonException json:
                return From(ProblemTypes.MalformedRequest, Explain(json));
        }

        if (Conflict.Find(exception))
        {
            return From(ProblemTypes.ConcurrentChange, "Somebody else changed the same data at the same moment. Read it again and repeat the request.");
        }

        if (TransientFault.Find(exception))
        {
            LogUnavailable(exception);
            return From(ProblemTypes.Unavailable, "The database did not answer in time. Repeat the request in a moment.");
        }

        LogFailure(exception);
        return From(ProblemTypes.Internal, "The request failed in a way that was not foreseen. It is recorded under the trace id.");
    }

    private static ProblemDetails Malformed(BadHttpRequestException bad) => bad.InnerException is JsonException json
        ? From(ProblemTypes.MalformedRequest, Explain(json))
        : From(ProblemTypes.MalformedRequest, TypeNames().Replace(bad.Message, "parameter '$1'"));

    // The serialiser's message names CLR types; the place is what a client can use.
    private static string Explain(JsonException json)
    {
        var unknown = UnknownMember().Match(json.Message);
        if (unknown.Success)
        {
            return $"The body has a field '{unknown.Groups[1].Value}' that the operation does not know. Remove it or correct its name.";
        }

        var missing = MissingMembers().Match(json.Message);
        if (missing.Success)
        {
            return $"The body lacks the field(s) {missing.Groups[1].Value.Trim().TrimEnd('.')}.";
        }

        var place = json.Path is { Length: > 1 } path ? $" at {FieldError.PointerTo(path[1..])}" : string.Empty;
        if (json is UnreadableValueException)
        {
            return $"{json.Message}{place}.";
        }

        return json.LineNumber is { } line
            ? $"The body is not the JSON that the operation expects{place} (line {line + 1}, byte {json.BytePositionInLine + 1})."
            : $"The body is not the JSON that the operation expects{place}.";
    }

    private static ProblemDetails From(ProblemType type, string detail) => new() { Type = type.Uri, Status = type.Status, Title = type.Title, Detail = detail };

    [GeneratedRegex("The JSON property '([^']*)' could not be mapped")]
    private static partial Regex UnknownMember();

    [GeneratedRegex("missing required properties including:? (.*)$")]
    private static partial Regex MissingMembers();

    // "Failed to bind parameter "Nullable<int> limit" from "abc"." names a CLR type before the parameter.
    [GeneratedRegex("parameter \"[^\"]*?(\\w+)\"")]
    private static partial Regex TypeNames();

    [LoggerMessage(LogLevel.Error, "A request failed in a way that was not foreseen.")]
    private partial void LogFailure(Exception exception);

    [LoggerMessage(LogLevel.Warning, "A request could not be answered because the database was unavailable.")]
    private partial void LogUnavailable(Exception exception);
}
