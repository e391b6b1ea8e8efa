using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Carter;

/// <summary>Writes models in the representation that a client asked for.</summary>
public interface IResponseNegotiator
{
    /// <summary>Tells whether this negotiator can write a media type.</summary>
    /// <param name="accept">One entry of the request's <c>Accept</c> header.</param>
    /// <returns>True when <see cref="Handle{T}"/> may be called for it.</returns>
    bool CanHandle(MediaTypeHeaderValue accept);

    /// <summary>Writes the model as the body of the response, with its content type.</summary>
    /// <typeparam name="T">The declared type of the model.</typeparam>
    /// <param name="req">The request being answered.</param>
    /// <param name="res">The response to write to.</param>
    /// <param name="model">What to write.</param>
    /// <param name="cancellationToken">Ends the writing early.</param>
    /// <returns>A task that completes when the body is written.</returns>
    Task Handle<T>(HttpRequest req, HttpResponse res, T model, CancellationToken cancellationToken);
}
