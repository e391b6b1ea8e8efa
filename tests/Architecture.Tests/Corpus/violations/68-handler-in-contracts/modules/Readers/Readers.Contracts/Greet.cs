using MediatR;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A greeting.</summary>
public sealed record Greet : IQuery<string>; // finds: requests-have-one-handler "0 handlers"

/// <summary>Greets.</summary>
public sealed class GreetHandler : IRequestHandler<Greet, string> // finds: contracts-hold-no-behaviour "is more than a message: implements MediatR.IRequestHandler"; package-policy "MediatR"; use-cases-stand-in-slices "is a handler and stands outside of a slice"
{
    /// <inheritdoc/>
    public Task<string> Handle(Greet request, CancellationToken cancellationToken) => Task.FromResult("Hello."); // finds: contracts-hold-no-behaviour "asynchronously"
}
