using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Carter.Response;

/// <summary>Writes models and streams as responses.</summary>
public static class ResponseExtensions
{
    private const int CopyBufferBytes = 64 * 1024;

    /// <summary>
    /// Writes a model in the representation the request prefers: the entries of <c>Accept</c> by falling quality (RFC 9110,
    /// section 12.5.1), each offered to the negotiators in the order they were registered; JSON when none takes any.
    /// </summary>
    /// <typeparam name="T">The declared type of the model.</typeparam>
    /// <param name="response">The response to write to.</param>
    /// <param name="model">What to write.</param>
    /// <param name="cancellationToken">Ends the writing early.</param>
    /// <returns>A task that completes when the body is written.</returns>
    public static Task Negotiate<T>(this HttpResponse response, T model, CancellationToken cancellationToken = default)
    {
        var negotiators = response.HttpContext.RequestServices.GetServices<IResponseNegotiator>().ToList();
        var understood = MediaTypeHeaderValue.TryParseList(
            response.HttpContext.Request.Headers.Accept.OfType<string>().ToList(), out var accepted);
        var negotiator = (understood ? accepted! : [])
            .Where(accept => accept.Quality is not 0)
            .OrderByDescending(accept => accept.Quality ?? 1)
            .Select(accept => negotiators.FirstOrDefault(candidate => candidate.CanHandle(accept)))
            .FirstOrDefault(candidate => candidate is not null)
            ?? negotiators.First(candidate => candidate is DefaultJsonResponseNegotiator);
        return negotiator.Handle(response.HttpContext.Request, response, model, cancellationToken);
    }

    /// <summary>Writes a model as JSON, whatever the request prefers, with the first negotiator that writes JSON.</summary>
    /// <typeparam name="T">The declared type of the model.</typeparam>
    /// <param name="response">The response to write to.</param>
    /// <param name="model">What to write.</param>
    /// <param name="cancellationToken">Ends the writing early.</param>
    /// <returns>A task that completes when the body is written.</returns>
    public static Task AsJson<T>(this HttpResponse response, T model, CancellationToken cancellationToken = default)
    {
        var json = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        return response.HttpContext.RequestServices.GetServices<IResponseNegotiator>()
            .First(negotiator => negotiator.CanHandle(json))
            .Handle(response.HttpContext.Request, response, model, cancellationToken);
    }

    /// <summary>
    /// Writes a stream, or the part of it that a GET request asks for with <c>Range</c> (RFC 9110, section 14): 206 with the
    /// first range, 416 when it lies outside. A stream that cannot seek is always written whole.
    /// </summary>
    /// <param name="response">The response to write to.</param>
    /// <param name="source">The stream to copy.</param>
    /// <param name="contentType">The media type of the stream.</param>
    /// <param name="contentDisposition">Makes clients save the stream as a file, when given.</param>
    /// <returns>A task that completes when the body is written.</returns>
    public static async Task FromStream(this HttpResponse response, Stream source, string contentType,
        ContentDisposition? contentDisposition = null)
    {
        var aborted = response.HttpContext.RequestAborted;
        response.ContentType = contentType;
        if (contentDisposition is not null)
            response.Headers.ContentDisposition = contentDisposition.ToString();
        if (!source.CanSeek)
        {
            await StreamCopyOperation.CopyToAsync(source, response.Body, null, CopyBufferBytes, aborted);
            return;
        }

        response.Headers.AcceptRanges = "bytes";
        var length = source.Length;
        if (RequestedRange(response.HttpContext.Request) is not { } range)
        {
            response.ContentLength = length - source.Position;
            await StreamCopyOperation.CopyToAsync(source, response.Body, null, CopyBufferBytes, aborted);
            return;
        }

        var first = range.From ?? Math.Max(0, length - range.To!.Value);
        var last = range.From is null ? length - 1 : Math.Min(range.To ?? long.MaxValue, length - 1);
        if (first > last)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = new ContentRangeHeaderValue(length).ToString();
            return;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        response.Headers.ContentRange = new ContentRangeHeaderValue(first, last, length).ToString();
        response.ContentLength = last - first + 1;
        source.Seek(first, SeekOrigin.Begin);
        await StreamCopyOperation.CopyToAsync(source, response.Body, last - first + 1, CopyBufferBytes, aborted);
    }

    private static RangeItemHeaderValue? RequestedRange(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var header)
        && header.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            ? header.Ranges.FirstOrDefault()
            : null;
}
