using MediatR;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>A greeting.</summary>
public sealed record Greet : IQuery<string>;

/// <summary>Greets.</summary>
public sealed class GreetHandler : IRequestHandler<Greet, string> // finds: contracts-hold-no-behaviour ""
{
    /// <inheritdoc/>
    public Task<string> Handle(Greet request, CancellationToken cancellationToken) => Task.FromResult("Hello.");
}
